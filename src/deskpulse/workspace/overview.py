"""What a page about a scorecard shows: cards, what changed, and when customers turn up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.answers.profile import NONE
from deskpulse.answers.question import Question
from deskpulse.errors import AccessError, DeskpulseError, QuestionError, UnknownNameError
from deskpulse.insights.findings import notable
from deskpulse.insights.scorecard import VOLUME, scorecard, watched
from deskpulse.present.card import Card, card, empty_card
from deskpulse.present.words import sentence
from deskpulse.settings import Scorecard
from deskpulse.workspace.reporting import comparison, trend_grain

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

CHARTS = 4
ARRIVALS = ("weekday", "hour")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A change beyond noise in a sentence, with the KPI and the filters that lead to it."""

    words: str
    kpi: str
    where: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A scorecard of a period. ``trends`` belong to the first cards; ``arrivals`` are by weekday and hour."""

    scorecard: Scorecard
    cards: tuple[Card, ...]
    trends: tuple[Answer, ...]
    arrivals: Answer | None
    findings: tuple[Finding, ...]
    is_empty: bool


def overview(
    place: Workspace, period: str, *, zone: str, where: Mapping[str, str], name: str | None, charts: int = CHARTS
) -> Overview:
    """The scorecard called ``name`` (null: the default); a KPI that cannot be asked has a card that says why.

    Raises UnknownNameError, and what ``ask`` raises where no KPI of it can be asked.
    """
    found = scorecard(name, place.settings.scorecards)
    whole = place.question(VOLUME, period=period, zone=zone, where=where)
    compare, grain = comparison(found, whole.start), trend_grain(whole.start, whole.end)
    asked = [place.question(kpi, period=period, zone=zone, where=where) for kpi in found.kpis]
    values = [replace(one, compare=compare) for one in asked]
    trends = [replace(one, grain=grain) for one in asked]
    pairs = watched(found) if compare and charts else ()
    splits = [place.question(kpi, period=period, zone=zone, where=where, compare=compare, by=by) for kpi, by in pairs]
    answers = ask_each(place, [*values, *trends, *splits, replace(whole, by=ARRIVALS)])
    return Overview(
        scorecard=found,
        cards=tuple(_cards(found.kpis, answers[: len(values)], answers[len(values) :])),
        trends=tuple(_drawable(answers[len(values) : 2 * len(values)]))[:charts],
        arrivals=_drawn(answers[-1]),
        findings=tuple(_findings((*answers[: len(values)], *answers[2 * len(values) : -1]))),
        is_empty=_is_empty(answers[: len(values)]),
    )


def ask_each(place: Workspace, questions: Sequence[Question]) -> list[Answer | DeskpulseError]:
    """The answers together; where one cannot be asked, each alone, with the error in place of its answer."""
    try:
        return list(place.ask_many(questions))
    except (QuestionError, AccessError, UnknownNameError):
        return [_asked(place, question) for question in questions]


def _asked(place: Workspace, question: Question) -> Answer | DeskpulseError:
    try:
        return place.ask(question)
    except (QuestionError, AccessError, UnknownNameError) as error:
        return error


def _is_empty(found: Sequence[Answer | DeskpulseError]) -> bool:
    """Whether nothing counted at all; raises the first error where nothing could be asked."""
    errors = [one for one in found if isinstance(one, DeskpulseError)]
    if errors and len(errors) == len(found):
        raise errors[0]
    return not any(row.n for one in found if isinstance(one, Answer) for row in one.rows)


def _cards(
    kpis: Sequence[str], values: Sequence[Answer | DeskpulseError], trends: Sequence[Answer | DeskpulseError]
) -> Iterator[Card]:
    for kpi, value, trend in zip(kpis, values, trends, strict=False):
        if isinstance(value, DeskpulseError):
            yield empty_card(kpi, str(value))
        elif value.rows:
            yield card(value, trend if isinstance(trend, Answer) else None)
        else:
            yield empty_card(kpi, "no data")


def _drawable(found: Sequence[Answer | DeskpulseError]) -> Iterator[Answer]:
    for one in found:
        if drawn := _drawn(one):
            yield drawn


def _drawn(found: Answer | DeskpulseError) -> Answer | None:
    if isinstance(found, DeskpulseError) or not any(row.value is not None for row in found.rows):
        return None
    return found


def _findings(found: Sequence[Answer | DeskpulseError]) -> Iterator[Finding]:
    for answer, row in notable(one for one in found if isinstance(one, Answer)):
        groups = {name: NONE if value is None else value for name, value in row.dimensions.items()}
        yield Finding(words=sentence(row, answer), kpi=f"{answer.kpi}:{answer.variant}", where=groups)
