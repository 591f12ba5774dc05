"""The ticket fact: everything known of a ticket, side by side in one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.facts.build.batch import FIELDS, STATUSES, History, rows_of, tie
from deskpulse.facts.build.columns import (
    NONE,
    Codes,
    Ints,
    Mask,
    Numbers,
    count,
    earlier,
    numbered,
    place,
    whole,
)
from deskpulse.facts.build.contacts import next_contact, soon
from deskpulse.facts.build.conversation import Replies
from deskpulse.facts.build.moments import Pieces, durations, instants_of
from deskpulse.facts.build.solves import (
    Solves,
    moved,
    people,
    raised,
)
from deskpulse.facts.build.targets import dues
from deskpulse.metrics.fact import Table


def ticket_columns(of: Pieces) -> dict[str, Any]:
    """Every column of the ticket fact."""
    latest = _last_values(of)
    instants = instants_of(of)
    columns = _identity(of, latest) | _counts(of) | durations(of, instants) | _credits(of)
    columns |= _dues(of, instants, latest) | _verdicts(of)
    columns |= {name: instants[name] for name in ("created_at", "first_solved_at", "solved_at")}
    columns |= {
        "first_replied_at": instants["replied_at"],
        "first_answered_at": instants["answered_at"],
        "next_contact_at": _next_contact(of, columns, latest["topic"]),
    }
    return columns | _flags(of, columns, instants)


def _last_values(of: Pieces) -> dict[str, Codes]:
    """The last value of the fields that run no clock, else the one the ticket opened with."""
    changes, tickets = of.history.changes, of.history.tickets
    latest = {}
    for name in ("priority", "type", "topic", "merged_into", "deleted", "spam", "escalation_asked"):
        mine = changes.field == FIELDS[name]
        latest[name] = place(of.size, changes.ticket[mine], changes.new[mine], -1)
        if name in tickets.texts:
            is_set = count(of.size, changes.ticket, mine) > 0
            latest[name] = np.where(is_set, latest[name], tickets.texts[name])
    return latest


def _identity(of: Pieces, latest: Mapping[str, Codes]) -> dict[str, Any]:
    tickets, words, rows = of.history.tickets, of.history.words, of.rows
    arrow = tickets.arrow
    last = rows.last
    reason, is_no_contact = _left_out(of, latest)
    return {
        "ticket_key": tickets.key,
        "ticket": pc.binary_join_element_wise(arrow["source"], arrow["source_id"], ":"),
        "customer": pc.binary_join_element_wise(arrow["source"], arrow["customer"], ":"),
        "left_out": reason,
        "is_left_out_as_contact": is_no_contact,
        "source": of.history.sources.text(of.history.source),
        "brand": arrow["brand"],
        "channel": words.text(tickets.texts["channel"]),
        **{name: words.text(latest[name]) for name in ("type", "topic", "priority")},
        "tier": words.text(rows.tier[last]),
        "account": of.customers["account"],
        "segment": of.customers["segment"],
        "status": numbered(rows.status[last], tuple(STATUSES)),
        "schedule": numbered(rows.schedule[last], of.clock.schedules),
    }


def _left_out(of: Pieces, latest: Mapping[str, Codes]) -> tuple[pa.Array, Mask]:
    """Why a ticket never counts, the strongest reason first; and whether it is no further contact (a test, spam)."""
    words, arrow = of.history.words, of.history.tickets.arrow
    changed = latest["spam"] >= 0
    spam = np.where(changed, latest["spam"] == words.code("true"), _flag(arrow["is_spam"]))
    test = _flag(arrow["is_test"])
    deleted = latest["deleted"] == words.code("true")
    code = np.select([latest["merged_into"] >= 0, deleted, spam, test], [4, 3, 2, 1], 0)
    return numbered(code, ("test", "spam", "deleted", "merged")), spam | test


def _flag(column: Any) -> Mask:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), np.bool_)


def _counts(of: Pieces) -> dict[str, Ints | Numbers]:
    rows, said, size = of.rows, of.said, of.size
    words = of.history.words
    replies = said.agent_messages - said.is_outbound
    return {
        "customer_messages": said.customer_messages,
        "agent_replies": replies,
        "bot_messages": said.bot_messages,
        "messages": said.customer_messages + said.agent_messages,
        "work_seconds": said.work_seconds,
        "work_share_seconds": said.work_share_seconds,
        "exchanges": count(size, of.answered.ticket),
        "solves": count(size, of.solved.ticket),
        "reopenings": count(size, rows.ticket, rows.is_reopening),
        "reassignments": count(size, rows.ticket, moved(rows.previous_assignee, rows.assignee)),
        "team_transfers": count(size, rows.ticket, moved(rows.previous_team, rows.team)),
        "tier_escalations": count(size, rows.ticket, raised(rows.previous_tier, rows.tier, words)),
        "agents": people(rows, of.history, size),
    }


def _credits(of: Pieces) -> dict[str, pa.Array]:
    history, answered, solved, size = of.history, of.answered, of.solved, of.size
    staff, source = history.staff, history.source
    opening = of.rows.first
    first, team = of.rows.assignee[opening], of.rows.team[opening]
    found: dict[str, Codes] = {
        "opening_team": team,
        "opening_agent": staff.label(source, first),
        "opening_partner": staff.partner_then(source, first, history.tickets.created_at, team),
    }
    for name, rows, kept in (
        ("first_reply", answered, answered.is_first),
        ("solve", solved, solved.reopened_at == NONE),
        ("first_solve", solved, solved.position == 1),
    ):
        agent, team, partner = credited(history, rows)
        found[f"{name}_agent"] = place(size, rows.ticket[kept], agent[kept], -1)
        found[f"{name}_team"] = place(size, rows.ticket[kept], team[kept], -1)
        found[f"{name}_partner"] = place(size, rows.ticket[kept], partner[kept], -1)
    return {name: staff.words.text(codes.astype(np.int32)) for name, codes in found.items()}


def credited(history: History, rows: Replies | Solves) -> tuple[Codes, Codes, Codes]:
    """Who replied or solved, as shown, and that person's team and partner then, else the ticket's team then."""
    source = history.source[rows.ticket]
    person = rows.author if isinstance(rows, Replies) else rows.agent
    team = history.staff.team_then(source, person, rows.at, rows.team)
    partner = history.staff.partner_then(source, person, rows.at, rows.team)
    return history.staff.label(source, person), team, partner


def _dues(of: Pieces, instants: Mapping[str, Ints], latest: Mapping[str, Codes]) -> dict[str, Ints]:
    return dues(
        of.clock,
        of.history.words,
        of.history.tickets.texts["channel"],
        latest["priority"],
        {"first_response": instants["started_at"], "resolution": instants["created_at"]},
        of.rows.schedule[of.rows.first],
        of.policies,
        of.history.tickets.key,
    )


def _verdicts(of: Pieces) -> dict[str, Ints]:
    """The source's own verdicts on its target: the last one, and whether every one says met."""
    changes = of.history.changes
    mine = changes.field == FIELDS["target_met"]
    met = (changes.new[mine] == of.history.words.code("true")).astype(np.int64)
    ticket = changes.ticket[mine]
    missed = count(of.size, ticket, met == 0)
    said = count(of.size, ticket) > 0
    return {
        "target_verdict_last": place(of.size, ticket, met, NONE),
        "target_verdict_every": np.where(said, (missed == 0).astype(np.int64), NONE),
    }


def _next_contact(of: Pieces, columns: Mapping[str, Any], topic: Codes) -> Ints:
    created, solved = of.history.tickets.created_at, columns["first_solved_at"]
    came_back = next_contact(_customer_served(of), topic, created, ~columns["is_left_out_as_contact"])
    came_back = soon(came_back, np.where(solved == NONE, created, solved))
    first = of.solved.position == 1
    reopened = place(of.size, of.solved.ticket[first], of.solved.reopened_at[first], NONE)
    return earlier(came_back, reopened)


def _customer_served(of: Pieces) -> Ints:
    """Whose contact each ticket is: one that was merged away counts for the customer of the one that survived."""
    tickets = of.history.tickets
    survivor, is_known = rows_of(tickets.key, whole(tickets.arrow["owner_key"]))
    customer = np.append(of.customers["customer"], -1)
    return np.asarray(customer[np.where(is_known, survivor, -1)])


def _flags(of: Pieces, columns: Mapping[str, Any], instants: Mapping[str, Ints]) -> dict[str, Mask]:
    is_solved = instants["solved_at"] != NONE
    changes, solved = of.history.changes, of.solved
    by_person = ~of.history.staff.bot(of.history.source[solved.ticket], solved.agent)
    solves = count(of.size, solved.ticket, by_person)
    touched = (instants["replied_at"] != NONE) | (instants["assigned_at"] != NONE) | (solves > 0)
    return {
        "is_solved": is_solved,
        "is_one_touch": is_solved & (columns["exchanges"] == 1) & (columns["reopenings"] == 0),
        "is_handled": touched,
        "has_escalation_asked": count(of.size, changes.ticket, changes.field == FIELDS["escalation_asked"]) > 0,
    }


def policy_rows(policy: Table) -> Table:
    """The source's own targets of a batch."""
    texts = {name: policy[name].cast("string") for name in ("metric", "clock")}
    return policy.select("ticket_key", "at", "target_seconds", tie=tie(policy), **texts)
