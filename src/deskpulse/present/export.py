"""Tables as files: CSV, XLSX, Parquet, JSON and NDJSON.

A text that a spreadsheet would take for a formula is written with an apostrophe before it in CSV; in XLSX texts are
typed as such and never run. https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import IO, Any, Literal

from deskpulse.errors import QuestionError
from deskpulse.present.extract import Cell, Column, Extract, Kind

Form = Literal["csv", "xlsx", "parquet", "json", "ndjson"]
MEDIA_TYPES: Mapping[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
}
UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
"""What a file's name has not, since it is written in a header."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell must not begin with where a spreadsheet reads it; the wide signs are those of East Asian keyboards."""

BATCH = 2000
IN_MEMORY = 8_000_000
MOST_XLSX_ROWS = 1_048_575
"""What a sheet holds below its header."""

NUMBER_FORMATS = {"share": "0.0%", "net": "+0.0%;-0.0%", "money": "#,##0.00", "seconds": "#,##0"}


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A file to send: its name, its media type and its bytes, in pieces."""

    name: str
    media_type: str
    pieces: Iterator[bytes]


def export(extract: Extract, form: Form) -> Exported:
    """The table in a format. Raises QuestionError for more rows than a sheet holds."""
    pieces = WRITERS[form](extract)
    # The first piece is made before anything is sent, so that a fault there is still told as one.
    pieces = chain(list(islice(pieces, 1)), pieces)
    return Exported(name=file_name(extract.name, form), media_type=MEDIA_TYPES[form], pieces=pieces)


def file_name(stem: str, ending: str) -> str:
    """What a file is called where it is sent: nothing in it that a header cannot hold."""
    return f"{UNSAFE.sub('-', stem)}.{ending}"


def _batches(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _csv(extract: Extract) -> Iterator[bytes]:
    yield _csv_lines([[column.name for column in extract.columns]])
    for batch in _batches(extract.rows):
        yield _csv_lines([[csv_cell(cell) for cell in row] for row in batch])


def _csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def csv_cell(cell: Cell) -> str | float | int:
    """A cell as CSV has it: nothing for null, ISO 8601 for an instant, and no text that a spreadsheet would run."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def _json(extract: Extract) -> Iterator[bytes]:
    first = True
    for batch in _batches(extract.rows):
        text = ",\n".join(_json_record(extract.columns, row) for row in batch)
        yield f"{'[' if first else ','}\n{text}".encode()
        first = False
    yield b"[]\n" if first else b"\n]\n"


def _ndjson(extract: Extract) -> Iterator[bytes]:
    for batch in _batches(extract.rows):
        yield "".join(f"{_json_record(extract.columns, row)}\n" for row in batch).encode()


def _json_record(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    names = (column.name for column in columns)
    record = {
        name: cell.isoformat() if isinstance(cell, datetime) else cell for name, cell in zip(names, row, strict=True)
    }
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _parquet(extract: Extract) -> Iterator[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: Mapping[Kind, Any] = {
        "text": pa.string(),
        "number": pa.float64(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "instant": pa.timestamp("us", "UTC"),
    }
    about = {name: text for name, text in extract.about}
    schema = pa.schema([pa.field(one.name, types[one.kind]) for one in extract.columns], metadata=about)
    with _file() as file:
        with pq.ParquetWriter(file, schema) as writer:
            for batch in _batches(extract.rows):
                cells = ([_in_utc(cell) for cell in column] for column in zip(*batch, strict=True))
                arrays = [pa.array(column, field.type) for column, field in zip(cells, schema, strict=True)]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
        yield from _read(file)


def _in_utc(cell: Cell) -> Cell:
    return cell.astimezone(UTC) if isinstance(cell, datetime) else cell


def _xlsx(extract: Extract) -> Iterator[bytes]:
    import xlsxwriter

    with _file() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
            heading = book.add_format({"bold": True})
            _write_rows(book, extract, heading)
            about = book.add_worksheet("About")
            for place, (name, text) in enumerate(extract.about):
                about.write_string(place, 0, name, heading)
                about.write_string(place, 1, text)
            about.set_column(0, 0, 14)
            about.set_column(1, 1, 90)
        yield from _read(file)


def _write_rows(book: Any, extract: Extract, heading: Any) -> None:
    sheet = book.add_worksheet("Rows")
    sheet.freeze_panes(1, 0)
    formats = [_cell_format(book, column) for column in extract.columns]
    for place, column in enumerate(extract.columns):
        sheet.set_column(place, place, 20 if column.kind in ("text", "instant") else 12)
        sheet.write_string(0, place, column.name, heading)
    for number, row in enumerate(extract.rows, 1):
        if number > MOST_XLSX_ROWS:
            raise QuestionError(f"A sheet holds {MOST_XLSX_ROWS} rows and these are more: ask for csv or parquet.")
        for place, (cell, form) in enumerate(zip(row, formats, strict=True)):
            _write_cell(sheet, number, place, cell, form)


def _cell_format(book: Any, column: Column) -> Any:
    if column.kind == "instant":
        return book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    number_format = NUMBER_FORMATS.get(column.unit or "")
    return book.add_format({"num_format": number_format}) if number_format else None


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, form: Any) -> None:
    """By the cell's own type: a text never becomes a formula, a link or a number."""
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell, form)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell.replace(tzinfo=None), form)
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell, form)
    else:
        sheet.write_number(row, place, cell, form)


def _file() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(1 << 16):
        yield piece


WRITERS: Mapping[Form, Callable[[Extract], Iterator[bytes]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "json": _json,
    "ndjson": _ndjson,
}
