"""Traps of solving: reopenings, closing without solving, tickets that do not count, and contacts that come back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.history import History
from tests.traps.workspaces import by, desk, row, sync, value

NOW_READ = datetime(2024, 12, 31)
HOUR = 3600
DAY = 24 * HOUR


def solved(history: History, id: str, created: str, at: str, **opened: str) -> History:
    """A ticket with a customer of its own, solved at once by Ann."""
    opened = {"customer": f"customer of {id}", **opened}
    return history.ticket(id, created, **opened).changes(id, at, "status", "solved", by="ann")


def test_17_reopening_neither_erases_nor_doubles_an_earlier_resolution(tmp_path: Path) -> None:
    """Solved on 5 January after 2 h; reopened on 1 February, solved again on the 5th at 10:00.

    January has its one solve of 2 h before and after; February has no FIRST solve, and one last solve after
    31 days and an hour.
    """
    place = desk(tmp_path, solved(History(), "1", "2024-01-05 09:00", "2024-01-05 11:00"), now="2024-01-31")
    for reads in (1, 2):
        assert value(place, "ticket_volume:solved", period="2024-01") == 1, reads
        assert value(place, "resolution_time:first", period="2024-01") == 2 * HOUR, reads
        assert value(place, "resolution_rate:period", period="2024-01") == 1, reads
        again = solved(History(), "1", "2024-01-05 09:00", "2024-01-05 11:00")
        again.changes("1", "2024-02-01 09:00", "status", "open").changes("1", "2024-02-05 10:00", "status", "solved")
        sync(place, again, "2024-02-10")
    assert value(place, "ticket_volume:solved", period="2024-02") == 0
    assert value(place, "ticket_volume:solved", period="all") == 1
    assert value(place, "resolution_time", period="2024-02") == 31 * DAY + HOUR
    assert row(place, "resolution_time:first", period="2024-02").n == 0


def test_17_each_solve_is_judged_by_what_followed_it(tmp_path: Path) -> None:
    """Solved three times, reopened after 1 day and after 10: of three solves one came back within 7 days."""
    history = solved(History(), "1", "2024-01-05 09:00", "2024-01-05 11:00")
    history.changes("1", "2024-01-06 11:00", "status", "open").changes("1", "2024-01-07 11:00", "status", "solved")
    history.changes("1", "2024-01-17 11:00", "status", "open").changes("1", "2024-01-18 11:00", "status", "solved")
    place = desk(tmp_path, history)
    assert row(place, "reopen_rate", period="all").n == 3
    assert value(place, "reopen_rate", period="all") == pytest.approx(1 / 3)
    assert value(place, "reopen_rate:ever", period="all") == pytest.approx(2 / 3)


def test_18_closed_without_ever_being_solved_is_not_resolved(tmp_path: Path) -> None:
    """Ticket 1 goes from open to closed; ticket 2 is solved after an hour and closed three days later.

    Of two tickets one is resolved, after 1 h: closing is no second solve, and no first.
    """
    history = History().ticket("1", "2024-01-05 09:00").changes("1", "2024-01-05 12:00", "status", "closed", by="ann")
    solved(history, "2", "2024-01-05 09:00", "2024-01-05 10:00").changes("2", "2024-01-08 10:00", "status", "closed")
    place = desk(tmp_path, history)
    assert value(place, "resolution_rate", period="2024-01") == 0.5
    assert value(place, "ticket_volume:solved", period="2024-01") == 1
    assert row(place, "resolution_time", period="2024-01").n == 1
    assert value(place, "resolution_time", period="2024-01") == HOUR
    assert value(place, "backlog", period="2024-01") == 0  # closed is not open either


def test_18_closing_is_solving_where_the_source_knows_no_other_end(tmp_path: Path) -> None:
    """A file whose only end is 'closed': closed after 3 h is solved after 3 h."""
    (tmp_path / "tickets.csv").write_text("id,opened,closed,state\n1,2024-01-05 09:00,2024-01-05 12:00,Closed\n")
    (tmp_path / "mapping.toml").write_text(
        'shape = "ticket"\n[columns]\nid = "ticket"\nopened = "created_at"\nclosed = "closed_at"\n'
        '[columns.state]\nmeaning = "status"\nvalues = { Closed = "closed" }\n'
    )
    place = desk(tmp_path)
    place.import_files(str(tmp_path / "mapping.toml"), [tmp_path / "tickets.csv"], now=NOW_READ)
    assert value(place, "resolution_time", period="2024-01") == 3 * HOUR


def test_18_deleted_spam_test_and_merged_tickets_are_neither_created_nor_resolved(tmp_path: Path) -> None:
    """Six tickets of 5 January, all solved: 1 deleted, 2 deleted and recovered, 3 and 4 spam, 5 merged into 6.

    2 and 6 count. Test 7 does not either. What does not count is counted with its reason.
    """
    history = History()
    for id, opened in (("1", {}), ("2", {}), ("3", {"is_spam": True}), ("4", {}), ("5", {}), ("6", {})):
        history.ticket(id, "2024-01-05 09:00", **opened).changes(id, "2024-01-05 10:00", "status", "solved", by="ann")
    history.ticket("7", "2024-01-05 09:00", is_test=True)
    history.changes("1", "2024-01-06 09:00", "deleted", "true")
    history.changes("2", "2024-01-06 09:00", "deleted", "true").changes("2", "2024-01-06 10:00", "deleted", "false")
    history.changes("4", "2024-01-06 09:00", "spam", "true").changes("5", "2024-01-06 09:00", "merged_into", "6")
    place = desk(tmp_path, history)
    created = row(place, "ticket_volume", period="2024-01")
    assert created.value == 2
    assert created.left_out == {"deleted": 1, "spam": 2, "merged": 1, "test": 1}
    assert value(place, "ticket_volume:solved", period="2024-01") == 2
    assert row(place, "resolution_time", period="2024-01").n == 2
    assert row(place, "reopen_rate", period="2024-01").n == 2


def test_18_the_messages_of_a_merged_ticket_count_for_the_one_that_survives(tmp_path: Path) -> None:
    """Asked in ticket 5 at 9:00 and again in ticket 6 at 10:00, merged at 10:10, answered in 6 at 10:30.

    The customer waited from 9:00: 1 h 30 min. Two messages and one reply make one exchange of three messages.
    """
    history = History().ticket("5", "2024-01-05 09:00", customer="c").says("customer", "5", "2024-01-05 09:00")
    history.ticket("6", "2024-01-05 10:00", customer="c").says("customer", "6", "2024-01-05 10:00")
    history.changes("5", "2024-01-05 10:10", "merged_into", "6").says("agent", "6", "2024-01-05 10:30")
    place = desk(tmp_path, history.changes("6", "2024-01-05 11:00", "status", "solved", by="ann"))
    assert row(place, "first_response_time", period="2024-01").n == 1
    assert value(place, "first_response_time", period="2024-01") == 1.5 * HOUR
    assert value(place, "interactions_to_resolution", period="2024-01") == 1
    assert value(place, "interactions_to_resolution:messages", period="2024-01") == 3


def test_18_a_ticket_of_an_unknown_requester_and_author_still_counts(tmp_path: Path) -> None:
    """No customer, no authors, nobody named who solved it: answered after 30 min, solved after 1 h."""
    history = History().ticket("1", "2024-01-05 09:00").says("customer", "1", "2024-01-05 09:00", author=None)
    history.says("agent", "1", "2024-01-05 09:30", author=None).changes("1", "2024-01-05 10:00", "status", "solved")
    place = desk(tmp_path, history)
    assert value(place, "ticket_volume", period="2024-01") == 1
    assert value(place, "first_response_time", period="2024-01") == HOUR / 2
    assert by(place, "resolution_time", "agent", period="2024-01") == {None: HOUR}


def test_19_only_one_reply_makes_one_touch(tmp_path: Path) -> None:
    """Seven solved tickets. 2, 4 and 6 are one-touch: 3 of 7.

    1 has no reply; 2 one; 3 only the message the agent opened it with; 4 opens like 3, the customer asks back and is
    answered once; 5 has two replies; 6 one reply of three messages in a row; 7 one reply, and a reopening.
    """
    spoken = {"1": "c", "2": "ca", "3": "a", "4": "aca", "5": "caca", "6": "caaa", "7": "ca"}
    history = History()
    for id, words in spoken.items():
        history.ticket(id, "2024-01-05 09:00", customer=f"customer of {id}")
        for minute, who in enumerate(words):
            history.says({"c": "customer", "a": "agent"}[who], id, f"2024-01-05 09:0{minute}")
        history.changes(id, "2024-01-05 10:00", "status", "solved", by="ann")
    history.changes("7", "2024-01-06 10:00", "status", "open").changes("7", "2024-01-06 11:00", "status", "solved")
    place = desk(tmp_path, history)
    assert row(place, "first_contact_resolution:one_touch", period="2024-01").n == 7
    assert value(place, "first_contact_resolution:one_touch", period="2024-01") == pytest.approx(3 / 7)
    # Public replies of people, the opening excepted: 0, 1, 0, 1, 2, 3, 1, so the mean is 8 / 7.
    replies = value(place, "interactions_to_resolution:agent_replies", period="2024-01", statistic="mean")
    assert replies == pytest.approx(8 / 7)


def test_20_last_week_is_too_young_to_judge(tmp_path: Path) -> None:
    """Now is 31 January. Two are solved on the 10th, the customer of one is back on the 12th; on the 28th three are.

    Counted naively 4 of the 5 held; of the two that can be judged, one did.
    """
    history = History()
    for id, day in (("1", "10"), ("2", "10"), ("3", "28"), ("4", "28"), ("5", "28")):
        solved(history, id, f"2024-01-{day} 09:00", f"2024-01-{day} 10:00")
    history.ticket("6", "2024-01-12 09:00", customer="customer of 1")
    found = row(desk(tmp_path, history, now="2024-01-31"), "first_contact_resolution", period="2024-01")
    assert (found.value, found.n) == (0.5, 2)
    assert found.left_out["too recent to judge"] == 3


def test_20_the_day_the_week_is_over_a_solve_can_be_judged(tmp_path: Path) -> None:
    """Solved at 10:00 and at 10:01 on the 24th; at 10:00 on the 31st seven days have passed for the first alone."""
    history = solved(History(), "1", "2024-01-24 09:00", "2024-01-24 10:00")
    solved(history, "2", "2024-01-24 09:00", "2024-01-24 10:01")
    place = desk(tmp_path, history, now="2024-01-31 10:00")
    for kpi in ("first_contact_resolution", "first_contact_resolution:one_touch", "reopen_rate"):
        assert row(place, kpi, period="2024-01").n == 1, kpi


def test_20_a_contact_counts_as_a_repeat_up_to_the_last_second_of_the_window(tmp_path: Path) -> None:
    """Solved on the 5th at 10:00. Back on the 12th at 10:00:00 is within 7 days, at 10:00:01 it is not."""
    history = History()
    for id, back in (("1", "2024-01-12 10:00:00"), ("2", "2024-01-12 10:00:01")):
        solved(history, id, "2024-01-05 09:00", "2024-01-05 10:00")
        history.ticket(f"{id} again", back, customer=f"customer of {id}")
    place = desk(tmp_path, history)
    assert value(place, "first_contact_resolution", period="all") == 0.5
    assert value(place, "first_contact_resolution:no_repeat_14d", period="all") == 0


def test_20_only_the_same_topic_is_a_repeat_where_topics_are_known(tmp_path: Path) -> None:
    """Four solved tickets about billing, each customer back the next day: about billing, about the login, about
    something unknown, and with spam about billing. The first and the third are repeats: 2 of 4 held."""
    history = History()
    for id, opened in (
        ("1", {"topic": "billing"}),
        ("2", {"topic": "login"}),
        ("3", {}),
        ("4", {"topic": "billing", "is_spam": True}),
    ):
        solved(history, id, "2024-01-05 09:00", "2024-01-05 10:00", topic="billing")
        history.ticket(f"{id} again", "2024-01-06 09:00", customer=f"customer of {id}", **opened)
    place = desk(tmp_path, history)
    assert row(place, "first_contact_resolution", period="all").n == 4
    assert value(place, "first_contact_resolution", period="all") == 0.5


def test_20_a_reopening_is_a_repeat_also_where_the_customer_is_unknown(tmp_path: Path) -> None:
    """Three tickets without a customer, solved on the 5th: one is reopened on the 8th, two are not: 2 of 3 held.

    Unknown customers are not one customer: the tickets are no repeats of each other.
    """
    history = History()
    for id, hour in (("1", "09"), ("2", "10"), ("3", "11")):
        history.ticket(id, f"2024-01-05 {hour}:00").changes(id, f"2024-01-05 {hour}:30", "status", "solved", by="ann")
    history.changes("1", "2024-01-08 09:00", "status", "open").changes("1", "2024-01-08 10:00", "status", "solved")
    place = desk(tmp_path, history)
    assert row(place, "first_contact_resolution", period="all").n == 3
    assert value(place, "first_contact_resolution", period="all") == pytest.approx(2 / 3)


def test_20_a_duplicate_of_the_same_second_is_not_coming_back(tmp_path: Path) -> None:
    """One customer's two tickets of one second, both solved: neither is a repeat of the other."""
    history = History()
    for id in ("1", "2"):
        solved(history, id, "2024-01-05 09:00", "2024-01-05 10:00", customer="c")
    assert value(desk(tmp_path, history), "first_contact_resolution", period="all") == 1


def test_20_a_new_ticket_merged_into_the_old_one_is_a_repeat(tmp_path: Path) -> None:
    """Solved on the 5th; the customer writes again on the 6th and support merges that into the first ticket."""
    history = solved(History(), "1", "2024-01-05 09:00", "2024-01-05 10:00")
    history.ticket("2", "2024-01-06 09:00", customer="customer of 1").changes(
        "2", "2024-01-06 09:30", "merged_into", "1"
    )
    found = row(desk(tmp_path, history), "first_contact_resolution", period="all")
    assert (found.value, found.n) == (0, 1)
