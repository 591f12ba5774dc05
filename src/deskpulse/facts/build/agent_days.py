"""The fact of agents' days: states cut at midnight, what was done, and who was employed without doing anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.facts import agent_day
from deskpulse.facts.build.instants import moment, seconds
from deskpulse.facts.build.people import memberships, names, with_names, with_team_then
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value
from deskpulse.store.blanks import Left, blank
from deskpulse.store.texts import Asked, Desk
from deskpulse.time.bucket import day_start
from deskpulse.time.zone import OffsetPieces, offset_pieces, to_epoch, to_local

DAY = 86_400
STATES = ("available", "handling", "break", "meeting", "training", "other")
OF_TICKETS = ("replies", "solves")
DONE = (*OF_TICKETS, "calls")
EPOCH_DAY = date(1970, 1, 1)
KEY = ["source", "agent", "day"]
NOW, SINCE, OLDEST = "now", "since", "oldest"
"""Blanks: the instant of the data, in seconds since 1970; the first of the last days to count again; when the oldest
day to count again begins."""

BEGUN, DATES = "agents_begun", "agent_dates"


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days of a zone from the ``first`` thing known to ``now`` (in seconds), numbered by date since 1970."""

    desk: Desk
    first: int
    pieces: OffsetPieces
    now: int

    @property
    def table(self) -> Table:
        """One row each: number, begins, ends, date."""
        return self.desk.table(DATES)

    def asked(self, name: str, build: Callable[[], Table], **values: Left) -> Asked:
        """Rows that depend on nothing but these days and the values given."""
        return Asked(name=name, build=build, depends_on=self.pieces, values={NOW: self.now, **values})

    def of(self, epoch: Value) -> Value:
        """The number of the day an instant, in seconds since 1970, lies in."""
        until = [since for since, _ in self.pieces[1:]]
        offsets = [ibis.literal(offset, "int64") for _, offset in self.pieces]
        cases = [(epoch < end, offset) for end, offset in zip(until, offsets[:-1], strict=True)]
        offset = ibis.cases(*cases, else_=offsets[-1]) if cases else offsets[-1]
        return ((epoch + offset) / DAY).floor().cast("int64")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What agents' days are made of; ``begun`` is when each agent first did anything: source, agent, at."""

    labels: Table
    states: Table
    deeds: Table
    begun: Table
    days: Days


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Some agents' days: every one from the day ``since`` on, and of those before it ``earlier`` (the columns KEY)."""

    since: Value
    earlier: Table

    def of(self, rows: Table) -> Table:
        """Those of rows with the columns KEY."""
        return rows.filter(rows.day >= self.since).union(rows.semi_join(self.earlier, KEY))


def days_told(desk: Desk, events: Mapping[str, Table], fact: Callable[[str], Table], zone: str, now: datetime) -> Days:
    """The days there are until ``now``. They are put on the desk, with when each agent first did anything."""
    asked = Asked(name=BEGUN, build=lambda: _begun(_states(events), deeds(fact, DONE)), values={NOW: to_epoch(now)})
    begun = desk.fetch(asked)
    desk.put(BEGUN, begun)
    first: int | None = pc.min(begun["at"]).as_py()
    start = now if first is None else min(datetime(1970, 1, 1) + timedelta(seconds=first), now)
    day, last = (to_local(instant, zone).date() for instant in (start, now))
    desk.put(DATES, _dates(day, last, zone))
    return Days(desk=desk, first=_number(day), pieces=offset_pieces(zone, start, now), now=to_epoch(now))


def told(events: Mapping[str, Table], fact: Callable[[str], Table], days: Days, oldest: Value | None = None) -> Told:
    """What is known of everybody's work; of deeds only those since ``oldest``, where that is given."""
    return Told(
        labels=names(events),
        states=_states(events),
        deeds=deeds(fact, DONE, oldest),
        begun=days.desk.table(BEGUN),
        days=days,
    )


def agent_day_rows(events: Mapping[str, Table], known: Told, chosen: Chosen | None = None) -> Table:
    """One row per agent and day, or those that are chosen; no rows where nothing has happened yet."""
    days = known.days
    done = _per_day([_spent(known.states, days, chosen), _done(known.deeds, days, chosen)])
    rows = _with_employment(done, _employed(events, known), days, chosen)
    timed = rows.inner_join(days.table, rows.day == days.table.number)
    ids = _with_ids(timed, known.labels).mutate(team=ibis.null("string"), last=lambda found: found.ends - 1)
    then = with_team_then(ids, memberships(events), agent="person", at="last", team="team")
    return shaped(_as_declared(then), agent_day.FACT)


def _states(events: Mapping[str, Table]) -> Table:
    """Stretches that never overlap: a state ends at the latest where the agent's next one begins, the last one now."""
    agent_state, now = events["agent_state"], blank(NOW, "int64")
    rows = agent_state.mutate(
        begin=seconds(agent_state["at"]), stated=seconds(agent_state.until), state=agent_state.state.cast("string")
    )
    own = ibis.window(group_by=["source", "agent"], order_by=["begin", "source_id"])
    following = rows.begin.lead().over(own)
    bounded = rows.mutate(end=ibis.least(rows.stated.fill_null(now), following.fill_null(now), now))
    return with_names(bounded.filter(bounded.end > bounded.begin), names(events), "agent").select(
        "source", "agent", "state", "begin", "end"
    )


def deeds(fact: Callable[[str], Table], which: Sequence[str], oldest: Value | None = None) -> Table:
    """What people did, one row each: source, agent, at, what, seconds of handling."""
    return ibis.union(*(DEEDS[name](fact, oldest) for name in which))


def _since(rows: Table, at: str, oldest: Value | None) -> Table:
    return rows if oldest is None else rows.filter(rows[at] >= oldest)


def _replies(fact: Callable[[str], Table], oldest: Value | None) -> Table:
    reply = _since(fact("reply"), "replied_at", oldest)
    return _deed(reply, reply.replied_at, "replies", ibis.literal(0.0))


def _solves(fact: Callable[[str], Table], oldest: Value | None) -> Table:
    solve = _since(fact("solve"), "solved_at", oldest)
    return _deed(solve, solve.solved_at, "solves", ibis.literal(0.0))


def _handled(fact: Callable[[str], Table], oldest: Value | None) -> Table:
    handle = _since(fact("handle"), "handled_at", oldest)
    return _deed(handle.filter(handle.is_handled), handle.handled_at, "calls", handle.handle_seconds)


DEEDS = {"replies": _replies, "solves": _solves, "calls": _handled}


def _deed(rows: Table, at: Value, what: str, handled: Value) -> Table:
    chosen = rows.select("source", "agent", "left_out", at=seconds(at), what=ibis.literal(what), handled=handled)
    return chosen.filter(chosen.left_out.isnull() & chosen.agent.notnull() & chosen["at"].notnull()).drop("left_out")


def _begun(states: Table, done: Table) -> Table:
    either = states.select("source", "agent", at="begin").union(done.select("source", "agent", "at"))
    return either.group_by(["source", "agent"]).agg(at=either["at"].min())


def _dates(day: date, last: date, zone: str) -> pa.Table:
    dates = [day + timedelta(days=passed) for passed in range((last - day).days + 2)]
    begins = [to_epoch(day_start(each, zone)) for each in dates]
    columns = {
        "number": pa.array(map(_number, dates[:-1]), pa.int64()),
        "begins": pa.array(begins[:-1], pa.int64()),
        "ends": pa.array(begins[1:], pa.int64()),
        "date": pa.array([each.isoformat() for each in dates[:-1]]),
    }
    return pa.table(columns)


def day_of(instant: datetime, zone: str) -> int:
    """The number of the day an instant lies in."""
    return _number(to_local(instant, zone).date())


def begin_of(day: int, zone: str) -> datetime:
    """The instant a day of this number begins."""
    return day_start(EPOCH_DAY + timedelta(days=day), zone)


def _number(day: date) -> int:
    return (day - EPOCH_DAY).days


def _spent(states: Table, days: Days, chosen: Chosen | None) -> Table:
    """Seconds of each state per agent and day."""
    bounds = days.table
    cut = states.inner_join(bounds, [states.begin < bounds.ends, states.end > bounds.begins])
    long = ibis.least(cut.end, cut.ends) - ibis.greatest(cut.begin, cut.begins)
    pieces = _of(chosen, cut.select("source", "agent", "state", day=cut.number, long=long))
    sums = {name: (pieces.state == name).ifelse(pieces.long, 0).sum().cast("float64") for name in STATES}
    has_handling = (pieces.state == "handling").ifelse(1, 0).max()
    return pieces.group_by(KEY).agg(**sums, has_handling=has_handling)


def _done(deeds: Table, days: Days, chosen: Chosen | None) -> Table:
    """How much was done per agent and day, and how long the calls of the day took."""
    dated = _of(chosen, deeds.mutate(day=days.of(deeds["at"])))
    counts = {name: (dated.what == name).ifelse(1, 0).sum() for name in DONE}
    return dated.group_by(KEY).agg(**counts, on_calls=dated.handled.sum())


def _of(chosen: Chosen | None, rows: Table) -> Table:
    return rows if chosen is None else chosen.of(rows)


def _per_day(parts: list[Table]) -> Table:
    """One row per key of any part, with the columns of all."""
    keys = reduce(lambda one, other: one.union(other, distinct=True), [part.select(*KEY) for part in parts])
    for part in parts:
        keys = keys.left_join(part, KEY)
        keys = keys.drop(*(name for name in keys.columns if name.endswith("_right")))
    return keys


def _with_employment(done: Table, employed: Table, days: Days, chosen: Chosen | None) -> Table:
    """Adds the days people were employed and did nothing, and whether they were employed on each.

    Who has no first day is employed since their first membership, else since they first did anything; who is not
    among the people at all is employed on the days they did something.
    """
    bounds = days.table
    idle = employed.inner_join(bounds, [bounds.number >= employed.first_day, bounds.number <= employed.last_day])
    every = _of(chosen, idle.select("source", "agent", day=idle.number)).distinct()
    keys = every.union(done.select(*KEY), distinct=True)
    rows = keys.left_join(done, KEY).drop("source_right", "agent_right", "day_right")
    dated = rows.left_join(employed, ["source", "agent"]).drop("source_right", "agent_right")
    is_within = (dated.day >= dated.first_day) & (dated.day <= dated.last_day)
    return dated.mutate(is_employed=dated.first_day.isnull().ifelse(True, is_within)).drop("first_day", "last_day")


def hired(events: Mapping[str, Table], known: Told) -> Table:
    """Everybody who is no bot, by the name that is shown: source, agent, the days ``hired`` (the first one, else
    that of the first membership) and ``left``, where known."""
    person, membership = events["person"], events["membership"]
    joined = membership.group_by(["source", "person"]).agg(joined=seconds(membership.valid_from).min())
    people = person.filter(person.kind.isnull() | (person.kind.cast("string") == "agent"))
    rows = people.left_join(joined, [people.source == joined.source, people.source_id == joined.person])
    day, begin = known.days.of, ibis.coalesce(seconds(rows.hired_at), rows.joined)
    dated = rows.select("source", agent=rows.source_id, hired=day(begin), left=day(seconds(rows.left_at)))
    return with_names(dated, known.labels, "agent").filter(lambda found: found.agent.notnull())


def _employed(events: Mapping[str, Table], known: Told) -> Table:
    """First and last day of everybody who is no bot, by the name that is shown."""
    day, now = known.days.of, blank(NOW, "int64")
    found = hired(events, known).left_join(known.begun, ["source", "agent"]).drop("source_right", "agent_right")
    first = ibis.coalesce(found.hired, day(found["at"]))
    bounded = found.mutate(first_day=first, last_day=found.left.fill_null(day(now)))
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
