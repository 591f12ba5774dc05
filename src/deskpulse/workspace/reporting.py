"""The report: a scorecard with trends, and the changes that are more than noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.answers.question import Comparison, Grain
from deskpulse.insights.findings import notable
from deskpulse.insights.scorecard import SCORECARD, VOLUME, WATCHED
from deskpulse.present import Tile, sentence, tile
from deskpulse.present.words import period_words

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Report:
    """A period in tiles and sentences; ``notes`` say what to type where there is nothing to show."""

    title: str
    tiles: tuple[Tile, ...]
    findings: tuple[str, ...]
    notes: tuple[str, ...]


def report(place: Workspace, period: str, *, grain: Grain | None, zone: str | None) -> Report:
    """The scorecard of ``period`` against the period before it."""
    whole = place.question(VOLUME, period=period, zone=zone)
    compare, bucket = _comparison(whole.start), grain or trend_grain(whole.start, whole.end)
    answers = [place.ask(name, period=period, zone=zone, compare=compare) for name in SCORECARD]
    trends = [place.ask(name, period=period, zone=zone, grain=bucket) for name in SCORECARD]
    watched = WATCHED if compare else ()
    split = [place.ask(name, period=period, zone=zone, compare=compare, by=by) for name, by in watched]
    return Report(
        title=f"{place.settings.name}, {period}",
        tiles=tuple(tile(answer.rows[0], answer, trend) for answer, trend in zip(answers, trends, strict=True)),
        findings=tuple(sentence(row, answer) for answer, row in notable((*answers, *split))),
        notes=tuple(_notes(place, answers[0], period)),
    )


def _comparison(start: datetime | None) -> Comparison | None:
    return "previous" if start else None  # all of history has no period before it


def trend_grain(start: datetime | None, end: datetime | None) -> Grain:
    """Days for a month or so, weeks for half a year, else months."""
    length = end - start if start and end else timedelta.max
    return "day" if length <= timedelta(days=35) else "week" if length <= timedelta(days=190) else "month"


def _notes(place: Workspace, volume: Answer, period: str) -> Iterator[str]:
    if any(row.n for row in volume.rows):
        return
    months = [row for row in place.ask(VOLUME, grain="month").rows if row.n]
    if not months:
        yield "There are no tickets yet. Type: deskpulse import PRESET|MAPPING FILE..."
        return
    first, last = (period_words(row, "month") for row in (months[0], months[-1]))
    yield f"No tickets were created in {period}: the data run from {first} to {last}. Try --period {last}"
