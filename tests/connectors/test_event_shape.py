"""Rows of events and of updates: what differs from the ticket's row before becomes a change."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from connectors.reading import read_text

SNAPSHOTS = """
shape = "event"
[columns]
id = "ticket"
at = "at"
n = { meaning = "seq", optional = true }
state = { meaning = "status", optional = true }
team = "team"
agent = { meaning = "assignee", optional = true }
moved = { meaning = "reassignment_count", optional = true }
back = { meaning = "reopen_count", optional = true }
done = { meaning = "solved_at", optional = true }
ok = { meaning = "target_met", optional = true }
opened = { meaning = "created_at", optional = true }
"""


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, number, hour)


def test_a_change_for_each_field_that_differs_from_the_row_before_of_its_ticket(tmp_path: Path) -> None:
    rows = (
        "id,at,state,team,agent\n"
        "2,2024-01-02,open,B,\n"  # another ticket between the rows of ticket 1, out of time order
        "1,2024-01-03,pending,B,Ann\n"
        "1,2024-01-01,new,A,\n"
        "1,2024-01-04,solved,B,\n"
    )
    read = read_text(tmp_path, SNAPSHOTS, rows)
    assert sorted(read.rows("ticket", "source_id", "created_at", "status", "team")) == [
        ("1", day(1), "new", "A"), ("2", day(2), "new", "B"),
    ]  # fmt: skip
    assert read.changes("status") == [
        ("1", day(3), "new", "pending"), ("1", day(4), "pending", "solved"), ("2", day(2), "new", "open"),
    ]  # fmt: skip
    assert read.changes("team") == [("1", day(3), "A", "B")]
    assert read.changes("assignee") == [("1", day(3), None, "Ann"), ("1", day(4), "Ann", None)]
    assert read.rows("message", "ticket", "at", "author_kind") == [("1", day(1), "customer"), ("2", day(2), "customer")]


def test_rows_of_one_instant_are_ordered_by_the_counter(tmp_path: Path) -> None:
    rows = "id,at,n,state,team\n1,2024-01-01,3,solved,A\n1,2024-01-01,1,new,A\n1,2024-01-01,2,open,A\n"
    assert read_text(tmp_path, SNAPSHOTS, rows).changes("status") == [
        ("1", day(1), "new", "open"), ("1", day(1), "open", "solved"),
    ]  # fmt: skip


def test_nothing_happens_before_the_ticket_was_opened(tmp_path: Path) -> None:
    rows = "id,at,state,team,opened\n1,2024-01-01,new,A,2024-01-02\n1,2024-01-01,open,A,2024-01-02\n"
    assert read_text(tmp_path, SNAPSHOTS, rows).changes("status") == [("1", day(2), "new", "open")]


def test_a_solve_is_dated_by_the_source_and_one_it_does_not_date_is_none(tmp_path: Path) -> None:
    rows = (
        "id,at,state,team,done\n"
        "1,2024-01-01,new,A,2024-01-03\n1,2024-01-02,solved,A,2024-01-03\n1,2024-01-04,solved,A,2024-01-03\n"
        "2,2024-01-01,new,A,\n2,2024-01-02,solved,A,\n2,2024-01-04,closed,A,\n"
    )
    assert read_text(tmp_path, SNAPSHOTS, rows).changes("status") == [
        ("1", day(3), "new", "solved"), ("2", day(4), "new", "closed"),
    ]  # fmt: skip


def test_a_solve_undone_by_a_reopening_stays_where_the_log_has_it(tmp_path: Path) -> None:
    rows = (
        "id,at,state,team,done,back\n1,2024-01-01,new,A,2024-01-06,0\n1,2024-01-02,solved,A,2024-01-06,0\n"
        "1,2024-01-03,open,A,2024-01-06,1\n1,2024-01-06,solved,A,2024-01-06,1\n"
    )
    assert read_text(tmp_path, SNAPSHOTS, rows).changes("status") == [
        ("1", day(2), "new", "solved"), ("1", day(3), "solved", "open"), ("1", day(6), "open", "solved"),
    ]  # fmt: skip


def test_an_open_row_after_a_solve_that_the_count_does_not_know_came_late(tmp_path: Path) -> None:
    rows = (
        "id,at,state,team,back\n1,2024-01-01,new,A,0\n1,2024-01-02,solved,A,0\n"
        "1,2024-01-03,new,A,0\n1,2024-01-04,closed,A,0\n"
    )
    assert read_text(tmp_path, SNAPSHOTS, rows).changes("status") == [
        ("1", day(2), "new", "solved"), ("1", day(4), "solved", "closed"),
    ]  # fmt: skip


def test_where_reassignments_are_counted_each_growth_moves_the_team(tmp_path: Path) -> None:
    rows = "id,at,team,moved\n1,2024-01-01,A,0\n1,2024-01-02,A,0\n1,2024-01-03,A,1\n1,2024-01-04,?,2\n"
    assert read_text(tmp_path, SNAPSHOTS, rows).changes("team") == [
        ("1", day(3), "A", "unrecorded"), ("1", day(3), "unrecorded", "A"), ("1", day(4), "A", "unknown"),
    ]  # fmt: skip


def test_every_verdict_is_kept_and_of_one_instant_the_first_row_is_the_last_word(tmp_path: Path) -> None:
    rows = "id,at,team,ok\n1,2024-01-01,A,true\n1,2024-01-02,A,true\n1,2024-01-02,A,false\n"
    read = read_text(tmp_path, SNAPSHOTS, rows)
    assert [row[3] for row in read.changes("target_met")] == ["true", "false", "true"]


ACTIVITIES = """
shape = "event"
[columns]
id = "ticket"
at = "at"
what = "activity"
who = "author"
[activities]
asked = "opened"
took = "assigned"
wrote = "agent_message"
answered = "customer_message"
thought = "note"
waits = "pending"
solved = "solved"
"""


def test_activities_become_messages_statuses_and_assignments(tmp_path: Path) -> None:
    rows = (
        "id,at,what,who\n1,2024-01-01 01:00:00,Asked,Zed\n1,2024-01-01 02:00:00,took,Ann\n"
        "1,2024-01-01 03:00:00,wrote,Ann\n1,2024-01-01 04:00:00,waits,Ann\n1,2024-01-01 05:00:00,answered,Zed\n"
        "1,2024-01-01 06:00:00,solved,Bea\n1,2024-01-01 07:00:00,solved,Bea\n1,2024-01-01 08:00:00,sang,Bea\n"
    )
    read = read_text(tmp_path, ACTIVITIES, rows)
    assert read.rows("message", "at", "author", "author_kind", "is_public") == [
        (day(1, 1), "Zed", "customer", True),
        (day(1, 3), "Ann", "agent", True),
        (day(1, 5), "Zed", "customer", True),
        (day(1, 7), "Bea", "agent", False),  # solved again: nothing changes, but it happened
    ]
    assert read.changes("status") == [
        ("1", day(1, 2), "new", "open"), ("1", day(1, 4), "open", "pending"), ("1", day(1, 6), "pending", "solved"),
    ]  # fmt: skip
    assert read.changes("assignee") == [("1", day(1, 2), None, "Ann")]
    assert [(aside.line, aside.column) for aside in read.aside] == [(9, "what")]


FIELDS = """
shape = "event"
[columns]
id = "ticket"
at = "at"
what = { meaning = "field", values = { State = "status", Owner = "assignee", Colour = "" } }
to = { meaning = "new", values = { Shut = "closed" } }
by = "author"
said = { meaning = "text" }
kind = { meaning = "author_kind" }
open = { meaning = "is_public" }
"""


def test_rows_that_name_the_field_that_changed_and_rows_that_carry_a_message(tmp_path: Path) -> None:
    rows = (
        "id,at,what,to,by,said,kind,open\n1,2024-01-01,,,z,Help,customer,true\n1,2024-01-02,Owner,ann,bea,,agent,\n"
        "1,2024-01-03,,,ann,psst,agent,false\n1,2024-01-04,Owner,,ann,,agent,\n1,2024-01-05,State,Shut,ann,,agent,\n"
        "1,2024-01-06,Colour,red,ann,,agent,\n1,2024-01-07,State,odd,ann,,agent,\n"
    )
    read = read_text(tmp_path, FIELDS, rows)
    assert read.rows("message", "at", "author", "author_kind", "is_public", "text") == [
        (day(1), "z", "customer", True, "Help"), (day(3), "ann", "agent", False, "psst"),
    ]  # fmt: skip
    assert read.changes("assignee") == [("1", day(2), None, "ann"), ("1", day(4), "ann", None)]
    assert read.changes("status") == [("1", day(5), "new", "closed")]
    assert read.rows("change", "by", "by_kind") == [("bea", "agent"), ("ann", "agent"), ("ann", "agent")]
    assert [aside.line for aside in read.aside] == [8]


def test_ids_are_unique_and_stay_the_same_when_the_file_grows(tmp_path: Path) -> None:
    rows = "id,at,state,team\n1,2024-01-01,new,A\n1,2024-01-02,open,A\n1,2024-01-02,pending,B\n"
    before = read_text(tmp_path, SNAPSHOTS, rows).rows("change", "source_id")
    after = read_text(tmp_path, SNAPSHOTS, rows + "1,2024-01-05,solved,B\n").rows("change", "source_id")
    assert len(set(after)) == len(after) == 4
    assert set(before) < set(after)
