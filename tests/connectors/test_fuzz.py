"""Whatever the file holds: an error of the user's at worst, and every row is read or put aside."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from connectors.reading import read_with
from hypothesis import given, settings
from hypothesis import strategies as st

from deskpulse.connectors.delimited import read_delimited
from deskpulse.connectors.files import read_rows
from deskpulse.connectors.guess import guess
from deskpulse.connectors.mapped import preset_files
from deskpulse.connectors.mapping import parse_mapping
from deskpulse.errors import DeskpulseError

TICKETS = preset_files(
    "fuzz",
    "fuzz",
    """
shape = "ticket"
[columns]
id = "ticket"
opened = { meaning = "created_at", format = ["iso", "%d/%m/%Y %H:%M", "epoch", "excel"], zone = "Australia/Lord_Howe" }
solved = { meaning = "solved_at", format = ["iso", "%d/%m/%Y %H:%M"] }
state = "status"
stars = { meaning = "rating", scale = [1, 5] }
test = "is_test"
""",
)
WORDS = st.sampled_from(
    (
        *("1", "2", "", "?", "open", "Solved", "closed", "2024-01-01", "31/02/2024 10:00", "1/3/2024 9:00", "45292.5"),
        *("1e9", "1700000000", "5", "9", "yes", "perhaps", "0001-01-01", "9999-12-31T23:59:59+14:00", "-1", "NaN", "٣"),
    )
)
CELLS = st.one_of(WORDS, st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8))
ROWS = st.lists(st.tuples(*[CELLS] * 6), max_size=12)


@settings(max_examples=120, deadline=None)
@given(ROWS)
def test_every_row_is_a_ticket_or_put_aside(rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["id", "opened", "solved", "state", "stars", "test"])
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_bytes(text.getvalue().encode())
        read = read_with(TICKETS, path)
    assert len(read.rows("ticket", "source_id")) + len(read.aside) == len(rows)
    assert len(set(read.rows("change", "source_id"))) == len(read.rows("change", "source_id"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["rows.csv", "rows.jsonl", "rows.json", "rows.parquet", "rows.xlsx"]))
def test_any_bytes_are_rows_or_an_error_of_the_users(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            rows = read_rows(path)
            parse_mapping(guess(path), origin="guess")
        except DeskpulseError:
            return
    assert len(set(rows.table.column_names)) == len(rows.table.column_names)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.sampled_from('ab,"\r'), max_size=8), max_size=8))
def test_every_line_that_is_not_blank_is_in_a_row_or_put_aside(lines: list[str]) -> None:
    rows = read_delimited("f", "\n".join(["one,two", *lines]).encode())
    numbers = rows.table["line number"].to_pylist() + [refused.line for refused in rows.refused]
    assert len(numbers) == len(set(numbers))
    assert all(2 <= number <= len(lines) + 1 for number in numbers)
    simple = [at for at, line in enumerate(lines, start=2) if line.strip("\r") and '"' not in line]
    if not any('"' in line for line in lines) and not any("\r" in line for line in lines):
        assert sorted(numbers) == simple
