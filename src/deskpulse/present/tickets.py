"""Tickets and evidence as rows of texts with where each leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskpulse import catalog, units
from deskpulse.answers.evidence import Evidence
from deskpulse.answers.ticket_evidence import TicketRow
from deskpulse.answers.ticket_parts import TicketPart
from deskpulse.answers.tickets import TicketSummary
from deskpulse.language import declared, gettext, named
from deskpulse.present.evidence import row_value_words
from deskpulse.present.words import NO_VALUE, group_names, time_words

MOST_VALUES = 3


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
    customer: str
    first_reply: str
    solved_after: str
    exchanges: str
    reopenings: str


@dataclass(frozen=True, kw_only=True)
class PartLine:
    """A KPI a ticket has a part in: what it adds, or why it adds nothing."""

    kpi: str
    title: str
    value: str
    counts: bool
    reason: str


def evidence_rows(evidence: Evidence) -> tuple[EvidenceLine, ...]:
    """The rows behind a value, written."""
    is_ticket = evidence.has_tickets
    return tuple(
        EvidenceLine(
            name=row.ticket or declared(NO_VALUE),
            leads=row.ticket if is_ticket else None,
            groups=group_names(row.dimensions),
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
        created=time_words(row.created_at, zone),
        solved=time_words(row.solved_at, zone),
        channel=row.channel or "",
        topic=row.topic or "",
        priority=row.priority or "",
        status=declared(row.left_out) if row.left_out else named(row.status or ""),
        who=" · ".join(filter(None, (row.agent if names else None, row.team))),
        left_out=row.left_out or "",
        customer=row.customer or "",
        first_reply=_duration(row.first_response_seconds),
        solved_after=_duration(row.resolution_seconds),
        exchanges=_count(row.exchanges),
        reopenings=_count(row.reopenings),
    )


def part_rows(parts: Sequence[TicketPart]) -> tuple[PartLine, ...]:
    """The KPIs a ticket counts in, then those it has a row in that does not count."""
    return tuple(_part(one) for one in sorted(parts, key=lambda one: not one.counts))


def _part(one: TicketPart) -> PartLine:
    counted = [row for row in one.rows if not row.excluded]
    reasons = dict.fromkeys(row.reason for row in one.rows if row.reason)
    return PartLine(
        kpi=one.kpi,
        title=declared(catalog.kpi(one.kpi).title),
        value=_together(counted, one),
        counts=one.counts,
        reason="" if counted else "; ".join(map(declared, reasons)),
    )


def _together(rows: Sequence[TicketRow], one: TicketPart) -> str:
    """One row's value, or so many of several; ``2 of 3`` of shares."""
    values = [row.value for row in rows if row.value is not None]
    if not values:
        return ""
    if one.is_share and one.unit == "share":
        if len(values) > 1:
            return gettext("%(some)s of %(all)s", some=units.format_count(sum(values)), all=len(values))
        return gettext("yes") if values[0] else gettext("no")
    written = [_written(value, one) for value in values[:MOST_VALUES]]
    return ", ".join(written) + (" ..." if len(values) > MOST_VALUES else "")


def _written(value: float, one: TicketPart) -> str:
    if one.unit == "seconds":
        return units.format_duration(value)
    return units.format_count(value) if float(value).is_integer() else units.format_number(value)


def _duration(seconds: int | None) -> str:
    return "" if seconds is None else units.format_duration(seconds)


def _count(count: int | None) -> str:
    return "" if count is None else units.format_count(count)
