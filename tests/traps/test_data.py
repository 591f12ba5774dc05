"""Traps of data: late, twice, out of order, edited, deleted, in one second, under reused ids, and written anyhow."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from deskpulse import Workspace, workspace
from tests.history import History
from tests.traps.workspaces import by, desk, row, sync, value

READ_AT = datetime(2024, 12, 31)
HOUR = 3600


def answered(*, wait: str = "10:00", **reply: Any) -> History:
    """A ticket of 5 January, 9:00, answered at ``wait`` and solved at 12:00."""
    history = History().ticket("1", "2024-01-05 09:00", customer="c").says("customer", "1", "2024-01-05 09:00")
    history.says("agent", "1", f"2024-01-05 {wait}", **reply)
    return history.changes("1", "2024-01-05 12:00", "status", "solved", by="ann")


def test_34_rows_read_twice_count_once(tmp_path: Path) -> None:
    place = desk(tmp_path, answered(), answered())
    assert row(place, "first_response_time", period="2024-01").n == 1
    assert value(place, "interactions_to_resolution:messages", period="2024-01") == 2


def test_34_an_edit_replaces_what_it_edits_and_an_old_version_that_comes_late_does_not(tmp_path: Path) -> None:
    """The reply was logged at 10:00 (version 1) and corrected to 11:00 (version 2): the wait is 2 h in either order."""
    first, second = answered(wait="10:00"), answered(wait="11:00", version=2)
    for number, order in enumerate(([first, second], [second, first])):
        place = desk(tmp_path / str(number), *order)
        assert value(place, "first_response_time", period="2024-01") == 2 * HOUR


def test_34_a_reply_deleted_later_is_no_reply(tmp_path: Path) -> None:
    place = desk(tmp_path, answered(), answered(version=2, is_deleted=True))
    assert row(place, "first_response_time", period="2024-01").n == 0


def test_34_a_ticket_s_events_may_come_before_the_ticket(tmp_path: Path) -> None:
    """Messages, changes and targets of a ticket nobody has seen count for nothing, and for it once it arrives."""
    whole = answered().add(
        "policy_target", ticket="1", at="2024-01-05 09:00", metric="resolution", target_seconds=HOUR, clock="calendar"
    )
    early = History(rows=whole.rows | {"ticket": []}).add("policy_target", source_id="9", **_target_of("missing"))
    place = desk(tmp_path, early)
    assert row(place, "ticket_volume", period="2024-01").n == 0
    sync(place, History(rows=whole.rows))
    assert value(place, "first_response_time", period="2024-01") == HOUR
    assert value(place, "resolution_within_target:policy", period="2024-01") == 0


def _target_of(ticket: str) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "at": "2024-01-05 09:00",
        "metric": "resolution",
        "target_seconds": 60,
        "clock": "calendar",
    }


def test_34_of_one_second_the_sequence_decides_and_without_it_the_id(tmp_path: Path) -> None:
    """Solved and reopened in one second. By sequence ticket 1 was reopened last, ticket 2 solved last. Without a
    sequence the ids are in order: of rows 9 and 10 the tenth is last, so ticket 3 ends solved. Rows arrive reversed."""
    history = History()
    for id in ("1", "2", "3"):
        history.ticket(id, "2024-01-05 09:00")
    at = {"at": "2024-01-05 10:00", "field": "status"}
    for source_id, ticket, seq, new in (
        ("1", "1", 2, "open"),
        ("2", "1", 1, "solved"),
        ("3", "2", 2, "solved"),
        ("4", "2", 1, "open"),
        ("10", "3", None, "solved"),
        ("9", "3", None, "open"),
    ):
        history.add("change", source_id=source_id, ticket=ticket, seq=seq, new=new, **at)
    place = desk(tmp_path, history)
    assert by(place, "ticket_volume", "status", period="2024-01") == {"open": 1, "solved": 2}
    assert value(place, "reopen_rate:ever", period="2024-01") == pytest.approx(1 / 3)


def test_34_ids_reused_by_another_source_are_other_tickets_customers_and_people(tmp_path: Path) -> None:
    """Two desks, each with ticket 1 of customer c, solved by ann, a day apart: two tickets, two waits, no repeat."""
    other = History(source="shop").ticket("1", "2024-01-06 09:00", customer="c")
    other.says("customer", "1", "2024-01-06 09:00").says("agent", "1", "2024-01-06 12:00")
    other.changes("1", "2024-01-06 13:00", "status", "solved", by="ann").add("person", source_id="ann", name="Anna")
    place = desk(tmp_path, answered(), other)
    assert by(place, "first_response_time", "source", period="2024-01") == {"desk": HOUR, "shop": 3 * HOUR}
    assert value(place, "first_contact_resolution", period="2024-01") == 1
    assert by(place, "resolution_time", "agent", period="2024-01") == {"ann": 3 * HOUR, "Anna": 4 * HOUR}


MAPPING = """
shape = "ticket"
zone = "Europe/Rome"
null = ["?", "N/A", "-", "1970-01-01"]
[columns]
"Numero" = "ticket"
"Città" = "brand"
[columns."Aperto il"]
meaning = "created_at"
format = ["%d/%m/%Y %H:%M", "excel", "epoch", "iso"]
[columns."Risolto il"]
meaning = "solved_at"
format = ["%d/%m/%Y %H:%M", "excel", "epoch", "iso"]
"""
LINES = (
    "Numero; Aperto il ;Città;Risolto il;Città",
    "1;05/01/2024 10:00;Forlì;05/01/2024 12:00;x",  # day before month; Rome is an hour ahead of UTC
    "2;1704445200;Cantù;?;x",  # 2024-01-05 09:00 UTC in seconds since 1970; not solved
    "3;45296.4166667;N/A;-;x",  # 2024-01-05 10:00 as a spreadsheet counts days since 1899-12-30
    "4;2024-01-05T10:00:00+01:00;Forlì;1970-01-01;x",
    "5;31/02/2024 10:00;Forlì;?;x",  # there is no such day
)


def imported(tmp_path: Path, ending: str) -> tuple[Workspace, Any]:
    (tmp_path / "ticket.csv").write_bytes(ending.join(LINES).encode("cp1252"))
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    place = workspace.create(tmp_path / "desk")
    return place, place.import_files(str(tmp_path / "mapping.toml"), [tmp_path / "ticket.csv"], now=READ_AT)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_34_a_file_written_anyhow_is_read_and_what_cannot_be_is_put_aside(tmp_path: Path, ending: str) -> None:
    """Four ways of writing 9:00 UTC, three of writing nothing, a heading twice and one with spaces, Latin letters,
    any end of line. One row has an impossible date: it alone is put aside, with file, line, column and reason."""
    place, told = imported(tmp_path, ending)
    assert (told.tickets, told.report.quarantined) == (4, 1)
    days = place.ask("ticket_volume", grain="hour", start="2024-01-05 09:00", end="2024-01-05 10:00", zone="UTC").rows
    assert [hour.value for hour in days] == [4]
    assert by(place, "ticket_volume", "brand", period="2024-01") == {"Forlì": 2, "Cantù": 1, None: 1}
    resolved = row(place, "resolution_time", period="2024-01")
    assert (resolved.value, resolved.n) == (2 * HOUR, 1)
    [aside] = pq.read_table([str(file) for file in place.snapshot.files["quarantine"]]).to_pylist()
    assert (Path(aside["file"]).name, aside["line"], aside["column_name"]) == ("ticket.csv", 6, "Aperto il")
    assert "31/02/2024 10:00" in aside["reason"] + aside["raw"]
