"""A scorecard group by group: every KPI of it by one dimension, and one group beside all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deskpulse import catalog
from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.question import Question
from deskpulse.metrics.measure import shared_dimensions
from deskpulse.workspace.asked import CardQuestions, ask_each, questions_of

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
    asked = _questions(place, period, name)
    by = [replace(one, by=(dimension,)) for one in _that_have(dimension, asked)]
    found, (volumes,) = ask_each(place, by, (replace(asked.whole, by=(dimension,), grain=asked.grain),))
    return Groups(
        dimension=dimension,
        answers=tuple(one for one in found if isinstance(one, Answer)),
        volumes=volumes if isinstance(volumes, Answer) else None,
    )


def _questions(place: Workspace, period: Period, name: str | None) -> CardQuestions:
    return questions_of(place, name, period=period.words, zone=period.zone, where=period.where)


def _that_have(dimension: str, asked: CardQuestions) -> list[Question]:
    """The scorecard's values that can be told apart by a dimension."""
    return [one for kpi, one in zip(asked.card.kpis, asked.values, strict=True) if has_dimension(kpi, dimension)]


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
    asked = _that_have(dimension, _questions(place, period, name))
    by, alone = ([replace(one, by=(dimension,)) for one in asked], [replace(one, compare=None) for one in asked])
    split, whole = ask_each(place, by, alone)
    return tuple(
        Beside(answer=one, own=_row(one, dimension, value), all=_first(every))
        for one, every in zip(split, whole, strict=True)
        if isinstance(one, Answer)
    )


def _row(answer: Answer, dimension: str, value: str) -> Row | None:
    return next((row for row in answer.rows if row.dimensions.get(dimension) == value), None)


def _first(found: object) -> Row | None:
    return found.rows[0] if isinstance(found, Answer) and found.rows else None
