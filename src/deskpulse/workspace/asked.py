"""A scorecard's questions about a period, and their answers: what every page, report and export of one begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Unpack, cast

from deskpulse import catalog
from deskpulse.answers.answer import Answer
from deskpulse.answers.question import Comparison, Grain, Question
from deskpulse.errors import AccessError, DeskpulseError, QuestionError, UnknownNameError
from deskpulse.insights.scorecard import VOLUME, scorecard, watched
from deskpulse.language import declared, gettext
from deskpulse.settings import Scorecard
from deskpulse.workspace.asking import Options

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

Asked = Answer | DeskpulseError
"""An answer, or why there is none."""
REFUSALS = (QuestionError, AccessError, UnknownNameError)


@dataclass(frozen=True, kw_only=True)
class CardQuestions:
    """Of each KPI its value beside the period it is held against, its trend, and the groups findings are looked for in.

    ``whole`` asks how many tickets the period has.
    """

    card: Scorecard
    whole: Question
    compare: Comparison | None
    grain: Grain
    values: tuple[Question, ...]
    trends: tuple[Question, ...]
    splits: tuple[Question, ...]


def questions_of(place: Workspace, name: str | None, **options: Unpack[Options]) -> CardQuestions:
    """The questions of the scorecard called ``name`` (null: the default); a grain among the options is that of trends.

    Raises UnknownNameError.
    """
    card = scorecard(name, place.settings.scorecards)
    given = options.pop("grain", None)
    whole = place.question(VOLUME, **options)
    compare, grain = _comparison(card, whole.start), given or trend_grain(whole.start, whole.end)
    asked = [place.question(kpi, **options) for kpi in card.kpis]
    pairs = watched(card) if compare else ()
    return CardQuestions(
        card=card,
        whole=whole,
        compare=compare,
        grain=grain,
        values=tuple(replace(one, compare=compare) for one in asked),
        trends=tuple(replace(one, grain=grain) for one in asked),
        splits=tuple(replace(place.question(kpi, **options), by=(by,), compare=compare) for kpi, by in pairs),
    )


def _comparison(card: Scorecard, start: datetime | None) -> Comparison | None:
    """What a scorecard is held against: nothing where nothing comes before."""
    return cast(Comparison, card.compare) if start and card.compare else None  # nothing comes before all of history


def trend_grain(start: datetime | None, end: datetime | None) -> Grain:
    """Days for a month or so, weeks for half a year, else months."""
    length = end - start if start and end else timedelta.max
    return "day" if length <= timedelta(days=35) else "week" if length <= timedelta(days=190) else "month"


def ask_each(place: Workspace, *asked: Sequence[Question]) -> list[tuple[Asked, ...]]:
    """The answers of several lists together; where one cannot be asked, each alone, with the error in its place."""
    questions = [question for one in asked for question in one]
    try:
        found: list[Asked] = list(place.ask_many(questions))
    except REFUSALS:
        found = [_asked(place, question) for question in questions]
    each = iter(found)
    return [tuple(islice(each, len(one))) for one in asked]


def _asked(place: Workspace, question: Question) -> Asked:
    try:
        return place.ask(question)
    except REFUSALS as error:
        return error


def left_out(card: Scorecard, found: Sequence[Asked]) -> Iterator[str]:
    """Which KPIs of a scorecard could not be asked, and why."""
    for kpi, one in zip(card.kpis, found, strict=True):
        if isinstance(one, DeskpulseError):
            yield _refusal(kpi, one)


def _refusal(kpi: str, error: DeskpulseError) -> str:
    name, _ = catalog.parted(kpi)
    return gettext(
        "%(kpi)s is left out: %(reason)s", kpi=declared(catalog.kpi(name).title), reason=declared(str(error))
    )


def answered_of(found: Sequence[Asked]) -> tuple[Answer, ...]:
    """The answers among them; raises the first error where nothing could be asked."""
    answers = tuple(one for one in found if isinstance(one, Answer))
    if found and not answers:
        raise next(one for one in found if isinstance(one, DeskpulseError))
    return answers
