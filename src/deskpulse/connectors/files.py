"""Files people have, as columns of text with line numbers: delimited, JSON lines, Parquet, Excel; gzipped or not."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from deskpulse.connectors.connector import Quarantined
from deskpulse.connectors.delimited import LINE, Rows, clean_headers, decode, read_delimited
from deskpulse.errors import InputError


def read_rows(path: Path, *, sheet: str | None = None) -> Rows:
    """Open ``path`` by what is in it, not by its name; raises InputError that names the file and the remedy.

    ``sheet`` names the sheet of a workbook; without it the first is read.
    """
    data = read_bytes(path)
    reader = _reader(path, data)
    if reader is read_workbook:
        return read_workbook(str(path), data, sheet=sheet)
    if sheet is not None:
        raise InputError(f"{path} is no Excel workbook, so it has no sheet '{sheet}': drop 'sheet' from the mapping.")
    return reader(str(path), data)


def read_bytes(path: Path) -> bytes:
    """What is in a file, unzipped; raises InputError that names it and the remedy."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    except FileNotFoundError:
        raise InputError(f"There is no file {path}: check the name, or give its full path.") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder: name a file in it.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as cause:
        raise InputError(f"{path} is a broken gzip file ({cause}): fetch or export it again.") from None
    except OSError as cause:
        raise InputError(f"{path} cannot be read: {cause.strerror or cause}.") from None


def _reader(path: Path, data: bytes) -> Callable[[str, bytes], Rows]:
    if data.startswith(b"PAR1"):
        return read_parquet
    if data.startswith(b"PK\x03\x04"):
        return read_workbook
    stem = path.name.removesuffix(".gz").lower()
    if stem.endswith((".json", ".jsonl", ".ndjson")) or data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        return read_json
    return read_delimited


def read_parquet(file: str, data: bytes) -> Rows:
    """Parquet; the line is the number of the row."""
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as cause:
        raise InputError(f"{file} is not a Parquet file that can be read ({cause}): export it again.") from None
    return Rows(file=file, table=text_table(table))


def text_table(table: pa.Table) -> pa.Table:
    """Every column as text, empty where it was null, plus ``LINE`` counting rows from 1."""
    columns = [_as_text(column) for column in table.columns]
    numbers = pa.array(range(1, table.num_rows + 1), pa.int64())
    return pa.table([*columns, numbers], names=[*clean_headers(table.column_names), LINE])


def _as_text(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return pa.array([_cell(value) for value in column.to_pylist()], pa.string())
    text = column.cast(pa.string()).combine_chunks()
    return text.fill_null("")


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook in order; none where the file is no workbook."""
    data = read_bytes(path)
    if _reader(path, data) is not read_workbook:
        return []
    with _workbook(str(path), data) as book:
        return [sheet.title for sheet in book.worksheets]


def read_workbook(file: str, data: bytes, *, sheet: str | None = None) -> Rows:
    """A sheet of an Excel workbook, else its first; dates come out in ISO form, the line is the row of the sheet."""
    with _workbook(file, data) as book:
        chosen = _sheet(file, book, sheet)
        grid = [list(row) for row in chosen.iter_rows(values_only=True)]
    filled = [(number, row) for number, row in enumerate(grid, start=1) if any(cell is not None for cell in row)]
    if not filled:
        raise InputError(f"{file} has an empty sheet '{chosen.title}': put the table on it, with its header row.")
    return _grid(file, [_cell(name) for name in filled[0][1]], filled[1:])


@contextmanager
def _workbook(file: str, data: bytes) -> Iterator[Any]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        yield load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as cause:
        raise InputError(f"{file} cannot be read as an Excel workbook ({cause}): save it again as .xlsx.") from None


def _sheet(file: str, book: Any, name: str | None) -> Any:
    if name is None:
        return book.worksheets[0]
    if name not in book.sheetnames:
        raise InputError(f"{file} has no sheet '{name}'. It has {', '.join(book.sheetnames)}: mend the mapping.")
    return book[name]


def _grid(file: str, header: list[str], rows: list[tuple[int, list[Any]]]) -> Rows:
    names = clean_headers(header)
    columns = [
        pa.array([_cell(row[place]) if place < len(row) else "" for _, row in rows], pa.string())
        for place in range(len(names))
    ]
    numbers = pa.array([number for number, _ in rows], pa.int64())
    return Rows(file=file, table=pa.table([*columns, numbers], names=[*names, LINE]))


def read_json(file: str, data: bytes) -> Rows:
    """JSON lines, or one JSON list of objects; nested values stay JSON text."""
    text = decode(data)
    if text.lstrip("\ufeff \r\n\t").startswith("["):
        return _objects(file, _json_list(file, text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _objects(file, ((number, line) for number, line in enumerate(lines, start=1) if line.strip("\ufeff \t")))


def _json_list(file: str, text: str) -> Iterable[tuple[int, Any]]:
    try:
        return list(enumerate(json.loads(text.lstrip("\ufeff")), start=1))
    except (ValueError, RecursionError) as cause:
        raise InputError(f"{file} is not JSON ({cause}): export it again, one object per line.") from None


def _objects(file: str, items: Iterable[tuple[int, Any]]) -> Rows:
    kept: list[tuple[int, dict[str, Any]]] = []
    refused: list[Quarantined] = []
    for number, item in items:
        value = _parsed(item)
        if isinstance(value, dict):
            kept.append((number, value))
        else:
            raw = item if isinstance(item, str) else json.dumps(item)
            refused.append(Quarantined(file=file, line=number, column=None, reason="not a JSON object", raw=raw))
    keys = list(dict.fromkeys(key for _, value in kept for key in value))
    if not keys:
        raise InputError(f"{file} holds no JSON object: it must have one per line.")
    rows = _grid(file, keys, [(number, [value.get(key) for key in keys]) for number, value in kept])
    return Rows(file=file, table=rows.table, refused=tuple(refused))


def _parsed(item: Any) -> Any:
    try:
        return json.loads(item.strip("\ufeff")) if isinstance(item, str) else item
    except (ValueError, RecursionError):
        return None


def _cell(value: Any) -> str:
    """A cell as text, the way a CSV would show it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case dict() | list() | tuple():
            return json.dumps(value, default=str)
        case _:
            return str(value)
