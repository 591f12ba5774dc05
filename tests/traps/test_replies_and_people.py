"""How replies and people are miscounted: traps 9 to 16, asked of whole workspaces. 2024-01-08 is a Monday."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from history import History

from deskpulse.workspace import Workspace
from tests.traps.conftest import Company, receive

MINUTE = 60
DAY = "2024-01-08"
SETTINGS = """
[workspace]
zone = "UTC"

[schedules.always]
every_day = ["00:00-24:00"]

[[schedule_rules]]
schedule = "always"

[[targets]]
metric = "first_response"
channel = "promised"
within = "1h"
clock = "calendar"
"""


def talk(desk: History, name: str, channel: str, *said: tuple[str, str], **values: Any) -> History:
    """A ticket of ``DAY``: pairs of a time and who speaks; the first pair opens it. 'note' is an agent's, internal."""
    desk.ticket(name, f"{DAY} {said[0][0]}", channel=channel, **values)
    for when, kind in said:
        public, author = kind != "note", {"note": "ann", "agent": "ann"}.get(kind, kind)
        desk.says("agent" if kind == "note" else kind, name, f"{DAY} {when}", public=public, author=author)
    return desk


def history() -> History:
    """One channel per trap."""
    desk = History()
    talk(desk, "bots", "bots", ("09:00", "customer"), ("09:01", "system"), ("09:02", "bot"), ("09:05", "note"))
    desk.says("customer", "bots", f"{DAY} 09:10", author="the customer's colleague").says(
        "agent", "bots", f"{DAY} 09:30", author="ann"
    )
    talk(desk, "outbound", "openings", ("09:00", "agent"), ("10:00", "customer"), ("10:20", "agent"))
    talk(desk, "noted", "openings", ("09:00", "note"), ("09:40", "agent"))
    talk(desk, "outbound, silent", "openings", ("09:00", "agent"))
    talk(desk, "outbound, unanswered", "openings", ("09:00", "agent"), ("10:00", "customer"))
    talk(desk, "deleted", "openings", ("09:00", "customer"))
    desk.says("agent", "deleted", f"{DAY} 09:05", is_deleted=True).says("agent", "deleted", f"{DAY} 09:50")
    talk(desk, "only a deleted one", "openings", ("09:00", "customer"))
    desk.says("agent", "only a deleted one", f"{DAY} 09:05", is_deleted=True)
    same_second(desk)
    shared(desk)
    bursts(desk)
    talk(desk, "in time", "promised", ("09:00", "customer"), ("09:45", "agent"))
    talk(desk, "late", "promised", ("09:00", "customer"), ("11:00", "agent"))
    talk(desk, "silence", "promised", ("09:00", "customer"))
    talk(desk, "running", "promised", ("13:00", "customer"))
    means(desk)
    return desk


def same_second(desk: History) -> None:
    """Once with the source's own order, and once without any, the agent's row arriving first."""
    talk(desk, "ordered", "instant", ("09:00", "customer"), ("09:00", "agent"))
    desk.ticket("unordered", f"{DAY} 09:00", channel="instant")
    for kind in ("agent", "customer"):
        desk.add("message", ticket="unordered", at=f"{DAY} 09:00", author=kind, author_kind=kind, is_public=True)


def shared(desk: History) -> None:
    """Assigned to carol; ann and then ben reply; dora solves it. Of two others an automation and the customer do."""
    talk(desk, "shared", "shared", ("09:00", "customer"), ("09:10", "agent"), assignee="carol")
    desk.says("agent", "shared", f"{DAY} 09:12", author="ben")
    desk.changes("shared", f"{DAY} 10:00", "status", "solved", by="dora")
    for name, kind in (("by a rule", "system"), ("by the customer", "customer")):
        talk(desk, name, "closers", ("09:00", "customer"), assignee="carol")
        desk.add("change", ticket=name, at=f"{DAY} 10:00", field="status", new="solved", by=kind, by_kind=kind)


def bursts(desk: History) -> None:
    """Five messages, three bubbles; two messages, one reply."""
    customer = [(f"09:0{minute}", "customer") for minute in range(5)]
    agent = [(f"09:1{minute}", "agent") for minute in range(3)]
    talk(desk, "bursts", "bursts", *customer, *agent, ("10:00", "customer"), ("10:05", "customer"), ("10:30", "agent"))
    desk.changes("bursts", f"{DAY} 11:00", "status", "solved", by="ann")


def means(desk: History) -> None:
    """Later waits of 10, 10 and 10 minutes in one ticket and of 100 in the other; the first waits do not count."""
    turns = [("09:00", "09:01"), ("10:00", "10:10"), ("11:00", "11:10"), ("12:00", "12:10")]
    for name, pairs in (("quick", turns), ("slow", [("09:00", "09:01"), ("10:00", "11:40")])):
        said = [(when, kind) for pair in pairs for when, kind in zip(pair, ("customer", "agent"), strict=True)]
        talk(desk, name, "means", *said)


@pytest.fixture(scope="module")
def desk(company: Company) -> Workspace:
    return company(history(), SETTINGS, as_of=datetime(2024, 1, 8, 13, 30))


def values(desk: Workspace, kpi: str, channel: str, **options: Any) -> dict[str, float | None]:
    """What each ticket of a channel adds to a value."""
    proof = desk.prove(kpi, where={"channel": channel}, **options)
    return {str(row.ticket).removeprefix("desk:"): row.value for row in proof.rows if not row.excluded}


def by(desk: Workspace, kpi: str, dimension: str, **options: Any) -> dict[str | None, int]:
    """How many rows each agent or team is credited with."""
    return {row.dimensions[dimension]: row.n for row in desk.ask(kpi, by=dimension, **options).rows if row.n}


def test_09_bots_acknowledgements_notes_and_colleagues_do_not_stop_the_clock(desk: Workspace) -> None:
    """From 9:00 to the person's reply at 9:30; with bots to the bot's at 9:02."""
    assert desk.ask("first_response_time", where="channel=bots").value == 30 * MINUTE
    assert desk.ask("first_response_time:include_bots", where="channel=bots").value == 2 * MINUTE


def test_10_the_clock_of_outbound_and_noted_tickets(desk: Workspace) -> None:
    """Outbound: customer 10:00, answered 10:20. Noted: created 9:00, answered 9:40. Deleted reply: the one of 9:50."""
    expected = {"outbound": 20 * MINUTE, "noted": 40 * MINUTE, "deleted": 50 * MINUTE}
    assert values(desk, "first_response_time", "openings") == expected
    assert values(desk, "first_response_time", "openings", clock="business") == expected


@pytest.mark.parametrize("name", ["outbound, silent", "outbound, unanswered", "only a deleted one"])
def test_10_no_reply_is_null_on_both_clocks(name: str) -> None:
    row = next(row for row in history().facts()["ticket"] if row["ticket"] == f"desk:{name}")
    assert row["first_replied_at"] is None
    assert (row["first_response_seconds"], row["first_response_business_seconds"]) == (None, None)
    assert row["agent_replies"] == 0


def test_11_a_reply_in_the_same_second_is_a_reply_of_0_s(desk: Workspace) -> None:
    assert values(desk, "first_response_time", "instant") == {"ordered": 0.0, "unordered": 0.0}


@pytest.fixture
def reorganised(company: Company) -> Workspace:
    """Person 7 replies in January (in 'front') and in February (in 'back'); person 9 is unknown and in no team."""
    desk = History().add("person", source_id="7", name="Ann Lee", kind="agent")
    desk.add("membership", person="7", valid_from="2023-01-01", valid_to="2024-02-01", team="front")
    desk.add("membership", person="7", valid_from="2024-02-01", team="back")
    for name, day, author in (("a", "2024-01-10", "7"), ("b", "2024-02-10", "7"), ("c", "2024-01-11", "9")):
        desk.ticket(name, f"{day} 09:00", team="queue")
        desk.says("customer", name, f"{day} 09:00").says("agent", name, f"{day} 09:30", author=author)
    return company(desk)


def test_12_agents_who_left_or_were_renamed_and_teams_keep_their_past(reorganised: Workspace) -> None:
    assert by(reorganised, "first_response_time", "agent") == {"Ann Lee": 2, "9": 1}
    assert by(reorganised, "first_response_time", "team", period="2024-01") == {"front": 1, "queue": 1}
    assert by(reorganised, "first_response_time", "team", period="2024-02") == {"back": 1}

    later = History()  # married, no agent any more, gone; her ticket was moved to a new team since
    later.add("person", source_id="7", version=2, name="Ann Kim", kind=None, left_at="2024-03-01")
    later.changes("a", "2024-03-02 09:00", "team", "the new team").changes("a", "2024-03-02 09:00", "assignee", "8")
    receive(reorganised, later)
    assert by(reorganised, "first_response_time", "agent") == {"Ann Kim": 2, "9": 1}
    assert by(reorganised, "first_response_time", "team", period="2024-01") == {"front": 1, "queue": 1}
    assert by(reorganised, "first_response_time", "team", period="2024-02") == {"back": 1}


def test_13_the_reply_is_its_writers_and_the_solve_is_its_solvers(desk: Workspace) -> None:
    assert by(desk, "first_response_time", "agent", where="channel=shared") == {"ann": 1}
    assert by(desk, "resolution_time", "agent", where="channel=shared") == {"dora": 1}
    assert by(desk, "ticket_volume", "agent", where="channel=shared") == {"carol": 1}


def test_13_a_rule_or_the_customer_who_solves_leaves_the_credit_to_the_assignee(desk: Workspace) -> None:
    assert by(desk, "resolution_time", "agent", where="channel=closers") == {"carol": 2}


def test_13_a_shared_ticket_shows_every_contributor(desk: Workspace) -> None:
    """Carol was assigned, ann and ben replied (ben within ann's run of messages)."""
    assert desk.ask("agents_per_ticket", where="channel=shared").value == 3
    said = desk.prove_ticket("agents_per_ticket", "shared").events
    assert {"ann", "ben", "dora"} <= {word for event in said for word in map(str, vars(event).values())}


def test_14_bursts_are_one_turn_and_bubbles_one_reply(desk: Workspace) -> None:
    """Turn 1: 9:00 to 9:10. Turn 2: 10:00 to 10:30. 7 messages of the customer, 4 of the agent."""
    assert values(desk, "first_response_time", "bursts") == {"bursts": 10 * MINUTE}
    assert values(desk, "response_time", "bursts") == {"bursts": 30 * MINUTE}
    asked = ("exchanges", "agent_replies", "messages")
    found = [desk.ask(f"interactions_to_resolution:{variant}", where="channel=bursts").value for variant in asked]
    assert found == [2, 4, 11]


def test_15_unanswered_tickets_are_censored_not_absent(desk: Workspace) -> None:
    """At 13:30: one in time, one late, one silent for 4 h 30 m, and one whose hour still runs: 1 of 3."""
    row = desk.ask("first_response_within_target", where="channel=promised").rows[0]
    assert (row.value, row.n) == (pytest.approx(1 / 3), 3)
    assert row.left_out["clock still runs"] == 1
    later = desk.ask("first_response_within_target", where="channel=promised", now=datetime(2024, 1, 8, 14, 1))
    assert (later.value, later.rows[0].n) == (1 / 4, 4)
    assert desk.ask("first_response_time", where="channel=promised").rows[0].n == 2


def test_16_the_mean_of_ticket_means_is_not_the_mean_of_replies(desk: Workspace) -> None:
    """(10 + 10 + 10 + 100) / 4 = 32.5 min of the replies; (10 + 100) / 2 = 55 min of the tickets."""
    per_reply = desk.ask("response_time:per_reply", statistic="mean", where="channel=means")
    per_ticket = desk.ask("response_time:per_ticket", statistic="mean", where="channel=means")
    assert (per_reply.value, per_reply.rows[0].n) == (32.5 * MINUTE, 4)
    assert (per_ticket.value, per_ticket.rows[0].n) == (55 * MINUTE, 2)


def test_16_the_mean_of_daily_percentages_is_not_the_periods_percentage(company: Company) -> None:
    """Monday 1 of 1, Tuesday 1 of 9 in time: the days' mean is 55.6 %, the period's share 2 of 10 = 20 %."""
    desk = History()
    for number, (day, minutes) in enumerate([("08", 10), ("09", 10), *[("09", 90)] * 8]):
        when = f"2024-01-{day} 09:00"
        replied = f"2024-01-{day} {9 + minutes // 60:02}:{minutes % 60:02}"
        desk.ticket(str(number), when, channel="promised")
        desk.says("customer", str(number), when).says("agent", str(number), replied)
    place = company(desk, SETTINGS)
    week = {"start": "2024-01-08", "end": "2024-01-10"}
    daily = place.ask("first_response_within_target", grain="day", **week)  # type: ignore[arg-type]
    assert [row.value for row in daily.rows] == [1, pytest.approx(1 / 9)]
    assert place.ask("first_response_within_target", **week).value == pytest.approx(0.2)  # type: ignore[arg-type]
