"""Evidence as tables of texts, and a ticket's evidence as one mapping for JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from deskpulse import catalog, units
from deskpulse.answers.answer import Answer
from deskpulse.answers.evidence import Evidence, EvidenceRow, TicketEvidence
from deskpulse.answers.ticket_evidence import TicketRow
from deskpulse.answers.ticket_segments import Segment
from deskpulse.language import declared, gettext, named
from deskpulse.present.tile import Sheet, headline, provenance, tile
from deskpulse.present.words import group_names, time_words, value_words, variant_words

MOST_ROWS = 40


def evidence_sheets(evidence: Evidence) -> tuple[Sheet, ...]:
    """What counts and what does not, by reason, then the first rows behind the value."""
    return (_reasons(evidence), _behind(evidence))


def _reasons(evidence: Evidence) -> Sheet:
    answer = evidence.answer
    counted = Counter(row.reason or "counted" for row in evidence.rows)
    values = (headline(tile(row, answer)) for row in answer.rows)
    return Sheet(
        title=f"{catalog.kpi(answer.kpi).title} ({answer.variant}): {'; '.join(values)}",
        headings=("rows", "n"),
        rows=tuple((reason, units.format_count(count)) for reason, count in counted.items()),
        notes=(f"Formula: {evidence.formula}", provenance(answer)),
    )


def _behind(evidence: Evidence) -> Sheet:
    more = len(evidence.rows) - MOST_ROWS
    note = f"and {units.format_count(more)} more rows. All of them: --format csv or --format json"
    dimensions = evidence.answer.question.by
    return Sheet(
        title="Rows",
        headings=("ticket", *dimensions, "value", "counts", "why not"),
        rows=tuple(_cells(row, evidence.answer) for row in evidence.rows[:MOST_ROWS]),
        notes=(note,) if more > 0 else (),
    )


def _cells(row: EvidenceRow, answer: Answer) -> tuple[str, ...]:
    groups = group_names(row.dimensions)
    return (row.ticket or "", *groups, row_value_words(row.value, answer), _yes(not row.excluded), row.reason or "")


def row_value_words(value: float | None, answer: Answer) -> str:
    """What one row adds: yes or no to a share, else its value in the answer's unit."""
    if value is not None and answer.unit == "share" and answer.statistic == "share":
        return _yes(bool(value))
    return value_words(value, answer)


def _yes(flag: bool) -> str:
    return gettext("yes") if flag else gettext("no")


def ticket_sheets(evidence: TicketEvidence) -> tuple[Sheet, ...]:
    """A ticket's part in a value, its stretches on both clocks, and its events; times in the question's zone."""
    return (_part(evidence), _segments(evidence), _events(evidence))


def _part(evidence: TicketEvidence) -> Sheet:
    zone = evidence.question.zone
    return Sheet(
        title=gettext(
            "%(ticket)s in %(kpi)s (%(variant)s)",
            ticket=evidence.ticket,
            kpi=declared(catalog.kpi(evidence.kpi).title),
            variant=variant_words(evidence.variant),
        ),
        headings=tuple(declared(one) for one in ("value", "at", "counts", "why not")),
        rows=tuple(_adds(row, zone) for row in evidence.rows),
        notes=(
            gettext("Formula: %(formula)s", formula=declared(evidence.formula)),
            gettext(
                "%(definition)s, %(clock)s time, times in %(zone)s",
                definition=evidence.definition,
                clock=declared(evidence.clock),
                zone=zone,
            ),
        ),
    )


def _adds(row: TicketRow, zone: str) -> tuple[str, ...]:
    at = time_words(row.at, zone, seconds=True)
    return (_number(row.value), at, _yes(not row.excluded), declared(row.reason or ""))


def _segments(evidence: TicketEvidence) -> Sheet:
    return Sheet(
        title="Clock segments",
        headings=("from", "to", "status", "agent", "team", "schedule", "counts", "why not", "seconds", "business s"),
        rows=tuple(_segment(one, evidence.question.zone) for one in evidence.segments),
        notes=(),
    )


def _segment(one: Segment, zone: str) -> tuple[str, ...]:
    return (
        time_words(one.from_at, zone, seconds=True),
        time_words(one.to_at, zone, seconds=True) or gettext("still runs"),
        *(text or "" for text in (one.status, one.agent, one.team, one.schedule)),
        _yes(one.counted),
        one.reason or "",
        _number(one.calendar_seconds),
        _number(one.business_seconds),
    )


def _events(evidence: TicketEvidence) -> Sheet:
    zone = evidence.question.zone
    return Sheet(
        title=gettext("Events"),
        headings=tuple(declared(one) for one in ("at", "what", "by", "source")),
        rows=tuple(
            (
                time_words(one.at, zone, seconds=True),
                declared(one.what),
                one.by or "",
                f"{named(one.table)} {one.source_id}",
            )
            for one in evidence.events
        ),
        notes=(),
    )


def _number(number: float | None) -> str:
    if number is None:
        return gettext("none")
    return units.format_count(number) if float(number).is_integer() else units.format_number(number)


def ticket_record(evidence: TicketEvidence) -> dict[str, Any]:
    """For JSON: the ticket's rows in the formula, its segments and its events; times in UTC."""
    return {
        "ticket": evidence.ticket,
        "kpi": evidence.kpi,
        "variant": evidence.variant,
        "clock": evidence.clock,
        "dated_by": evidence.dated_by,
        "definition": evidence.definition,
        "formula": evidence.formula,
        "as_of": f"{evidence.as_of.isoformat()}Z",
        "rows": [
            {
                "value": row.value,
                "at": f"{row.at.isoformat()}Z" if row.at else None,
                "excluded": row.excluded,
                "reason": row.reason,
            }
            for row in evidence.rows
        ],
        "segments": evidence.records(),
        "events": [event.record() for event in evidence.events],
    }
