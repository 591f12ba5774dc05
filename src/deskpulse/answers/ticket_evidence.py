"""One ticket looked at: what it adds to a value, stretch by stretch on both clocks, and the events behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import ibis
import pyarrow as pa

from deskpulse.answers.plan import Plan, plan
from deskpulse.answers.profile import fact_table
from deskpulse.answers.question import Filter, Question
from deskpulse.answers.scope import Scope, row_code, scope
from deskpulse.answers.ticket_events import TicketEvent, events_of
from deskpulse.answers.ticket_segments import Segment, Window, segments_of
from deskpulse.answers.visible import visible
from deskpulse.errors import MissingError, QuestionError
from deskpulse.facts import ticket as ticket_fact
from deskpulse.language import composed, declared
from deskpulse.metrics.fact import Clock, Duration, Table
from deskpulse.metrics.measure import Spread
from deskpulse.time.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class TicketRow:
    """A row the ticket has in the fact of the formula: what it adds and when, or why it adds nothing."""

    value: float | None
    at: datetime | None
    excluded: bool
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class TicketEvidence:
    """A ticket's part in a value: its rows, its stretches, its events, and the formula with its version."""

    question: Question
    ticket: str
    kpi: str
    variant: str
    clock: Clock
    dated_by: str
    definition: str
    formula: str
    as_of: datetime
    rows: tuple[TicketRow, ...]
    segments: tuple[Segment, ...]
    events: tuple[TicketEvent, ...]

    def records(self) -> list[dict[str, Any]]:
        """One flat mapping per stretch."""
        return [segment.record() for segment in self.segments]

    def to_arrow(self) -> pa.Table:
        """The stretches as an Arrow table."""
        return pa.Table.from_pylist(self.records())


def prove_ticket(
    question: Question, ticket: str, *, backend: Any, as_of: datetime, schedules: Mapping[str, Schedule] | None = None
) -> TicketEvidence:
    """What one ticket (``source:id``, or the id alone where one source has it) adds to a value, and why.

    ``schedules`` by name let stretches that count in part show their business seconds too. Raises QuestionError for an
    unknown ticket, and what ``ask`` raises for unknown names.
    """
    found = plan(replace(question, compare=None, grain=None, by=()))
    name, number = identified(backend, ticket, question.rules)
    rows, windows = rows_and_windows(found, backend, name)
    return TicketEvidence(
        question=question,
        ticket=name,
        kpi=question.kpi,
        variant=found.variant,
        clock=found.clock,
        dated_by=found.moment.name,
        definition=found.definition,
        formula=found.measure.words,
        as_of=as_of,
        rows=rows,
        segments=segments_of(backend, number, windows, why=_why_not(found), now=found.now, schedules=schedules or {}),
        events=events_of(backend, number),
    )


def identified(backend: Any, ticket: str, rules: tuple[Filter, ...]) -> tuple[str, int]:
    """The ticket's full name and number; raises QuestionError, also for one the rules hide."""
    table = visible(fact_table(backend, ticket_fact.FACT), rules)
    name = table["ticket"]
    matching = table.filter((name == ticket) | name.endswith(f":{ticket}"))
    found = backend.to_pyarrow(matching.select("ticket", "ticket_key").order_by("ticket").limit(3)).to_pylist()
    exact = [row for row in found if row["ticket"] == ticket] or found
    if not exact:
        raise MissingError(
            "No ticket is called '%(ticket)s'. Give its name as `deskpulse prove` lists it: source:id.", ticket=ticket
        )
    if len(exact) > 1:
        raise QuestionError(
            "Several tickets are called '%(ticket)s'. Say which: %(tickets)s.",
            ticket=ticket,
            tickets=", ".join(r["ticket"] for r in exact),
        )
    return exact[0]["ticket"], exact[0]["ticket_key"]


def rows_and_windows(found: Plan, backend: Any, ticket: str) -> tuple[tuple[TicketRow, ...], tuple[Window, ...]]:
    """What the ticket has in the fact of the formula, row by row, and the time its durations ran over."""
    rows: list[TicketRow] = []
    windows: list[Window] = []
    for part in found.parts:
        if "ticket" not in part.fact.columns:
            continue
        where = scope(part, backend)
        for row in backend.to_pyarrow(_judged(where, ticket)).to_pylist():
            reason = _reason(where, row)
            rows.append(TicketRow(value=row["value"], at=row["at"], excluded=reason is not None, reason=reason))
            windows.extend(_windows(part, row))
    return tuple(rows), tuple(windows)


def _judged(where: Scope, ticket: str) -> Table:
    """The ticket's rows with the population's and the fact's verdict on each."""
    part, measure = where.plan, where.plan.measure
    table = fact_table(where.backend, part.fact)
    table = table.filter(table["ticket"] == ticket)
    population = measure.population(table, part.now)
    over = _over(part)
    return table.select(
        value=measure.row_value(table, part.now, part.clock).cast("float64"),
        at=table[part.moment.name],
        code=row_code(where, table),
        is_eligible=ibis.literal(True) if population is None else population,
        elapsed=table[over.calendar] if over else ibis.null("int64"),
        ended_at=table[over.dated_by.name] if over else ibis.null("timestamp(6)"),
        created_at=table["created_at"] if "created_at" in part.fact.columns else ibis.null("timestamp(6)"),
    ).order_by("at")


def _over(part: Plan) -> Duration | None:
    measure = part.measure
    return measure.over if isinstance(measure, Spread) and isinstance(measure.over, Duration) else None


def _reason(where: Scope, row: Mapping[str, Any]) -> str | None:
    part = where.plan
    if row["code"]:
        return where.reasons[int(row["code"]) - 1]
    if not row["is_eligible"] and part.measure.of:
        return composed("not among those where %(condition)s", condition=partial(declared, part.measure.of.words))
    if row["at"] is None:
        return composed("not dated: it has no moment %(when)s", when=partial(declared, part.moment.meaning))
    begun = part.start is None or row["at"] >= part.start
    ended = row["at"] >= part.end if part.end else row["at"] > part.now
    return None if begun and not ended else composed("outside the period")


def _windows(part: Plan, row: Mapping[str, Any]) -> Sequence[Window]:
    """The time a duration ran: back from the moment that ended it, or on from the opening."""
    over = _over(part)
    if over is None or row["elapsed"] is None or row["ended_at"] is None:
        return ()
    if over.name in NOT_CONTIGUOUS:
        return [Window(begin=row["created_at"], end=row["ended_at"], statuses=NOT_CONTIGUOUS[over.name])]
    length = timedelta(seconds=row["elapsed"])
    if over is ticket_fact.resolution_to_last_reply:
        return [Window(begin=row["created_at"], end=row["created_at"] + length)]
    if over.name in NO_STRETCH:
        return ()
    return [Window(begin=row["ended_at"] - length, end=row["ended_at"])]


# Durations that add up stretches of some statuses only, between the opening and the last solve.
NOT_CONTIGUOUS = {
    ticket_fact.resolution_without_customer_wait.name: frozenset({"new", "open", "on_hold", "solved", "closed"}),
    ticket_fact.requester_wait.name: frozenset({"new", "open", "on_hold"}),
    ticket_fact.agent_wait.name: frozenset({"pending"}),
    ticket_fact.on_hold.name: frozenset({"on_hold"}),
}
# Means of several waits: no stretch of time has that length.
NO_STRETCH = ("ticket_mean_wait",)


def _why_not(found: Plan) -> str:
    over = _over(found)
    if over:
        return composed("outside the %(stretch)s", stretch=partial(declared, over.meaning))
    return composed("the formula counts rows, not time")
