"""People's names taken out of tickets, for those who may see figures and not who is behind them."""

from __future__ import annotations

from dataclasses import replace

from deskpulse.answers.evidence import TicketEvidence
from deskpulse.answers.ticket_events import TicketEvent
from deskpulse.answers.ticket_segments import Segment
from deskpulse.answers.tickets import TicketPage, TicketSummary
from deskpulse.workspace.access import Viewer

ASSIGNEE = "assignee:"
OF_CUSTOMERS = ("ticket", "survey")


def masked_page(page: TicketPage, viewer: Viewer) -> TicketPage:
    """A list of tickets as the viewer may see it."""
    return replace(page, rows=tuple(masked_summary(row, viewer) for row in page.rows))


def masked_summary(row: TicketSummary, viewer: Viewer) -> TicketSummary:
    """A ticket in a list as the viewer may see it."""
    if viewer.sees_names:
        return row
    customer = row.customer if viewer.sees_customers else None
    return replace(row, agent=_person(row.agent, viewer), customer=customer)


def masked_evidence(evidence: TicketEvidence, viewer: Viewer) -> TicketEvidence:
    """One ticket's stretches and events as the viewer may see them."""
    if viewer.sees_names:
        return evidence
    return replace(
        evidence,
        segments=tuple(_segment(one, viewer) for one in evidence.segments),
        events=tuple(_event(one, viewer) for one in evidence.events),
    )


def _segment(one: Segment, viewer: Viewer) -> Segment:
    return replace(one, agent=_person(one.agent, viewer))


def _event(one: TicketEvent, viewer: Viewer) -> TicketEvent:
    is_of_customer = one.table in OF_CUSTOMERS or one.what.startswith("customer ")
    by = one.by if is_of_customer and viewer.sees_customers else _person(one.by, viewer)
    what = "assignee changed" if one.what.startswith(ASSIGNEE) else one.what
    return replace(one, by=by, what=what)


def _person(name: str | None, viewer: Viewer) -> str | None:
    return name if name is not None and name == viewer.agent else None
