"""A proposed mapping can be loaded as it is, and understands what is plain to see."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from connectors.reading import read_with
from openpyxl import Workbook

from deskpulse.connectors.guess import guess
from deskpulse.connectors.mapped import preset_files
from deskpulse.connectors.mapping import Mapping, parse_mapping


def proposed(folder: Path, text: str) -> Mapping:
    path = folder / "export.csv"
    path.write_text(text)
    return parse_mapping(guess(path), origin="guess")


def test_one_row_per_ticket(tmp_path: Path) -> None:
    text = (
        "Ticket ID,Created At,Resolved At,Status,Group,Assignee,Satisfaction Rating,Mystery\n"
        "1,13/1/2024 09:00,14/1/2024 10:00,Done,Billing,Ann,5,x\n2,2/1/2024 09:00,,In progress,Billing,Bea,,x\n"
    )
    mapping = proposed(tmp_path, text)
    assert mapping.shape == "ticket"
    assert {name: column.header for name, column in mapping.columns.items()} == {
        "ticket": "Ticket ID",
        "created_at": "Created At",
        "solved_at": "Resolved At",
        "status": "Status",
        "team": "Group",
        "assignee": "Assignee",
        "rating": "Satisfaction Rating",
    }
    assert mapping.columns["created_at"].formats == ("%d/%m/%Y %H:%M",)
    assert mapping.columns["status"].values == {"done": "solved", "in progress": "open"}
    assert mapping.columns["rating"].scale == (1, 5)


def test_a_ticket_that_repeats_makes_it_events(tmp_path: Path) -> None:
    mapping = proposed(
        tmp_path, "case id,activity,timestamp\n1,Take over,1700000000\n1,Resolve,1700000100\n1,Sing,1700000200\n"
    )
    assert mapping.shape == "event"
    assert mapping.columns["at"].formats == ("epoch",)
    assert mapping.columns["activity"].values == {"take over": "assigned", "resolve": "solved", "sing": "note"}


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("2024-01-31T10:00:00Z", "iso"),
        ("1/31/2024 10:00", "%m/%d/%Y %H:%M"),
        ("31.01.2024 10:00", "%d.%m.%Y %H:%M"),
        ("1706695200000", "epoch_ms"),
        ("45322.41", "excel"),
    ],
)
def test_the_format_of_dates_is_seen(tmp_path: Path, written: str, form: str) -> None:
    mapping = proposed(tmp_path, f"id,created\n1,{written}\n")
    assert mapping.columns["created_at"].formats == (form,)


def test_days_and_months_that_could_be_exchanged_are_remarked(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,created\n1,1/2/2024 10:00\n2,3/4/2024 10:00\n")
    assert "or %m/%d/%Y %H:%M: the dates do not tell" in guess(path)
    path.write_text("id,created\n1,1/2/2024 10:00\n2,13/4/2024 10:00\n")
    assert "the dates do not tell" not in guess(path)


def test_a_status_that_looks_like_nothing_is_told_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,created,status\n1,2024-01-01,open\n2,2024-01-01,-100\n")
    text = guess(path)
    assert '# "-100" was not understood' in text
    read = read_with(preset_files("guess", "guess", text), path)
    assert (read.rows("ticket", "source_id"), [aside.line for aside in read.aside]) == ([("1",)], [3])


def test_the_log_of_servicenow_is_understood(shared_data: Path) -> None:
    path = shared_data / "servicenow" / "incident_event_log.csv.gz"
    read = read_with(preset_files("guess", "guess", guess(path)), path)
    assert len(read.rows("ticket", "source_id")) == 24_918
    assert len(read.aside) == 5


def test_dates_that_do_not_tell_follow_the_column_that_does(tmp_path: Path) -> None:
    # 01/27 can only be 27 January, so that 02/03 is 3 February: else it was closed a month later than it was.
    mapping = proposed(tmp_path, "id,opened,closed\n1,01/05/2026 09:00,02/03/2026 12:00\n2,01/27/2026 09:00,\n")
    assert mapping.columns["created_at"].formats == ("%m/%d/%Y %H:%M",)
    assert mapping.columns["closed_at"].formats == ("%m/%d/%Y %H:%M",)


def test_when_a_ticket_was_closed_is_never_when_it_was_opened(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,opened,closed\n1,last week,2026-01-05 12:00\n2,today,\n")
    assert "# Every row needs a column that means 'created_at': none was found." in guess(path).splitlines()


def test_the_sheet_with_the_tickets_is_proposed(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Read me"
    book.active.append(["Exported by", "Ann"])
    book.create_sheet("Nothing")
    tickets = book.create_sheet("Tickets")
    tickets.append(["id", "opened", "channel"])
    tickets.append([1, datetime(2026, 1, 5, 9), "email"])
    book.save(tmp_path / "export.xlsx")
    text = guess(tmp_path / "export.xlsx")
    assert 'sheet = "Tickets"  # of "Read me", "Nothing", "Tickets"' in text.splitlines()
    assert parse_mapping(text, origin="guess").sheet == "Tickets"


def test_one_zero_byte_makes_no_other_encoding(tmp_path: Path) -> None:
    assert proposed(tmp_path, "id,opened\n1,2026-01-05\0\n").columns["created_at"].header == "opened"
