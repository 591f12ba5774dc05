"""Comma, tab, semicolon or bar separated text, as people's systems write it: any encoding, any line end, mangled rows.

The well-formed file takes the fast reader. Whatever that one refuses takes a patient reader that puts aside the rows
whose number of fields is wrong and goes on with the next line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from deskpulse.connectors.connector import Quarantined
from deskpulse.errors import InputError

if TYPE_CHECKING:
    from _csv import Reader

LINE = "line number"  # no header can be called so: headers are stripped and this one is reserved below
DELIMITERS = ",;\t|"
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A file as text: one text column per header plus ``LINE`` (int64), and the rows that were refused on the way."""

    file: str
    table: pa.Table
    refused: tuple[Quarantined, ...] = ()

    @property
    def headers(self) -> list[str]:
        """The column names, without the line number."""
        return [name for name in self.table.column_names if name != LINE]


def decode(data: bytes) -> str:
    """Text of ``data``: by its mark, else UTF-8, else UTF-16 by its zero bytes, else Windows' Western European code."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text[:200]
    return data.decode(_utf16_order(data), errors="replace") if head.count("\0") * 4 > len(head) else text


def _utf16_order(data: bytes) -> str:
    return "utf-16-be" if data[:1] == b"\0" else "utf-16-le"


def clean_headers(names: Sequence[str]) -> list[str]:
    """Names without padding and stray quotes; an empty one is called by its place, a repeated one gets a number."""
    cleaned: list[str] = []
    for place, name in enumerate(names, start=1):
        wanted = name.strip().strip('"').strip() or f"column {place}"
        wanted = f"{wanted}_" if wanted == LINE else wanted
        again = sum(1 for other in cleaned if other == wanted)
        number = 2
        while again and f"{wanted}_{number}" in cleaned:
            number += 1
        cleaned.append(f"{wanted}_{number}" if again else wanted)
    return cleaned


def read_delimited(file: str, data: bytes) -> Rows:
    """Read delimited text; raises InputError when there is not even a header."""
    text = decode(data).replace("\0", "")
    if "\n" not in text or "\r" in text.lstrip("\n\r").partition("\n")[0].rstrip("\r"):
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # a line end, alone or among others
    text = text.lstrip("\n\r").rstrip("\n\r")
    skipped = _leading_lines(data)
    if not text:
        raise InputError(f"{file} is empty: export it again, with its header row.")
    header = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=lambda mark: (header.count(mark), -DELIMITERS.index(mark)))
    return _read_fast(file, text, delimiter, skipped) or _read_patiently(file, text, delimiter, skipped)


def _leading_lines(data: bytes) -> int:
    """How many blank lines stand before the header, so that later ones are counted right."""
    head = decode(data[:4096])
    blank = head[: len(head) - len(head.lstrip("\ufeff\r\n"))]
    return max(blank.count("\n"), blank.count("\r"))


def _read_fast(file: str, text: str, delimiter: str, skipped: int) -> Rows | None:
    """The well-formed file; None when a row is mangled, a line blank, or a quote never closed."""
    header = text.partition("\n")[0]
    names = clean_headers(next(csv.reader([header], delimiter=delimiter)))
    if header.count('"') % 2 or text.count('"') % 2 or "\n" not in text:
        return None
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values='"' in text),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = _line_numbers(table, text, skipped)
    return None if lines is None else Rows(file=file, table=table.append_column(LINE, lines))


def _line_numbers(table: pa.Table, text: str, skipped: int) -> pa.Array | None:
    """Line of each row, counting the line ends inside quoted cells; None when the rows do not add up to the file."""
    total = text.count("\n")
    first = 2 + skipped
    if total == table.num_rows:
        return pa.array(np.arange(first, first + table.num_rows))
    inside = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        inside += pc.count_substring(column, "\n").to_numpy()
    if total != table.num_rows + int(inside.sum()):
        return None
    return pa.array(first + np.arange(table.num_rows) + np.concatenate([[0], np.cumsum(inside)[:-1]]))


def _read_patiently(file: str, text: str, delimiter: str, skipped: int) -> Rows:
    """Record by record; one with a wrong number of fields is refused, and reading goes on at the next line."""
    lines = text.split("\n")
    records = _records(lines, delimiter)
    names = clean_headers(next(records)[1] or lines[0].split(delimiter))
    kept: list[list[str]] = []
    numbers: list[int] = []
    refused: list[Quarantined] = []
    for index, fields in records:
        if fields is not None and len(fields) == len(names):
            kept.append(fields)
            numbers.append(index + 1 + skipped)
        elif fields != []:
            raw = lines[index].rstrip("\r")
            reason = _what_is_wrong(fields, len(names))
            refused.append(Quarantined(file=file, line=index + 1 + skipped, column=None, reason=reason, raw=raw))
    columns = [pa.array([row[place] for row in kept], pa.string()) for place in range(len(names))]
    table = pa.table([*columns, pa.array(numbers, pa.int64())], names=[*names, LINE])
    return Rows(file=file, table=table, refused=tuple(refused))


def _what_is_wrong(fields: list[str] | None, width: int) -> str:
    if fields is None:
        return "a quotation mark is opened and not closed where the field ends"
    return f"{len(fields)} {'field' if len(fields) == 1 else 'fields'} where the header has {width}"


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with the index of its first line; None where its quotes are broken, [] for a blank line.

    A record that spans lines must fit the header, else its first line alone is broken and the next one is read anew.
    """
    at, width = 0, 0
    while at < len(lines):
        reader = csv.reader((line + "\n" for line in islice(lines, at, None)), delimiter=delimiter, strict=True)
        start = at
        for fields in _until_error(reader):
            end = start + reader.line_num
            if end > at + 1 and width and len(fields) != width:
                break
            yield at, fields
            width = width or len(fields)
            at = end
        if at < len(lines):
            yield at, None
            at += 1


def _until_error(reader: Reader) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        return
