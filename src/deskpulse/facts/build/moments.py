"""Every instant of a ticket, its business clock, its counts, and who is credited: one wide row per ticket."""

from __future__ import annotations

import ibis

from deskpulse.facts.build.contacts import next_tickets
from deskpulse.facts.build.conversation import clocked
from deskpulse.facts.build.instants import seconds
from deskpulse.facts.build.solves import first_assignments, handoffs, reopenings_before, state_sums
from deskpulse.facts.build.states import OPENING
from deskpulse.facts.build.targets import policies, with_dues
from deskpulse.facts.build.tickets import last_values, opened
from deskpulse.facts.build.workshop import Events, Workshop
from deskpulse.metrics.fact import Table, Value


def moments(
    shop: Workshop, stretch: Table, messages: Table, sums: Table, answered: Table, solved: Table
) -> Table:
    """One row per ticket; instants end in ``_at`` and are seconds since 1970, their business clock in ``_k``."""
    events = shop.events
    rows = opened(events)
    parts = (
        *_ends(stretch),
        state_sums(stretch),
        sums,
        last_values(events["change"]),
        *_first_and_last(answered, solved),
        first_assignments(stretch, _bots(events)),
        reopenings_before(stretch, answered),
        next_tickets(events["ticket_everywhere"]),
        _handed(events, stretch, sums),
        _last_replies(messages, solved),
    )
    for part in parts:
        rows = rows.left_join(part, "ticket_key").drop("ticket_key_right")
    gathered = shop.stage("gathered", _with_values_now(rows))
    for name in ("started", "first_bot", "handed", "last_reply"):
        gathered = _with_clock(shop, stretch, gathered, name)
    applied = policies(events)
    return with_dues(gathered, applied, shop.settings, shop.calendar, shop.slots, shop.openings)


def _ends(stretch: Table) -> tuple[Table, Table]:
    """The first and the last stretch of each ticket."""
    first = stretch.filter(stretch.ord == OPENING).select("ticket_key", created_k="k", start_number="number")
    last = stretch.filter(stretch.next_at.isnull())
    return first, last.select("ticket_key", "status", "tier", "is_known", last_number="number")


def _first_and_last(answered: Table, solved: Table) -> tuple[Table, ...]:
    first_reply = answered.filter(answered.turn == 1).select(
        "ticket_key",
        "asked_at",
        "asked_k",
        replied_at="at",
        replied_k="k",
        first_reply_agent="author",
        first_reply_team="team",
    )
    first_solve = solved.filter(solved.position == 1).select(
        "ticket_key",
        first_solved_at="at",
        first_solved_k="k",
        first_solve_agent="agent",
        first_solve_team="team",
        first_reopened_at="reopened_at",
    )
    standing = solved.filter(solved.reopened_at.isnull())
    last_solve = standing.select("ticket_key", solved_at="at", solved_k="k", solve_agent="agent", solve_team="team")
    exchanges = answered.group_by("ticket_key").agg(exchanges=answered.count())
    return first_reply, first_solve, last_solve, exchanges


def _bots(events: Events) -> Table:
    person = events["person"]
    return person.filter(person.kind.cast("string") == "bot").select("source", "source_id")


def _handed(events: Events, stretch: Table, sums: Table) -> Table:
    change = events["change"]
    stated = change.filter(change.field.cast("string") == "handoff")
    return handoffs(stretch, stated.select("ticket_key", at=seconds(stated["at"])), sums).rename(handed_at="at")


def _last_replies(messages: Table, solved: Table) -> Table:
    """Per ticket that stands solved, the last public message of a person up to the solve."""
    standing = solved.filter(solved.reopened_at.isnull()).select("ticket_key", solved_at="at")
    spoken = messages.filter(messages.is_public & (messages.kind == "agent")).select("ticket_key", "at")
    joined = spoken.inner_join(standing, "ticket_key")
    before = joined.filter(joined["at"] <= joined.solved_at)
    return before.group_by("ticket_key").agg(last_reply_at=before["at"].max())


def _with_values_now(rows: Table) -> Table:
    latest = {
        name: ibis.coalesce(rows[f"last_{name}"], rows[f"opening_{name}"]).nullif("")
        for name in ("priority", "type", "topic")
    }
    return rows.mutate(started_at=_started_at(rows), start_number=rows.start_number, **latest)


def _started_at(rows: Table) -> Value:
    """When the customer began to wait: null for a ticket an agent opened in public and nobody answered."""
    waiting_since = ibis.cases(
        (rows.opened_by == "agent:public", rows.first_customer_at),
        (rows.opened_by == "agent:note", rows.created_at),
        else_=ibis.coalesce(rows.first_customer_at, rows.created_at),
    )
    return ibis.coalesce(rows.asked_at, waiting_since)


def _with_clock(shop: Workshop, stretch: Table, rows: Table, name: str) -> Table:
    """Adds ``<name>_k``, the ticket's business clock at ``<name>_at``."""
    known = rows.filter(rows[f"{name}_at"].notnull()).select("ticket_key", at=f"{name}_at")
    looked_up = clocked(known, stretch, shop.slots, shop.calendar).select("ticket_key", **{f"{name}_k": "k"})
    kept = shop.stage(f"clock_{name}", looked_up)
    return rows.left_join(kept, "ticket_key").drop("ticket_key_right")
