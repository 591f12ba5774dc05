"""People's names taken out of tickets, for those who may see figures and not who is behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deskpulse.answers.evidence import TicketEvidence
from deskpulse.answers.ticket_events import TicketEvent
from deskpulse.answers.ticket_segments import Segment
from deskpulse.answers.tickets import TicketPage, TicketSummary
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.names import Names, names

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

ASSIGNEE, MERGED, NOBODY = "assignee: ", "merged into: ", "none"
OF_CUSTOMERS = ("ticket", "survey")


def masked_page(page: TicketPage, place: Workspace) -> TicketPage:
    """A list of tickets as the viewer may see it."""
    return replace(page, rows=tuple(masked_summary(row, place) for row in page.rows))


def masked_summary(row: TicketSummary, place: Workspace) -> TicketSummary:
    """A ticket in a list as the viewer may see it."""
    customer = row.customer if place.viewer.sees_customers else None
    return replace(row, agent=names(place).of(row.agent), customer=customer)


def masked_evidence(evidence: TicketEvidence, place: Workspace) -> TicketEvidence:
    """One ticket's stretches and events as the viewer may see them."""
    readable = names(place)
    if readable.all:
        return evidence
    return replace(
        evidence,
        segments=tuple(_segment(one, readable) for one in evidence.segments),
        events=tuple(_event(one, place.viewer, readable) for one in evidence.events),
    )


def _segment(one: Segment, readable: Names) -> Segment:
    return replace(one, agent=readable.of(one.agent))


def _event(one: TicketEvent, viewer: Viewer, readable: Names) -> TicketEvent:
    is_of_customer = one.table in OF_CUSTOMERS or one.what.startswith("customer ")
    by = one.by if is_of_customer and viewer.sees_customers else readable.of(one.by)
    return replace(one, by=by, what=_what(one.what, readable))


def _what(words: str, readable: Names) -> str:
    """What happened, without the people and the tickets it names that may not be seen."""
    if words.startswith(MERGED):
        return "merged into another ticket"
    if not words.startswith(ASSIGNEE):
        return words
    named = words.removeprefix(ASSIGNEE).split(" -> ")
    return words if all(who == NOBODY or readable.of(who) == who for who in named) else "assignee changed"
