"""Solves and reopenings, and what the states of a ticket add up to."""

from __future__ import annotations

import ibis

from deskpulse.facts.build.instants import either
from deskpulse.facts.build.states import is_reopening, is_solve
from deskpulse.metrics.fact import Table, Value


def solves(states: Table) -> Table:
    """One row per solve: ticket_key, position, at, k, agent, team, reopened_at.

    Solved by whoever changed the status, else by the assignee then.
    """
    moves = states.filter(is_solve(states) | is_reopening(states))
    by_ticket = ibis.window(group_by="ticket_key", order_by="ord")
    followed = moves.mutate(reopened_at=moves["at"].lead().over(by_ticket))
    solved = followed.filter(is_solve(followed))
    return solved.select(
        "ticket_key",
        "source",
        "at",
        "k",
        "reopened_at",
        agent=either(solved.by, solved.assignee),
        team=solved.team.nullif(""),
        position=ibis.row_number().over(by_ticket) + 1,
    )


def reopenings_before(states: Table, replies: Table) -> Table:
    """Per ticket, the last reopening up to the first reply: ticket_key, reopened_at, reopened_k."""
    first = replies.filter(replies.turn == 1).select("ticket_key", replied_at="at")
    reopened = states.filter(is_reopening(states)).select("ticket_key", "at", "k")
    joined = reopened.inner_join(first, "ticket_key")
    before = joined.filter(joined["at"] <= joined.replied_at)
    return before.group_by("ticket_key").agg(reopened_at=before["at"].max(), reopened_k=before.k.max())


def state_sums(states: Table) -> Table:
    """One row per ticket: hand-overs, solves, reopenings, and seconds spent in the waiting states on both clocks."""
    went = states.next_at - states["at"]
    went_business = states.b_to - states.b_from
    waits = {}
    for name, held in (
        ("requester_wait", ("new", "open", "on_hold")),
        ("agent_wait", ("pending",)),
        ("on_hold", ("on_hold",)),
    ):
        here = states.status.isin(held)
        waits[f"{name}_seconds"] = went.sum(where=here).fill_null(0)
        waits[f"{name}_business_seconds"] = went_business.sum(where=here)
    return states.group_by("ticket_key").agg(
        **waits,
        solves=states.count(where=is_solve(states)),
        reopenings=states.count(where=is_reopening(states)),
        reassignments=states.count(where=_moved(states.previous_assignee, states.assignee)),
        team_transfers=states.count(where=_moved(states.previous_team, states.team)),
        tier_escalations=states.count(where=_raised(states.previous_tier, states.tier)),
        assignees=states.assignee.nullif("").collect(distinct=True),
    )


def _moved(before: Value, after: Value) -> Value:
    return (before != "") & (after != "") & (before != after)


def _raised(before: Value, after: Value) -> Value:
    """To a higher level: tiers are digits or words that sort (tier1, tier2)."""
    return (before != "") & (after > before)


def first_assignments(states: Table, bots: Table) -> Table:
    """Per ticket, the first assignment to a person: ticket_key, assigned_at, assigned_k."""
    assigned = states.filter(states.assignee != "").select("ticket_key", "source", "at", "k", "assignee")
    people = assigned.anti_join(bots, [assigned.source == bots.source, assigned.assignee == bots.source_id])
    return people.group_by("ticket_key").agg(assigned_at=people["at"].min(), assigned_k=people.k.min())


def handoffs(states: Table, changes: Table, sums: Table) -> Table:
    """Per ticket, when a bot passed it on: ticket_key, handed_at.

    The source's own hand-off; where it records none, the first change of team or assignee from the bot's first message on.
    """
    said = changes.group_by("ticket_key").agg(said_at=changes["at"].min())
    bots = sums.filter(sums.first_bot_at.notnull()).select("ticket_key", "first_bot_at")
    moved = states.filter(
        (states.ord >= 0)
        & ((states.assignee != states.previous_assignee) | (states.team != states.previous_team))
    ).select("ticket_key", "at")
    after = moved.inner_join(bots, "ticket_key")
    derived = after.filter(after["at"] >= after.first_bot_at).group_by("ticket_key").agg(moved_at=after["at"].min())
    both = said.outer_join(derived, "ticket_key")
    return both.select(
        ticket_key=ibis.coalesce(both.ticket_key, both.ticket_key_right),
        at=ibis.coalesce(both.said_at, both.moved_at),
    )
