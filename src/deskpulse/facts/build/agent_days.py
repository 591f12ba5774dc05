"""The fact of agents' days: states cut at midnight, what was done, and who was employed without doing anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

import ibis
import pyarrow as pa

from deskpulse.facts import agent_day
from deskpulse.facts.build.instants import moment, seconds
from deskpulse.facts.build.people import memberships, names, with_names, with_team_then
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value
from deskpulse.time.bucket import day_start
from deskpulse.time.zone import OffsetPieces, offset_pieces, to_epoch, to_local

DAY = 86_400
STATES = ("available", "handling", "break", "meeting", "training", "other")
DONE = ("replies", "solves", "calls")
EPOCH_DAY = date(1970, 1, 1)
KEY = ["source", "agent", "day"]


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days of a zone from the first thing known to now, numbered by date since 1970."""

    table: Table
    pieces: OffsetPieces
    now: int

    def of(self, epoch: Value) -> Value:
        """The number of the day an instant, in seconds since 1970, lies in."""
        until = [since for since, _ in self.pieces[1:]]
        offsets = [ibis.literal(offset, "int64") for _, offset in self.pieces]
        cases = [(epoch < end, offset) for end, offset in zip(until, offsets[:-1], strict=True)]
        offset = ibis.cases(*cases, else_=offsets[-1]) if cases else offsets[-1]
        return ((epoch + offset) / DAY).floor().cast("int64")


def agent_day_rows(events: Mapping[str, Table], fact: Callable[[str], Table], zone: str, as_of: datetime) -> Table:
    """One row per agent and day; no rows where nothing has happened yet."""
    labels = names(events)
    states = _states(events["agent_state"], labels, to_epoch(as_of))
    deeds = _deeds(fact)
    days = _days(_first(states, deeds), as_of, zone)
    done = _per_day([_spent(states, days), _done(deeds, days)])
    rows = _with_employment(done, events, labels, days)
    timed = rows.inner_join(days.table, rows.day == days.table.number)
    ids = _with_ids(timed, labels).mutate(team=ibis.null("string"), last=lambda found: found.ends - 1)
    then = with_team_then(ids, memberships(events), agent="person", at="last", team="team")
    return shaped(_as_declared(then), agent_day.FACT)


def _states(told: Table, labels: Table, now: int) -> Table:
    """Stretches that never overlap: a state ends at the latest where the agent's next one begins, the last one now."""
    rows = told.mutate(begin=seconds(told["at"]), stated=seconds(told.until), state=told.state.cast("string"))
    own = ibis.window(group_by=["source", "agent"], order_by=["begin", "source_id"])
    following = rows.begin.lead().over(own)
    bounded = rows.mutate(end=ibis.least(rows.stated.fill_null(now), following.fill_null(now), now))
    return with_names(bounded.filter(bounded.end > bounded.begin), labels, "agent").select(
        "source", "agent", "state", "begin", "end"
    )


def _deeds(fact: Callable[[str], Table]) -> Table:
    """What people did, one row each: source, agent, at, what, seconds of handling."""
    reply, solve, handle = fact("reply"), fact("solve"), fact("handle")
    parts = (
        _deed(reply, reply.replied_at, "replies", ibis.literal(0.0)),
        _deed(solve, solve.solved_at, "solves", ibis.literal(0.0)),
        _deed(handle.filter(handle.is_handled), handle.handled_at, "calls", handle.handle_seconds),
    )
    return ibis.union(*parts)


def _deed(rows: Table, at: Value, what: str, handled: Value) -> Table:
    chosen = rows.select("source", "agent", "left_out", at=seconds(at), what=ibis.literal(what), handled=handled)
    return chosen.filter(chosen.left_out.isnull() & chosen.agent.notnull() & chosen["at"].notnull()).drop("left_out")


def _first(states: Table, deeds: Table) -> int | None:
    begun = states.agg(at=states.begin.min()).union(deeds.agg(at=deeds["at"].min()))
    found: int | None = begun.agg(first=begun["at"].min()).to_pyarrow()["first"][0].as_py()
    return found


def _days(first: int | None, as_of: datetime, zone: str) -> Days:
    start = as_of if first is None else min(datetime(1970, 1, 1) + timedelta(seconds=first), as_of)
    day, last = (to_local(instant, zone).date() for instant in (start, as_of))
    dates = [day + timedelta(days=passed) for passed in range((last - day).days + 2)]
    begins = [to_epoch(day_start(each, zone)) for each in dates]
    columns = {
        "number": pa.array([(each - EPOCH_DAY).days for each in dates[:-1]], pa.int64()),
        "begins": pa.array(begins[:-1], pa.int64()),
        "ends": pa.array(begins[1:], pa.int64()),
        "date": pa.array([each.isoformat() for each in dates[:-1]]),
    }
    return Days(table=ibis.memtable(pa.table(columns)), pieces=offset_pieces(zone, start, as_of), now=to_epoch(as_of))


def _spent(states: Table, days: Days) -> Table:
    """Seconds of each state per agent and day."""
    bounds = days.table
    cut = states.inner_join(bounds, [states.begin < bounds.ends, states.end > bounds.begins])
    long = ibis.least(cut.end, cut.ends) - ibis.greatest(cut.begin, cut.begins)
    pieces = cut.select("source", "agent", "state", day=cut.number, long=long)
    sums = {name: (pieces.state == name).ifelse(pieces.long, 0).sum().cast("float64") for name in STATES}
    has_handling = (pieces.state == "handling").ifelse(1, 0).max()
    return pieces.group_by(KEY).agg(**sums, has_handling=has_handling)


def _done(deeds: Table, days: Days) -> Table:
    """How much was done per agent and day, and how long the calls of the day took."""
    dated = deeds.mutate(day=days.of(deeds["at"]))
    counts = {name: (dated.what == name).ifelse(1, 0).sum() for name in DONE}
    return dated.group_by(KEY).agg(**counts, on_calls=dated.handled.sum())


def _per_day(parts: list[Table]) -> Table:
    """One row per key of any part, with the columns of all."""
    keys = reduce(lambda one, other: one.union(other, distinct=True), [part.select(*KEY) for part in parts])
    for part in parts:
        keys = keys.left_join(part, KEY)
        keys = keys.drop(*(name for name in keys.columns if name.endswith("_right")))
    return keys


def _with_employment(done: Table, events: Mapping[str, Table], labels: Table, days: Days) -> Table:
    """Adds the days people were employed and did nothing, and whether they were employed on each.

    Who has no first day is employed since their first membership, else since they first did anything; who is not
    among the people at all is employed on the days they did something.
    """
    known = _employed(done, events, labels, days)
    bounds = days.table
    idle = known.inner_join(bounds, [bounds.number >= known.first_day, bounds.number <= known.last_day])
    every = idle.select("source", "agent", day=idle.number).distinct()
    keys = every.union(done.select(*KEY), distinct=True)
    rows = keys.left_join(done, KEY).drop("source_right", "agent_right", "day_right")
    dated = rows.left_join(known, ["source", "agent"]).drop("source_right", "agent_right")
    is_within = (dated.day >= dated.first_day) & (dated.day <= dated.last_day)
    return dated.mutate(is_employed=dated.first_day.isnull().ifelse(True, is_within)).drop("first_day", "last_day")


def _employed(done: Table, events: Mapping[str, Table], labels: Table, days: Days) -> Table:
    """First and last day of everybody who is no bot, by the name that is shown."""
    person, membership = events["person"], events["membership"]
    joined = membership.group_by(["source", "person"]).agg(joined=seconds(membership.valid_from).min())
    people = person.filter(person.kind.isnull() | (person.kind.cast("string") == "agent"))
    rows = people.left_join(joined, [people.source == joined.source, people.source_id == joined.person])
    hired = ibis.coalesce(seconds(rows.hired_at), rows.joined)
    dated = rows.select("source", agent=rows.source_id, hired=days.of(hired), left=days.of(seconds(rows.left_at)))
    named = with_names(dated, labels, "agent").filter(lambda found: found.agent.notnull())
    began = done.group_by(["source", "agent"]).agg(began=done.day.min())
    found = named.left_join(began, ["source", "agent"]).drop("source_right", "agent_right")
    first = ibis.coalesce(found.hired, found.began)
    bounded = found.mutate(first_day=first, last_day=found.left.fill_null(days.of(ibis.literal(days.now, "int64"))))
    return bounded.filter(bounded.first_day.notnull()).select("source", "agent", "first_day", "last_day")


def _with_ids(rows: Table, labels: Table) -> Table:
    """Adds the id behind the name that is shown: memberships know people by it."""
    joined = rows.mutate(shown=rows.agent).left_join(labels, ["source", ("shown", "label")])
    return joined.mutate(person=ibis.coalesce(joined.person, joined.agent)).drop("source_right", "label")


def _as_declared(rows: Table) -> Table:
    spent = {name: rows[name] for name in STATES}
    # A source without a state for handling shows its calls as time available.
    on_calls = ibis.least(rows.on_calls.fill_null(0.0), rows.available)
    handling = (rows.has_handling == 1).ifelse(rows.handling, on_calls)
    available = (rows.has_handling == 1).ifelse(rows.available, rows.available - on_calls)
    logged_in = rows.available + rows.handling + spent["break"] + rows.other
    done = {name: rows[name].fill_null(0) for name in DONE}
    return rows.mutate(
        agent_day=rows.source + ":" + rows.agent + ":" + rows.date,
        left_out=ibis.null("string"),
        day_at=moment(rows.begins),
        logged_in_seconds=logged_in,
        available_seconds=available,
        handling_seconds=handling,
        break_seconds=spent["break"],
        meeting_seconds=rows.meeting,
        training_seconds=rows.training,
        paid_seconds=logged_in + rows.meeting + rows.training,
        productive_seconds=rows.available + rows.handling,
        is_helping=done["replies"] + done["solves"] + done["calls"] > 0,
        **done,
    )
