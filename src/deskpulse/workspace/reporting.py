"""The report: a scorecard with targets and trends, and the changes that are more than noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from deskpulse.answers.answer import Answer
from deskpulse.answers.question import Comparison, Grain
from deskpulse.answers.target import check_goals
from deskpulse.insights.findings import notable
from deskpulse.insights.scorecard import VOLUME, scorecard, watched
from deskpulse.present import Tile, sentence, tile
from deskpulse.present.words import period_words
from deskpulse.settings import Scorecard
from deskpulse.workspace.asking import Where

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Report:
    """A period in tiles and sentences; ``notes`` say what to type where there is nothing to show."""

    title: str
    tiles: tuple[Tile, ...]
    findings: tuple[str, ...]
    notes: tuple[str, ...]
    goal: str = ""


def report(
    place: Workspace,
    period: str,
    *,
    grain: Grain | None,
    zone: str | None,
    name: str | None = None,
    where: Where | None = None,
) -> Report:
    """The scorecard called ``name`` for ``period``, of all or of ``where``, against the period it is compared with."""
    check_goals(place.settings)
    card = scorecard(name, place.settings.scorecards)
    whole = place.question(VOLUME, period=period, zone=zone)
    compare, bucket = comparison(card, whole.start), grain or trend_grain(whole.start, whole.end)
    answers, trends, split = _asked(place, card, compare, bucket, period=period, zone=zone, where=where)
    return Report(
        title=f"{place.settings.name}, {period}" + (f": {card.title}" if name else ""),
        goal=card.goal if name else "",
        tiles=tuple(tile(answer.rows[0], answer, trend) for answer, trend in zip(answers, trends, strict=True)),
        findings=tuple(sentence(row, answer) for answer, row in notable((*answers, *split))),
        notes=(*filter(None, (card.warning,)), *_notes(place, answers[0], period)),
    )


def _asked(
    place: Workspace,
    card: Scorecard,
    compare: Comparison | None,
    grain: Grain,
    *,
    period: str,
    zone: str | None,
    where: Where | None,
) -> tuple[list[Answer], list[Answer], list[Answer]]:
    """The values, their trends and what findings are looked for in, asked together: sums they share are found once."""
    whole = [place.question(kpi, period=period, zone=zone, where=where) for kpi in card.kpis]
    values = [replace(asked, compare=compare) for asked in whole]
    trends = [replace(asked, grain=grain) for asked in whole]
    pairs = watched(card) if compare else ()
    splits = [place.question(kpi, period=period, zone=zone, where=where, compare=compare, by=by) for kpi, by in pairs]
    found = place.ask_many([*values, *trends, *splits])
    size = len(values)
    return found[:size], found[size : 2 * size], found[2 * size :]


def comparison(card: Scorecard, start: datetime | None) -> Comparison | None:
    """What a scorecard is held against: nothing where nothing comes before."""
    return cast(Comparison, card.compare) if start and card.compare else None  # nothing comes before all of history


def trend_grain(start: datetime | None, end: datetime | None) -> Grain:
    """Days for a month or so, weeks for half a year, else months."""
    length = end - start if start and end else timedelta.max
    return "day" if length <= timedelta(days=35) else "week" if length <= timedelta(days=190) else "month"


def _notes(place: Workspace, first: Answer, period: str) -> Iterator[str]:
    if any(row.n for row in first.rows) or any(row.n for row in place.ask(VOLUME, period=period).rows):
        return
    months = [row for row in place.ask(VOLUME, grain="month").rows if row.n]
    if not months:
        yield "There are no tickets yet. Type: deskpulse import PRESET|MAPPING FILE..."
        return
    begin, last = (period_words(row, "month") for row in (months[0], months[-1]))
    yield f"No tickets were created in {period}: the data run from {begin} to {last}. Try --period {last}"
