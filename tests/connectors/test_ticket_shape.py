"""One row per ticket: what each named moment becomes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from connectors.reading import read_text

MAPPING = """
shape = "ticket"
[columns]
id = "ticket"
opened = { meaning = "created_at", format = "%d/%m/%Y %H:%M", zone = "Europe/Rome" }
replied = { meaning = "first_reply_at", format = "%d/%m/%Y %H:%M", zone = "Europe/Rome" }
solved = { meaning = "solved_at", format = "%d/%m/%Y %H:%M", zone = "Europe/Rome" }
reopened = { meaning = "reopened_at", format = "%d/%m/%Y %H:%M", zone = "Europe/Rome", optional = true }
closed = { meaning = "closed_at", format = "%d/%m/%Y %H:%M", zone = "Europe/Rome", optional = true }
updated = { meaning = "updated_at", format = "%d/%m/%Y %H:%M", zone = "Europe/Rome", optional = true }
state = { meaning = "status", values = { Done = "solved", Doing = "open" }, optional = true }
agent = "assignee"
who = "customer"
stars = { meaning = "rating", scale = [1, 5], optional = true }
merged = { meaning = "merged_into", optional = true }
gone = { meaning = "deleted", optional = true }
"""


def test_a_ticket_with_a_reply_a_reopening_and_a_rating(tmp_path: Path) -> None:
    # Rome is UTC+1 in January
    header = "id,opened,replied,solved,reopened,closed,agent,who,stars\n"
    row = "7,8/1/2024 09:00,8/1/2024 09:30,10/1/2024 12:00,9/1/2024 10:00,15/1/2024 00:00,Ann,Zed,4\n"
    read = read_text(tmp_path, MAPPING, header + row)
    assert read.aside == []
    assert read.rows("ticket", "source_id", "created_at", "status", "assignee", "customer") == [
        ("7", datetime(2024, 1, 8, 8), "new", "Ann", "Zed")
    ]
    assert read.rows("message", "at", "author", "author_kind", "is_public") == [
        (datetime(2024, 1, 8, 8), "Zed", "customer", True),
        (datetime(2024, 1, 8, 8, 30), "Ann", "agent", True),
    ]
    assert read.changes("status") == [
        ("7", datetime(2024, 1, 9, 9), "solved", "open"),
        ("7", datetime(2024, 1, 10, 11), "open", "solved"),
        ("7", datetime(2024, 1, 14, 23), "solved", "closed"),
    ]
    assert read.rows("survey", "action", "at", "score", "scale_low", "scale_high", "ticket") == [
        ("answered", datetime(2024, 1, 10, 11), 4.0, 1.0, 5.0, "7")
    ]


def test_null_words_are_nulls_and_an_unanswered_ticket_has_one_message(tmp_path: Path) -> None:
    rows = "id,opened,replied,solved,agent,who\n1,1/1/2024 10:00,N/A,-,?,\n2,1/1/2024 10:00,null,na,NULL,x\n"
    read = read_text(tmp_path, MAPPING, rows)
    assert read.aside == []
    assert len(read.rows("message", "ticket")) == 2
    assert read.rows("change", "ticket") == []
    assert read.rows("ticket", "assignee") == [(None,), (None,)]


def test_1970_is_null(tmp_path: Path) -> None:
    mapping = 'shape = "ticket"\n[columns]\nid = "ticket"\nopened = "created_at"\nsolved = "solved_at"\n'
    read = read_text(tmp_path, mapping, "id,opened,solved\n1,2024-01-01,1970-01-01T00:00:00Z\n")
    assert (read.aside, read.rows("change", "ticket")) == ([], [])


def test_a_status_that_is_not_final_is_dated_by_the_last_update(tmp_path: Path) -> None:
    rows = "id,opened,replied,solved,updated,state,agent,who\n1,1/1/2024 10:00,,,1/1/2024 11:00,Doing,,\n"
    assert read_text(tmp_path, MAPPING, rows).changes("status") == [("1", datetime(2024, 1, 1, 10), "new", "open")]


def test_a_solve_nobody_dated_is_put_aside_and_one_with_an_update_is_dated_by_it(tmp_path: Path) -> None:
    rows = (
        "id,opened,replied,solved,updated,state,agent,who\n"
        "1,1/1/2024 10:00,,,,Done,,\n2,1/1/2024 10:00,,,2/1/2024 10:00,Done,,\n"
    )
    read = read_text(tmp_path, MAPPING, rows)
    assert [(aside.line, aside.column) for aside in read.aside] == [(2, "status")]
    assert read.changes("status") == [("2", datetime(2024, 1, 2, 9), "new", "solved")]


def test_closing_is_solving_only_where_the_source_knows_no_other_end(tmp_path: Path) -> None:
    closing = 'shape = "ticket"\n[columns]\nid = "ticket"\nopened = "created_at"\nclosed = "closed_at"\n'
    both = closing + 'solved = "solved_at"\n'
    rows = "id,opened,closed,solved\n1,2024-01-01,2024-01-03,\n"
    third = datetime(2024, 1, 3)
    assert read_text(tmp_path, closing, rows).changes("status") == [
        ("1", third, "new", "solved"), ("1", third, "solved", "closed"),
    ]  # fmt: skip
    assert read_text(tmp_path, both, rows).changes("status") == [("1", third, "new", "closed")]


def test_what_cannot_be_understood_is_put_aside_with_line_column_and_reason(tmp_path: Path) -> None:
    rows = (
        "id,opened,replied,solved,state,stars,agent,who\n"
        "1,1/1/2024 10:00,,,,,,\n"
        ",1/1/2024 10:00,,,,,,\n"
        "3,31/2/2024 10:00,,,,,,\n"
        "4,1/1/2024 10:00,soon,,,,,\n"
        "5,1/1/2024 10:00,,,Odd,,,\n"
        "6,1/1/2024 10:00,,,,11,,\n"
        "7,1/1/2024 10:00,1/1/2023 10:00,,,,,\n"
    )
    read = read_text(tmp_path, MAPPING, rows)
    assert [(aside.line, aside.column) for aside in read.aside] == [
        (3, "id"), (4, "opened"), (5, "replied"), (6, "state"), (7, "stars"), (8, "first_reply_at"),
    ]  # fmt: skip
    assert "is empty" in read.aside[0].reason
    assert "'31/2/2024 10:00' is no date in the format %d/%m/%Y %H:%M" in read.aside[1].reason
    assert read.aside[2].raw == "4,1/1/2024 10:00,soon,,,,,"
    assert read.rows("ticket", "source_id") == [("1",)]


def test_a_ticket_on_two_rows_counts_once_by_the_row_changed_last(tmp_path: Path) -> None:
    rows = (
        "id,opened,replied,solved,updated,agent,who\n"
        "1,1/1/2024 10:00,,,3/1/2024 10:00,New,\n1,1/1/2024 10:00,,,2/1/2024 10:00,Old,\n"
    )
    read = read_text(tmp_path, MAPPING, rows)
    assert read.rows("ticket", "assignee") == [("New",)]
    assert [(aside.line, aside.raw) for aside in read.aside] == [(3, "1")]


def test_merged_and_deleted_tickets_say_so(tmp_path: Path) -> None:
    rows = (
        "id,opened,replied,solved,updated,merged,gone,agent,who\n"
        "1,1/1/2024 10:00,,,2/1/2024 10:00,9,yes,,\n2,1/1/2024 10:00,,,,,no,,\n"
    )
    read = read_text(tmp_path, MAPPING, rows)
    assert read.changes("merged_into") == [("1", datetime(2024, 1, 2, 9), None, "9")]
    assert read.changes("deleted") == [("1", datetime(2024, 1, 2, 9), None, "true")]
