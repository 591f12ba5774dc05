"""The stretches of a ticket between two changes of status, assignee, team, tier or schedule, on both clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from deskpulse.facts.build.batch import FIELDS, OF_STRETCH, STATUSES, Changes, History, Tickets
from deskpulse.facts.build.clock import Clock, rule_edges, schedule_numbers
from deskpulse.facts.build.columns import (
    NONE,
    SEQUENCES,
    Codes,
    Ints,
    Mask,
    after,
    before,
    carry,
    minus,
    order_of,
    place,
    starts_of,
)

TRACKED = ("status", "assignee", "team", "tier", "schedule")
SOLVED = STATUSES["solved"]
AT_OPENING = -1
"""The sequence, in a ticket's first second, of changes that tell what it opened with."""

OPENING = np.iinfo(np.int64).min + 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Timeline:
    """Tickets one after the other, each ``reach`` seconds long from ``begin`` on; ``openings`` are their first rows."""

    begin: int
    reach: int
    keys: Ints
    openings: Ints


@dataclass(frozen=True, kw_only=True, eq=False)
class Stretches:
    """One row per stretch, in ticket order; the first of each ticket is its opening.

    ``k`` is the ticket's own business clock at the stretch's start: the sum of the stretches before, each under the
    schedule then in force. Only its differences within a ticket mean anything; null from the first stretch without a
    schedule on. ``b_from`` is B at the start under the stretch's schedule.
    """

    ticket: Ints
    at: Ints
    next_at: Ints
    order: Ints
    status: Ints
    previous_status: Ints
    assignee: Codes
    previous_assignee: Codes
    team: Codes
    previous_team: Codes
    tier: Codes
    previous_tier: Codes
    by: Codes
    schedule: Ints
    b_from: Ints
    length: Ints
    k: Ints
    first: Mask

    @property
    def is_solve(self) -> Mask:
        """The stretch begins by solving the ticket."""
        return (self.status == SOLVED) & ~is_done(self.previous_status)

    @property
    def is_reopening(self) -> Mask:
        """The stretch begins by taking the ticket back from solved or closed."""
        return ~is_done(self.status) & is_done(self.previous_status)

    @cached_property
    def timeline(self) -> Timeline:
        """The starts of all stretches on one line."""
        begin = int(self.at.min())
        reach = int(self.at.max()) - begin + 1
        # A change dated before its ticket's opening must not sort before it.
        keys = np.maximum.accumulate(self.ticket * reach + (self.at - begin))
        return Timeline(begin=begin, reach=reach, keys=keys, openings=np.flatnonzero(self.first))

    @property
    def last(self) -> Mask:
        """The stretch is its ticket's last."""
        result = np.ones(len(self.ticket), np.bool_)
        result[:-1] = self.first[1:]
        return result


def is_done(status: Ints) -> Mask:
    """Solved or closed: the last two of the statuses."""
    return status >= SOLVED


@dataclass(frozen=True, kw_only=True, eq=False)
class _Steps:
    """Openings, changes and schedule edges in ticket order: what was set by each."""

    ticket: Ints
    at: Ints
    order: Ints
    by: Codes
    number: Ints
    new: Codes
    new_status: Ints


def stretches(history: History, clock: Clock) -> Stretches:
    """Every stretch of every ticket of a batch."""
    tickets, changes = _as_opened(history.tickets, history.changes)
    steps = _without_late_edges(_steps(tickets, changes, rule_edges(clock.settings)), tickets)
    first = starts_of(steps.ticket)
    values = {name: _carried(steps, first, tickets, name) for name in TRACKED[1:]}
    status = _carried_status(steps, first, tickets)
    schedule = schedule_numbers(
        clock,
        steps.at,
        named=values["schedule"],
        team=values["team"],
        channel=tickets.texts["channel"][steps.ticket],
        words=history.words,
    )
    if clock.settings.business_clock == "last_schedule":
        schedule = _last_of_ticket(schedule, first)
    next_at = after(steps.at, first, NONE)
    b_from = clock.business(steps.at, schedule)
    length = minus(clock.business(next_at, schedule), b_from)
    return Stretches(
        ticket=steps.ticket,
        at=steps.at,
        next_at=next_at,
        order=steps.order,
        status=status,
        previous_status=before(status, first, 0),
        assignee=values["assignee"],
        previous_assignee=before(values["assignee"], first, -1),
        team=values["team"],
        previous_team=before(values["team"], first, -1),
        tier=values["tier"],
        previous_tier=before(values["tier"], first, -1),
        by=steps.by,
        schedule=schedule,
        b_from=b_from,
        length=length,
        k=_own_clock(length, b_from, first),
        first=first,
    )


def _as_opened(tickets: Tickets, changes: Changes) -> tuple[Tickets, Changes]:
    """Tickets with what sources tell of their opening as changes, and the changes without these.

    A status stays a change: whoever opened a ticket as solved is to be credited.
    """
    created = tickets.created_at[changes.ticket]
    told = changes.order == order_of(created, np.full_like(created, AT_OPENING))
    told &= changes.field != FIELDS["status"]
    if not told.any():
        return tickets, changes
    texts = dict(tickets.texts)
    for name in TRACKED[1:]:
        mine = told & (changes.field == FIELDS[name])
        texts[name] = texts[name].copy()
        texts[name][changes.ticket[mine]] = changes.new[mine]
    left = {name: column[~told] for name, column in vars(changes).items()}
    return replace(tickets, texts=texts), Changes(**left)


def _steps(tickets: Tickets, changes: Changes, edges: tuple[int, ...]) -> _Steps:
    tracked = changes.field <= len(OF_STRETCH)
    tracked &= changes.field > 0
    rows = np.arange(len(tickets))
    parts = [
        (rows, tickets.created_at, np.full(len(rows), OPENING), *_unset(len(rows))),
        tuple(
            column[tracked]
            for column in (
                changes.ticket,
                changes.at,
                changes.order,
                changes.by,
                changes.field,
                changes.new,
                changes.new_status,
            )
        ),
    ]
    for edge in edges:
        older = rows[tickets.created_at < edge]
        size = len(older)
        parts.append((older, np.full(size, edge), np.full(size, edge * SEQUENCES - 1), *_unset(size)))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    # Without edges a stable sort by ticket will do: openings stand first, and changes are in order already.
    ticket, _, order = columns[:3]
    permutation = np.lexsort((order, ticket)) if edges else np.argsort(ticket, kind="stable")
    columns = [column[permutation] for column in columns]
    ticket, at, order, by, number, new, new_status = columns
    return _Steps(ticket=ticket, at=at, order=order, by=by, number=number, new=new, new_status=new_status)


def _without_late_edges(steps: _Steps, tickets: Tickets) -> _Steps:
    """Without the schedule edges that come after all that happened to a ticket now done: they concern it no more."""
    first = starts_of(steps.ticket)
    index = np.arange(len(first))
    happened = first | (steps.number > 0)
    latest = place(len(tickets), steps.ticket[happened], index[happened], NONE)
    done = is_done(_carried_status(steps, first, tickets))
    kept = ~done | (index <= latest[steps.ticket])
    if kept.all():
        return steps
    return _Steps(**{name: column[kept] for name, column in vars(steps).items()})


def _unset(size: int) -> tuple[Codes, Ints, Codes, Ints]:
    nobody = np.full(size, -1, np.int32)
    return nobody, np.zeros(size, np.int64), nobody, np.zeros(size, np.int64)


def _carried(steps: _Steps, first: Mask, tickets: Tickets, name: str) -> Codes:
    is_new = steps.number == FIELDS[name]
    opening = tickets.texts[name][steps.ticket]
    return carry(np.where(is_new, steps.new, opening), is_new | first)


def _carried_status(steps: _Steps, first: Mask, tickets: Tickets) -> Ints:
    is_new = steps.new_status > 0
    return carry(np.where(is_new, steps.new_status, tickets.status[steps.ticket]), is_new | first)


def _last_of_ticket(values: Ints, first: Mask) -> Ints:
    ends = np.append(np.flatnonzero(first)[1:], len(values)) - 1
    return values[ends][np.cumsum(first) - 1]


def _own_clock(length: Ints, b_from: Ints, first: Mask) -> Ints:
    """The business time of the stretches before, within the ticket."""
    known = np.where(length == NONE, 0, length)
    upto = np.cumsum(known) - known
    begun = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    lacking = np.cumsum(b_from == NONE)
    is_known = lacking == (lacking - (b_from == NONE))[begun]
    return np.where(is_known, upto - upto[begun], NONE)


def stretch_at(rows: Stretches, ticket: Ints, at: Ints) -> Ints:
    """The stretch each instant falls in, the later one where a change happened in that second."""
    if not len(ticket):
        return ticket
    line = rows.timeline
    asked = ticket * line.reach + np.clip(at - line.begin, 0, line.reach - 1)
    found = np.searchsorted(line.keys, asked, side="right") - 1
    return np.maximum(found, line.openings[ticket])


def stretch_when(rows: Stretches, ticket: Ints, at: Ints, order: Ints) -> Ints:
    """The stretch each event falls in, told apart by sequence where a change happened in its very second."""
    found = stretch_at(rows, ticket, at)
    while (early := (rows.order[found] > order) & ~rows.first[found]).any():
        found = np.where(early, found - 1, found)
    return found


def clock_at(rows: Stretches, clock: Clock, ticket: Ints, at: Ints) -> Ints:
    """The ticket's own business clock at each instant; null for a null instant."""
    known = at != NONE
    result = np.full(len(at), NONE)
    stretch = stretch_at(rows, ticket[known], at[known])
    reached = clock.business(at[known], rows.schedule[stretch])
    within = np.where((reached == NONE) | (rows.b_from[stretch] == NONE), NONE, reached - rows.b_from[stretch])
    k = rows.k[stretch]
    result[known] = np.where((k == NONE) | (within == NONE), NONE, k + within)
    return result
