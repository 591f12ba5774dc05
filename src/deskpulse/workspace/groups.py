"""A scorecard group by group: every KPI of it by one dimension, and one group beside all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deskpulse import catalog
from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.question import Question
from deskpulse.insights.scorecard import VOLUME, scorecard
from deskpulse.metrics.measure import shared_dimensions
from deskpulse.workspace.overview import ask_each
from deskpulse.workspace.reporting import comparison, trend_grain

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Period:
    """Which questions: a period in a zone, with filters by dimension."""

    words: str
    zone: str
    where: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Groups:
    """KPIs by a dimension: an answer each, and how many tickets over time, by the dimension as well."""

    dimension: str
    answers: tuple[Answer, ...]
    volumes: Answer | None


def groups(place: Workspace, dimension: str, period: Period, name: str | None = None) -> Groups:
    """Every KPI of the scorecard that can be told apart by ``dimension``, compared with the period before."""
    card = scorecard(name, place.settings.scorecards)
    whole = _asked(place, VOLUME, period)
    compare, grain = comparison(card, whole.start), trend_grain(whole.start, whole.end)
    asked = [_asked(place, kpi, period, dimension) for kpi in card.kpis if has_dimension(kpi, dimension)]
    found = ask_each(
        place, [*(replace(one, compare=compare) for one in asked), replace(whole, by=(dimension,), grain=grain)]
    )
    answers = [one if isinstance(one, Answer) else None for one in found]
    return Groups(
        dimension=dimension, answers=tuple(one for one in answers[:-1] if one is not None), volumes=answers[-1]
    )


def _asked(place: Workspace, kpi: str, period: Period, by: str | None = None) -> Question:
    return place.question(kpi, period=period.words, zone=period.zone, where=period.where, by=by)


def has_dimension(kpi: str, dimension: str) -> bool:
    """The KPI can be told apart by it."""
    return dimension in shared_dimensions(catalog.formula(kpi))


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One group's value of a KPI beside the value of all that may be seen; null where it has none."""

    answer: Answer
    own: Row | None
    all: Row | None


def beside(place: Workspace, dimension: str, value: str, period: Period, name: str | None = None) -> tuple[Beside, ...]:
    """Each KPI of the scorecard for one group, beside the same of everybody."""
    card = scorecard(name, place.settings.scorecards)
    kpis = [kpi for kpi in card.kpis if has_dimension(kpi, dimension)]
    compare = comparison(card, _asked(place, VOLUME, period).start)
    split = ask_each(place, [replace(_asked(place, kpi, period, dimension), compare=compare) for kpi in kpis])
    whole = ask_each(place, [_asked(place, kpi, period) for kpi in kpis])
    return tuple(
        Beside(answer=one, own=_row(one, dimension, value), all=_first(every))
        for one, every in zip(split, whole, strict=True)
        if isinstance(one, Answer)
    )


def _row(answer: Answer, dimension: str, value: str) -> Row | None:
    return next((row for row in answer.rows if row.dimensions.get(dimension) == value), None)


def _first(found: object) -> Row | None:
    return found.rows[0] if isinstance(found, Answer) and found.rows else None
