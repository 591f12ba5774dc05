"""Files as people have them: oddities of encoding, line end, header and cell, and where a mangled row is reported."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deskpulse.connectors.delimited import LINE
from deskpulse.connectors.files import read_rows
from deskpulse.errors import InputError

TABLE = {"id": ["1", "2"], "name": ["Zoë", "Bob"], LINE: [2, 3]}
PLAIN = "id,name\n1,Zoë\n2,Bob\n"


def read(folder: Path, data: bytes, name: str = "file.csv") -> dict[str, list[object]]:
    path = folder / name
    path.write_bytes(data)
    return read_rows(path).table.to_pydict()


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.rstrip("\n").encode(),
        gzip.compress(PLAIN.encode()),
        b' id ,"name "\n1,Zo\xc3\xab\n2,Bob\n',
    ],
    ids=[
        "utf-8", "mark", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "crlf", "cr", "semicolon", "tab", "bar",
        "no-last-end", "gzip", "padded-header",
    ],
)  # fmt: skip
def test_the_same_table_however_it_was_written(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == TABLE


def test_a_repeated_or_empty_header_gets_a_name_of_its_own(tmp_path: Path) -> None:
    assert list(read(tmp_path, b'Variant,,Variant,"""default"""\n1,2,3,4\n')) == [
        "Variant", "column 2", "Variant_2", "default", LINE,
    ]  # fmt: skip


def test_lines_are_counted_through_blank_lines_and_line_ends_in_cells(tmp_path: Path) -> None:
    # header on line 1; first row spans 2 and 3; 4 is blank; second row on 5
    assert read(tmp_path, b'id,text\n1,"two\nlines"\n\n2,one\n')[LINE] == [2, 5]
    # without the blank line the fast reader does it: the second row is then on 4
    assert read(tmp_path, b'id,text\n1,"two\nlines"\n2,one\n')[LINE] == [2, 4]
    # two blank lines before the header: header on 3, the row on 4
    assert read(tmp_path, b"\n\nid,text\n1,one\n")[LINE] == [4]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2", "1 field where the header has 2"),
        ("2,b,c", "3 fields where the header has 2"),
        ('2,"b', "a quotation mark is opened and not closed where the field ends"),
    ],
)
def test_a_mangled_row_is_put_aside_with_its_line_and_the_rest_goes_on(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "mangled.csv"
    path.write_text(f"id,name\n1,a\n{row}\n3,c\n")
    rows = read_rows(path)
    assert rows.table.to_pydict() == {"id": ["1", "3"], "name": ["a", "c"], LINE: [2, 4]}
    assert [(refused.file, refused.line, refused.reason, refused.raw) for refused in rows.refused] == [
        (str(path), 3, reason, row)
    ]


def test_json_lines_and_lists_of_objects(tmp_path: Path) -> None:
    lines = b'{"id": 1, "ok": true}\nno json\n{"id": 2.5, "tags": ["a", "b"], "ok": null}\n'
    path = tmp_path / "tickets.jsonl"
    path.write_bytes(lines)
    rows = read_rows(path)
    assert rows.table.to_pydict() == {
        "id": ["1", "2.5"], "ok": ["true", ""], "tags": ["", '["a", "b"]'], LINE: [1, 3],
    }  # fmt: skip
    assert [(refused.line, refused.raw) for refused in rows.refused] == [(2, "no json")]
    assert read(tmp_path, b'[{"id": "1"}, {"id": "2"}]', "list.json") == {"id": ["1", "2"], LINE: [1, 2]}


def test_parquet_keeps_dates_and_nulls_readable(tmp_path: Path) -> None:
    table = pa.table({"id": [1, 2], "at": pa.array([datetime(2024, 1, 2, 3, 4, 5), None], pa.timestamp("ms"))})
    pq.write_table(table, tmp_path / "file.parquet")
    assert read_rows(tmp_path / "file.parquet").table.to_pydict() == {
        "id": ["1", "2"], "at": ["2024-01-02 03:04:05.000", ""], LINE: [1, 2],
    }  # fmt: skip


def test_a_workbook_gives_its_dates_in_iso_and_its_serials_as_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ([None, None], ["id", "at"], [1, datetime(2024, 1, 1, 12)], [None, None], [2, 45292.5]):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    assert read_rows(tmp_path / "book.xlsx").table.to_pydict() == {
        "id": ["1", "2"], "at": ["2024-01-01 12:00:00", "45292.5"], LINE: [3, 5],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv.gz", gzip.compress(b"id\n1\n" * 100, mtime=0)[:-20], "broken gzip"),
        ("a.parquet", b"PAR1 and no more", "Parquet"),
        ("a.xlsx", b"PK\x03\x04 and no more", "Excel"),
        ("a.json", b"[1, 2", "not JSON"),
        ("a.jsonl", b"1\n2\n", "no JSON object"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_named_with_the_remedy(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(tmp_path, data, name)
    assert str(tmp_path / name) in str(caught.value)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        read_rows(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="folder"):
        read_rows(tmp_path)
