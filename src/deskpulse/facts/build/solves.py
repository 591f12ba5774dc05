"""Solves and reopenings, hand-overs, and the seconds spent in the waiting states."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deskpulse.facts.build.batch import FIELDS, KINDS, STATUSES, Changes, History
from deskpulse.facts.build.columns import (
    NONE,
    Codes,
    Ints,
    Mask,
    Vocabulary,
    after,
    coalesce,
    count,
    place,
    place_first,
    position,
    starts_of,
    total,
)
from deskpulse.facts.build.conversation import Talk
from deskpulse.facts.build.stretches import Stretches

WAITS = {
    "requester_wait": ("new", "open", "on_hold"),
    "agent_wait": ("pending",),
    "on_hold": ("on_hold",),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Solves:
    """One row per solve, in ticket order; ``reopened_at`` is null where the solve still stands."""

    ticket: Ints
    position: Ints
    at: Ints
    k: Ints
    agent: Codes
    team: Codes
    reopened_at: Ints


def solves(rows: Stretches) -> Solves:
    """Solved by whoever changed the status, else by the assignee then."""
    moves = np.flatnonzero(rows.is_solve | rows.is_reopening)
    first = starts_of(rows.ticket[moves])
    followed = after(rows.at[moves], first, NONE)
    is_solve = rows.is_solve[moves]
    kept = moves[is_solve]
    return Solves(
        ticket=rows.ticket[kept],
        position=position(starts_of(rows.ticket[kept])),
        at=rows.at[kept],
        k=rows.k[kept],
        agent=coalesce(rows.by[kept], rows.assignee[kept]),
        team=rows.team[kept],
        reopened_at=followed[is_solve],
    )


def last_reopening_before(rows: Stretches, limit: Ints, size: int) -> tuple[Ints, Ints]:
    """Per ticket, when it was last reopened up to ``limit``, on both clocks; null if never."""
    reopened = np.flatnonzero(rows.is_reopening)
    kept = reopened[rows.at[reopened] <= limit[rows.ticket[reopened]]]
    ticket = rows.ticket[kept]
    return place(size, ticket, rows.at[kept], NONE), place(size, ticket, rows.k[kept], NONE)


def waits(rows: Stretches, size: int) -> dict[str, Ints]:
    """Seconds per ticket in each kind of wait, on both clocks; a running stretch does not count yet."""
    went = np.where(rows.next_at == NONE, 0, rows.next_at - rows.at)
    went_business = np.where(rows.length == NONE, 0, rows.length)
    sums = {}
    for name, held in WAITS.items():
        counts = np.zeros(len(STATUSES) + 1, np.bool_)
        counts[[STATUSES[status] for status in held]] = True
        here = counts[rows.status]
        sums[f"{name}_seconds"] = total(size, rows.ticket, went, here)
        sums[f"{name}_business_seconds"] = total(size, rows.ticket, went_business, here)
    return sums


def moved(previous: Codes, now: Codes) -> Mask:
    """From one known value to another."""
    return (previous >= 0) & (now >= 0) & (previous != now)


def raised(previous: Codes, now: Codes, words: Vocabulary) -> Mask:
    """To a higher support level: tiers are words that sort (1, 2, 3 or L1, L2)."""
    level = np.argsort(np.argsort(np.array(words.words.to_pylist(), dtype=object).astype(str)))
    changed = moved(previous, now)
    result = np.zeros(len(now), np.bool_)
    result[changed] = level[now[changed]] > level[previous[changed]]
    return result


def first_assignment(rows: Stretches, history: History, size: int) -> tuple[Ints, Ints]:
    """Per ticket, when it was first assigned to a person, on both clocks."""
    assigned = _with_person(rows, history)
    ticket = rows.ticket[assigned]
    return place_first(size, ticket, rows.at[assigned], NONE), place_first(size, ticket, rows.k[assigned], NONE)


def handoff(rows: Stretches, changes: Changes, said: Talk, size: int) -> Ints:
    """Per ticket, when a bot passed it on.

    The source's own hand-off; where it records none, the first change of team or assignee from the bot's first message.
    """
    stated = changes.field == FIELDS["handoff"]
    stated_at = place_first(size, changes.ticket[stated], changes.at[stated], NONE)
    bot_at = said.first_bot_at[rows.ticket]
    shifted = ~rows.first & ((rows.assignee != rows.previous_assignee) | (rows.team != rows.previous_team))
    derived = shifted & (bot_at != NONE) & (rows.at >= bot_at)
    moved_at = place_first(size, rows.ticket[derived], rows.at[derived], NONE)
    return np.asarray(coalesce(stated_at, moved_at))


def _with_person(rows: Stretches, history: History) -> Mask:
    """The ticket is assigned, and not to a bot."""
    return (rows.assignee >= 0) & ~history.staff.bot(history.source[rows.ticket], rows.assignee)


def people(rows: Stretches, history: History, size: int) -> Ints:
    """How many different people were assigned to each ticket or replied in it, its opening message apart."""
    said = history.messages
    assigned = _with_person(rows, history) & (rows.first | (rows.assignee != rows.previous_assignee))
    replied = said.is_public & (said.kind == KINDS["agent"]) & (said.author >= 0) & ~starts_of(said.ticket)
    ticket = np.concatenate([rows.ticket[assigned], said.ticket[replied]])
    person = np.concatenate([rows.assignee[assigned], said.author[replied]])
    pairs = np.sort(ticket * len(history.words.words) + person)
    return count(size, pairs[starts_of(pairs)] // max(len(history.words.words), 1))
