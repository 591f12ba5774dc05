"""Traps of adding up: fan-out, mix, percentiles of percentiles, ratios, and rankings of a handful."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deskpulse.workspace.exploring import Choice, explored
from deskpulse.workspace.groups import Period, groups
from deskpulse.workspace.overview import overview
from tests.history import History
from tests.traps.workspaces import by, desk, row, value

MINUTE = 60


def ratings(history: History, channel: str, day: str, *, good: int, of: int, agent: str | None = None) -> History:
    """``of`` ratings of a day on a scale of 1 to 5, ``good`` of them a 5 and the others a 1."""
    for number in range(of):
        score = 5.0 if number < good else 1.0
        history.add(
            "survey",
            survey=f"{channel} {day} {agent} {number}",
            action="answered",
            at=f"{day} 09:00",
            kind="csat",
            channel=channel,
            agent=agent,
            score=score,
            scale_low=1.0,
            scale_high=5.0,
        )
    return history


def waits(history: History, day: str, *minutes: int) -> History:
    """A ticket for each wait, asked on a day and answered so many minutes later."""
    for number, wait in enumerate(minutes):
        id = f"{day} {number}"
        history.ticket(id, f"{day} 09:00").says("customer", id, f"{day} 09:00")
        history.says("agent", id, f"{day} {9 + wait // 60:02}:{wait % 60:02}")
    return history


def test_28_tags_messages_and_changes_do_not_multiply_tickets(tmp_path: Path) -> None:
    """Ticket 1 has three tags, four messages, two solves, a rating and two targets; ticket 2 has none of these.

    It stays one ticket of one type with one wait of 10 min; its work of 60 s and 120 s adds up once, to 180 s.
    """
    history = History().ticket("1", "2024-01-05 09:00", tags="a,b,c", type="question", customer="c")
    history.says("customer", "1", "2024-01-05 09:00").says("agent", "1", "2024-01-05 09:10", work_seconds=60.0)
    history.says("customer", "1", "2024-01-05 09:20").says("agent", "1", "2024-01-05 09:30", work_seconds=120.0)
    for at, status in (("10:00", "solved"), ("11:00", "open"), ("12:00", "solved")):
        history.changes("1", f"2024-01-05 {at}", "status", status, by="ann")
    for metric in ("first_response", "resolution"):
        history.add(
            "policy_target", ticket="1", at="2024-01-05 09:00", metric=metric, target_seconds=900, clock="calendar"
        )
    history.add("survey", survey="s", action="answered", at="2024-01-05 13:00", kind="csat", ticket="1", score=1.0)
    place = desk(tmp_path, history.ticket("2", "2024-01-05 09:00", type="problem"))
    assert by(place, "issues_by_type", "type", period="2024-01") == {"question": 1, "problem": 1}
    assert row(place, "first_response_time", period="2024-01").n == 1
    assert value(place, "first_response_time", period="2024-01", statistic="mean") == 10 * MINUTE
    assert value(place, "average_handle_time:tickets", period="2024-01") == 180
    assert row(place, "first_response_within_target:policy", period="2024-01").n == 1


def test_29_the_total_may_move_against_every_part_and_the_mix_is_shown(tmp_path: Path) -> None:
    """Chat goes from 8 of 10 to 2 of 2, e-mail from 1 of 2 to 6 of 10: both better. The total goes from 9 of 12 to
    8 of 12: worse, since e-mail went from 2 of 12 ratings to 10 of 12. The ns beside the parts say so."""
    history = ratings(ratings(History(), "chat", "2024-01-05", good=8, of=10), "email", "2024-01-05", good=1, of=2)
    ratings(ratings(history, "chat", "2024-02-05", good=2, of=2), "email", "2024-02-05", good=6, of=10)
    place = desk(tmp_path, history)
    january, february = (
        {row.dimensions["channel"]: (row.value, row.n) for row in place.ask("csat", by="channel", period=month).rows}
        for month in ("2024-01", "2024-02")
    )
    assert january == {"chat": (0.8, 10), "email": (0.5, 2)}
    assert february == {"chat": (1, 2), "email": (0.6, 10)}
    assert value(place, "csat", period="2024-01") == pytest.approx(9 / 12)
    assert value(place, "csat", period="2024-02") == pytest.approx(8 / 12)


def test_30_a_percentile_is_taken_of_the_rows_and_not_of_percentiles(tmp_path: Path) -> None:
    """A day with waits of 1, 2, 3 min and one with a single wait of 20 min: their medians are 2 and 20 min.

    The median of the four is (2 + 3) / 2 = 2.5 min, not (2 + 20) / 2 = 11. The p90 lies 0.9 * 3 = 2.7 steps on, so at
    3 + 0.7 * 17 = 14.9 min, as numpy has it.
    """
    place = desk(tmp_path, waits(waits(History(), "2024-01-08", 1, 2, 3), "2024-01-09", 20))
    days = place.ask("first_response_time", grain="day", start="2024-01-08", end="2024-01-10").rows
    assert [day.value for day in days] == [2 * MINUTE, 20 * MINUTE]
    assert value(place, "first_response_time", period="2024-01") == 2.5 * MINUTE
    ninth = value(place, "first_response_time", period="2024-01", statistic="p90")
    assert ninth == pytest.approx(14.9 * MINUTE)
    assert ninth == pytest.approx(np.percentile([60, 120, 180, 1200], 90))


def test_31_what_stands_on_several_days_does_not_add_up_over_them(tmp_path: Path) -> None:
    """One ticket stands from the 8th to the 10th: one on each of three evenings, and one over all, not three."""
    history = History().ticket("1", "2024-01-08 09:00").changes("1", "2024-01-11 09:00", "status", "solved", by="ann")
    place = desk(tmp_path, history)
    days = place.ask("backlog", grain="day", start="2024-01-08", end="2024-01-11").rows
    assert [day.value for day in days] == [1, 1, 1]
    assert value(place, "backlog", start="2024-01-08", end="2024-01-11") == 1


def test_31_people_who_help_on_several_days_are_counted_once(tmp_path: Path) -> None:
    """Ann replies on two days and Bob on one, to one ticket: two people, not three."""
    history = History().ticket("1", "2024-01-08 09:00", customer="c").says("customer", "1", "2024-01-08 09:00")
    history.says("agent", "1", "2024-01-08 10:00", author="ann").says("customer", "1", "2024-01-09 09:00")
    history.says("agent", "1", "2024-01-09 10:00", author="bob").says("customer", "1", "2024-01-10 09:00")
    history.says("agent", "1", "2024-01-10 10:00", author="ann")
    place = desk(tmp_path, history.changes("1", "2024-01-10 11:00", "status", "solved", by="ann"))
    assert value(place, "agents_per_ticket", period="2024-01") == 2


def test_32_a_ratio_of_two_counts_is_added_up_apart_and_divided_after(tmp_path: Path) -> None:
    """January: 2 created, 1 of them solved. February: 1 created, all the 3 solved by its end: 2 solves.

    1/2 and 2/1 by month; over both 3/3, not the mean of the two, 1.25. Phone solves one and creates none: 1/0 is null.
    """
    history = History().ticket("0", "2023-12-31 09:00", channel="phone")
    for id, created, solved in (
        ("1", "2024-01-05", "2024-01-06"),
        ("2", "2024-01-07", "2024-02-02"),
        ("3", "2024-02-03", "2024-02-04"),
    ):
        history.ticket(id, f"{created} 09:00", channel="email").changes(id, f"{solved} 09:00", "status", "solved")
    history.changes("0", "2024-01-02 09:00", "status", "solved")
    place = desk(tmp_path, history)
    email = {"where": "channel=email"}
    assert value(place, "resolution_rate:period", period="2024-01", **email) == 0.5
    assert value(place, "resolution_rate:period", period="2024-02", **email) == 2
    assert value(place, "resolution_rate:period", start="2024-01-01", end="2024-03-01", **email) == 1
    rows = place.ask("resolution_rate:period", by="channel", period="2024-01").rows
    assert {found.dimensions["channel"]: found.value for found in rows} == {"email": 0.5, "phone": None}


def test_33_with_five_ratings_each_the_best_and_the_worst_cannot_be_told_apart(tmp_path: Path) -> None:
    """Ann has 5 of 5 and Bob 3 of 5. Wilson with z = 1.96, z**2 = 3.8416:

    Ann's lower end is 5 / (5 + z**2) = .5655. Bob's upper end is
    (3/5 + z**2/10 + z sqrt(.6 * .4 / 5 + z**2/100)) / (1 + z**2/5) = (.98416 + 1.96 * sqrt(.086416)) / 1.76832 = .8824.
    They overlap: a bare sort would be noise, and the answer carries what says so.
    """
    history = ratings(History(), "chat", "2024-01-05", good=5, of=5, agent="ann")
    place = desk(tmp_path, ratings(history, "chat", "2024-01-05", good=3, of=5, agent="bob"))
    found = {row.dimensions["agent"]: row for row in place.ask("csat", by="agent", period="2024-01").rows}
    assert found["ann"].value == 1 and found["bob"].value == 0.6
    assert found["ann"].low == pytest.approx(0.5655, abs=1e-4)
    assert found["bob"].high == pytest.approx(0.8824, abs=1e-4)


def test_minutes_with_three_chats_at_once_are_not_three_times_that_work(tmp_path: Path) -> None:
    """Ann spends 600 s on each of chats 1 to 3, all at once; on chat 3 another 120 s alone. Bob's chat 4 takes him
    240 s beside another, and then 60 s of which nobody wrote down how many he had; chat 5 has no work time.

    Per ticket 600 + 600 + 720 + 300 = 2220 s over 4. Divided: 200, 200 and 200 + 120 s: 720 s over 3, all Ann's.
    """
    history = History()
    for id in "12345":
        history.ticket(id, "2024-01-05 09:00", channel="chat").says("customer", id, "2024-01-05 09:00")
    for id in "123":
        history.says("agent", id, "2024-01-05 09:10", author="ann", work_seconds=600.0, concurrency=3.0)
    history.says("agent", "3", "2024-01-05 09:12", author="ann", work_seconds=120.0, concurrency=1.0)
    history.says("agent", "4", "2024-01-05 09:04", author="bob", work_seconds=240.0, concurrency=2.0)
    history.says("agent", "4", "2024-01-05 09:05", author="bob", work_seconds=60.0)
    history.says("agent", "5", "2024-01-05 09:05", author="bob")
    for id, agent in (("1", "ann"), ("2", "ann"), ("3", "ann"), ("4", "bob"), ("5", "bob")):
        history.changes(id, "2024-01-05 10:00", "status", "solved", by=agent)
    place = desk(tmp_path, history)
    plain = row(place, "average_handle_time:tickets", period="2024-01")
    assert (plain.value, plain.n, plain.left_out) == (555, 4, {"no work time was recorded": 1})
    divided = row(place, "average_handle_time:tickets_over_concurrency", period="2024-01")
    assert (divided.value, divided.n) == (pytest.approx(240), 3)
    assert divided.left_out == {"no work time was recorded": 1, "concurrency was not recorded": 1}
    assert by(place, "average_handle_time:tickets_over_concurrency", "agent", period="2024-01") == {"ann": 240}


def test_a_group_with_a_comma_in_its_name_is_one_group_on_every_page(tmp_path: Path) -> None:
    """Of three tickets one is about "Login, password": that topic is asked for, not two topics that nobody has."""
    history = History().ticket("1", "2024-01-05 09:00", topic="Login, password")
    place = desk(tmp_path, history.ticket("2", "2024-01-05 09:00", topic="bills").ticket("3", "2024-01-05 09:00"))
    where = {"topic": "Login, password"}
    for told in (where, 'topic="Login, password"'):
        assert value(place, "ticket_volume", where=told) == 1
    found = explored(place, Choice(kpi="ticket_volume"), period="2024-01", zone="UTC", where=where)
    assert found.answer is not None and found.answer.value == 1
    arrivals = overview(place, "2024-01", zone="UTC", where=where, name=None).arrivals
    assert arrivals is not None and sum(line.n for line in arrivals.rows) == 1
    volumes = groups(place, "topic", Period(words="2024-01", zone="UTC", where=where)).volumes
    assert volumes is not None
    assert {line.dimensions["topic"] for line in volumes.rows if line.n} == {"Login, password"}
