"""Tickets and evidence as rows of texts with where each leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deskpulse.answers.evidence import Evidence
from deskpulse.answers.tickets import TicketSummary
from deskpulse.present.evidence import row_value_words
from deskpulse.present.words import NO_VALUE
from deskpulse.time.zone import to_local


@dataclass(frozen=True, kw_only=True)
class EvidenceLine:
    """A row behind a value; ``leads`` is the ticket to open, if it is one."""

    name: str
    leads: str | None
    groups: tuple[str, ...]
    value: str
    counts: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class TicketLine:
    """A ticket in a list, its times in the viewer's zone."""

    ticket: str
    subject: str
    created: str
    solved: str
    channel: str
    topic: str
    priority: str
    status: str
    who: str
    left_out: str


def evidence_rows(evidence: Evidence) -> tuple[EvidenceLine, ...]:
    """The rows behind a value, written."""
    is_ticket = evidence.has_tickets
    return tuple(
        EvidenceLine(
            name=row.ticket or NO_VALUE,
            leads=row.ticket if is_ticket else None,
            groups=tuple(value if value is not None else NO_VALUE for value in row.dimensions.values()),
            value=row_value_words(row.value, evidence.answer),
            counts=not row.excluded,
            reason=row.reason or "",
        )
        for row in evidence.rows
    )


def ticket_rows(rows: Sequence[TicketSummary], *, names: bool, zone: str) -> tuple[TicketLine, ...]:
    """Tickets, written; without ``names`` the team stands for who did it."""
    return tuple(_line(row, names, zone) for row in rows)


def _line(row: TicketSummary, names: bool, zone: str) -> TicketLine:
    return TicketLine(
        ticket=row.ticket,
        subject=row.subject or "",
        created=_time(row.created_at, zone),
        solved=_time(row.solved_at, zone),
        channel=row.channel or "",
        topic=row.topic or "",
        priority=row.priority or "",
        status=row.left_out or (row.status or "").replace("_", " "),
        who=" · ".join(filter(None, (row.agent if names else None, row.team))),
        left_out=row.left_out or "",
    )


def _time(instant: datetime | None, zone: str) -> str:
    return to_local(instant, zone).strftime("%Y-%m-%d %H:%M") if instant else ""
