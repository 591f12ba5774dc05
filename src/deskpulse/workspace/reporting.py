"""The report: a scorecard with targets and trends, and the changes that are more than noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.answers.question import Grain
from deskpulse.answers.target import check_goals
from deskpulse.insights.findings import notable
from deskpulse.insights.scorecard import CALLS, VOLUME
from deskpulse.present import Tile, sentence, tile
from deskpulse.present.words import period_words
from deskpulse.workspace.asked import answered_of, ask_each, left_out, questions_of
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
    """The scorecard called ``name`` for ``period``, of all or of ``where``, against the period it is compared with.

    A KPI that cannot be asked so is left out and a note says so; raises its error where none can be.
    """
    check_goals(place.settings)
    asked = questions_of(place, name, period=period, zone=zone, where=where, grain=grain)
    card = asked.card
    values, trends, splits = ask_each(place, asked.values, asked.trends, asked.splits)
    answers = answered_of(values)
    shown = ((one, trend) for one, trend in zip(values, trends, strict=True) if isinstance(one, Answer))
    tiles = (tile(one.rows[0], one, trend if isinstance(trend, Answer) else None) for one, trend in shown)
    groups = (one for one in splits if isinstance(one, Answer))
    return Report(
        title=f"{place.settings.name}, {period}" + (f": {card.title}" if name else ""),
        goal=card.goal if name else "",
        tiles=tuple(tiles),
        findings=tuple(sentence(row, answer) for answer, row in notable((*answers, *groups))),
        notes=(*filter(None, (card.warning,)), *left_out(card, values), *_notes(place, answers[0], period)),
    )


def _notes(place: Workspace, first: Answer, period: str) -> Iterator[str]:
    if any(row.n for row in first.rows) or any(row.n for row in place.ask(VOLUME, period=period).rows):
        return
    months = [row for row in place.ask(VOLUME, grain="month").rows if row.n]
    if not months:
        yield "There are no tickets yet. Type: deskpulse import PRESET|MAPPING FILE..."
        if any(row.n for row in place.ask(CALLS).rows):
            yield "There are calls. Type: deskpulse report --scorecard contact_centre --period all"
        return
    begin, last = (period_words(row, "month") for row in (months[0], months[-1]))
    yield f"No tickets were created in {period}: the data run from {begin} to {last}. Try --period {last}"
