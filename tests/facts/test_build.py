"""The builder of facts against a slow second opinion, on random histories in two schedules and both business clocks."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa
import pytest
from history import History
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskpulse.events import EVENT_TABLES
from deskpulse.facts.build import build_facts
from deskpulse.settings import ScheduleRule, Settings
from deskpulse.time.business import BusinessCalendar, business_calendar
from deskpulse.time.schedule import DAYS, Schedule, weekly
from tests.facts.ticket_oracle import Case, Changed, Oracle, Said

BASE = datetime(2024, 3, 28, 8)  # the Thursday before Easter; London's clocks change on the 31st
FIRST, LAST = datetime(2024, 3, 1), datetime(2024, 12, 31)
GAPS = (0, 0, 0, 1, 59, 600, 3601, 7 * 3600, 20 * 3600, 3 * 86400)
TEAMS = ("front", "front", "back", "back", "unscheduled", None)
PEOPLE = ("ann", "bob", "robot", None)
STATUS = ("new", "open", "pending", "on_hold", "solved", "solved", "closed")


def _schedule(name: str, zone: str, texts: list[str], days: tuple[str, ...]) -> Schedule:
    return Schedule(name=name, zone=zone, week=weekly({day: texts for day in days}))


SCHEDULES = {
    "office": replace(
        _schedule("office", "Europe/London", ["09:00-12:30", "13:15-17:00"], DAYS[:5]),
        holidays=frozenset({date(2024, 3, 29), date(2024, 4, 1)}),
    ),
    "evening": _schedule("evening", "UTC", ["16:00-23:00"], DAYS),
    "always": _schedule("always", "UTC", ["00:00-24:00"], DAYS),
}
RULES = (
    ScheduleRule(schedule="office", team="front"),
    ScheduleRule(schedule="evening", team="back", valid_to=date(2024, 3, 30)),
    ScheduleRule(schedule="always", team="back", valid_from=date(2024, 3, 31)),
)
CLOCKS = {
    name: Settings(schedules=SCHEDULES, schedule_rules=RULES, business_clock=name)  # type: ignore[arg-type]
    for name in ("per_moment", "last_schedule")
}
CALENDAR: BusinessCalendar = business_calendar(SCHEDULES, FIRST, LAST)

message = st.tuples(
    st.just("message"),
    st.sampled_from(("customer", "customer", "agent", "agent", "bot", "system")),
    st.sampled_from(("ann", "bob", "eve")),
    st.sampled_from((True, True, True, False)),
    st.sampled_from((False, False, False, True)),
)
change = st.one_of(
    st.tuples(st.just("status"), st.sampled_from(STATUS)),
    st.tuples(st.just("team"), st.sampled_from(TEAMS)),
    st.tuples(st.just("assignee"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("schedule"), st.sampled_from(("evening", "evening", None, "unheard of"))),
)
author = st.sampled_from((("ann", "agent"), ("cust", "customer"), ("rule", "system"), ("robot", "bot"), (None, None)))
happening = st.tuples(st.sampled_from(GAPS), st.one_of(message, st.tuples(change, author)))
opening = st.fixed_dictionaries(
    {
        "status": st.sampled_from((None, "new", "open", "solved")),
        "team": st.sampled_from(TEAMS),
        "assignee": st.sampled_from(PEOPLE),
    }
)
drawn_ticket = st.tuples(
    opening, st.integers(0, 4 * 24 * 60), st.lists(happening, max_size=14), st.sampled_from((0, 0, 0, 0, 1))
)
drawn_desk = st.lists(drawn_ticket, min_size=10, max_size=40)


def cases(drawn: Sequence[Any]) -> list[Case]:
    """Tickets with their events; ``seq`` counts over all of them, so that it also orders a merged ticket's messages.

    It counts from below zero, as sources do that tell their history backwards.
    """
    found: list[Case] = []
    for number, (opened, minutes, happenings, is_merged) in enumerate(drawn, 1):
        created = BASE + timedelta(minutes=minutes)
        at, said, changed = created, [], []
        for step, (gap, what) in enumerate(happenings):
            at, seq = at + timedelta(seconds=gap), number * 100 + step - 15_000
            if what[0] == "message":
                _, kind, who, public, deleted = what
                said.append(Said(at=at, seq=seq, kind=kind, author=who, public=public, deleted=deleted))
            else:
                (field, new), (by, by_kind) = what
                changed.append(Changed(at=at, seq=seq, field=field, new=new, by=by, by_kind=by_kind))
        into = str(number - 1) if is_merged and number > 1 else None
        found.append(
            Case(id=str(number), created=created, said=tuple(said), changed=tuple(changed), into=into, **opened)
        )
    return found


def survivor(case: Case, by_id: Mapping[str, Case]) -> str:
    """Who keeps the messages, along a chain of merges (always into an older number: no circles)."""
    return survivor(by_id[case.into], by_id) if case.into else case.id


def with_merged_messages(found: Sequence[Case]) -> list[Case]:
    """Each case with the messages that count for it."""
    by_id = {case.id: case for case in found}
    keeper = {case.id: survivor(case, by_id) for case in found}
    return [
        replace(case, said=tuple(s for other in found if keeper[other.id] == case.id for s in other.said))
        for case in found
    ]


def as_events(found: Sequence[Case], shuffle: random.Random | None = None) -> dict[str, Any]:
    """The canonical event tables, in any order of arrival."""
    history = History().add("person", source_id="robot", name=None, kind="bot")
    for case in found:
        history.add("ticket", source_id=case.id, created_at=case.created, status=case.status, team=case.team,
                    assignee=case.assignee)  # fmt: skip
        for said in case.said:
            history.add("message", ticket=case.id, at=said.at, seq=said.seq, author=said.author,
                        author_kind=said.kind, is_public=said.public, is_deleted=said.deleted)  # fmt: skip
        for changed in case.changed:
            history.add("change", ticket=case.id, **asdict(changed))
    by_id = {case.id: case for case in found}
    if shuffle:
        for rows in history.rows.values():
            shuffle.shuffle(rows)
    return {name: _bound(name, history.arrow(name), by_id) for name in EVENT_TABLES}


def _bound(name: str, rows: pa.Table, by_id: Mapping[str, Case]) -> Any:
    reference = EVENT_TABLES[name].ticket
    if reference:
        ids = rows[reference].to_pylist()
        rows = rows.append_column("ticket_key", pa.array([int(i) for i in ids], pa.int64()))
        owners = [int(survivor(by_id[i], by_id)) for i in ids]
        rows = rows.append_column("owner_key", pa.array(owners, pa.int64()))
    return ibis.memtable(rows)


def built(found: Sequence[Case], clock: str, shuffle: random.Random | None = None) -> Mapping[str, pa.Table]:
    """The facts of these tickets."""
    return build_facts(as_events(found, shuffle), CLOCKS[clock], CALENDAR)


def rows_of(facts: pa.Table, ticket: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """One ticket's rows of a fact, some columns of them."""
    return [{name: row[name] for name in names} for row in facts if row["ticket"] == f"desk:{ticket}"]


PROPERTY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def compare(drawn: Sequence[Any], clock: str) -> None:
    """Every ticket's facts with the oracle's."""
    found = cases(drawn)
    facts = {name: table.to_pylist() for name, table in built(found, clock).items()}
    oracle = Oracle(CLOCKS[clock])
    for case in with_merged_messages(found):
        expected = oracle.ticket(case)
        assert rows_of(facts["ticket"], case.id, list(expected)) == [expected], case
        for name, wanted in (("reply", oracle.reply_rows(case)), ("solve", oracle.solve_rows(case))):
            assert rows_of(facts[name], case.id, list(wanted[0]) if wanted else []) == wanted, case


@pytest.mark.parametrize("clock", CLOCKS)
@PROPERTY
@given(drawn=drawn_desk)
def test_every_fact_is_what_a_walk_through_the_history_finds(clock: str, drawn: Sequence[Any]) -> None:
    compare(drawn, clock)


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_busy_desk_too(clock: str) -> None:
    compare(busy_desk(), clock)


@pytest.mark.parametrize("clock", CLOCKS)
@PROPERTY
@given(drawn=drawn_desk, seed=st.integers(0, 1000))
def test_the_order_of_arrival_changes_nothing(clock: str, drawn: Sequence[Any], seed: int) -> None:
    found = cases(drawn)
    kept, shuffled = built(found, clock), built(found, clock, random.Random(seed))
    for name, table in kept.items():
        assert shuffled[name].to_pylist() == table.to_pylist()


@pytest.mark.parametrize("clock", CLOCKS)
@PROPERTY
@given(drawn=drawn_desk)
def test_stretches_add_up_to_the_time_from_creation_to_the_last_change(clock: str, drawn: Sequence[Any]) -> None:
    """On both clocks, and the time it stood for each side adds up to the resolution of a ticket never reopened."""
    found = cases(drawn)
    facts = {name: table.to_pylist() for name, table in built(found, clock).items()}
    for case in found:
        spans = [row for row in facts["span"] if row["ticket"] == f"desk:{case.id}"]
        whole = int((spans[-1]["from_at"] - case.created).total_seconds())
        assert sum(row["stretch_seconds"] for row in spans[:-1]) == whole
        assert spans[-1]["stretch_seconds"] is None
        row = next(row for row in facts["ticket"] if row["ticket"] == f"desk:{case.id}")
        if row["is_solved"] and not row["reopenings"]:
            for unit in ("seconds", "business_seconds"):
                if row[f"resolution_{unit}"] is not None:
                    assert row[f"requester_wait_{unit}"] + row[f"agent_wait_{unit}"] == row[f"resolution_{unit}"]


def test_the_random_histories_reach_what_they_are_for() -> None:
    """Random input that never meets a case proves nothing about it."""
    oracle = Oracle(CLOCKS["per_moment"])
    walks = [(case, oracle.walk(case), oracle.ticket(case)) for case in with_merged_messages(cases(busy_desk()))]
    rows = [row for _, _, row in walks]
    assert sum(row["reopenings"] > 1 for row in rows) > 3
    assert sum(row["first_response_seconds"] == 0 for row in rows) > 2
    assert sum(row["exchanges"] > 1 for row in rows) > 20
    assert sum(row["first_response_business_seconds"] not in (None, 0) for row in rows) > 20
    assert sum(row["resolution_business_seconds"] not in (None, 0) for row in rows) > 20
    assert sum(row["agent_wait_business_seconds"] not in (None, 0) for row in rows) > 5
    assert sum(len({s.schedule for s in walk.stretches}) > 1 for _, walk, _ in walks) > 50
    assert sum(case.into is not None for case, _, _ in walks) > 20


def busy_desk() -> list[Any]:
    """300 tickets, longer than a shrinking search likes to draw."""
    maker = random.Random(7)
    return [_random_ticket(maker) for _ in range(300)]


def _random_ticket(maker: random.Random) -> Any:
    def happening_of() -> Any:
        if maker.random() < 0.6:
            kind = maker.choice(("customer", "customer", "customer", "agent", "agent", "agent", "bot", "system"))
            return ("message", kind, maker.choice(("ann", "bob", "eve")), maker.random() < 0.8, maker.random() < 0.15)
        field, values = maker.choice((("status", STATUS), ("status", STATUS), ("team", TEAMS), ("assignee", PEOPLE)))
        author = maker.choice((("ann", "agent"), ("cust", "customer"), ("rule", "system"), (None, None)))
        return ((field, maker.choice(values)), author)

    opened = {"status": None, "team": maker.choice(TEAMS), "assignee": maker.choice(PEOPLE)}
    happenings = [(maker.choice(GAPS), happening_of()) for _ in range(maker.randint(0, 24))]
    return opened, maker.randint(0, 4 * 24 * 60), happenings, int(maker.random() < 0.2)
