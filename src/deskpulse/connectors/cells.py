"""Cells of a file, typed by a mapping; a row with a cell that cannot be understood is put aside whole."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Map
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.connector import Quarantined
from deskpulse.connectors.delimited import LINE, Rows
from deskpulse.connectors.instants import INSTANT, parse_instants
from deskpulse.connectors.mapping import MappedColumn, Mapping
from deskpulse.errors import InputError
from deskpulse.events.model import ARROW_TYPES
from deskpulse.events.ticket import STATUSES

NULL_TEXT = pa.scalar(None, pa.string())
_TRUE = ("true", "yes", "y", "t", "1", "x", "on")
_FALSE = ("false", "no", "n", "f", "0", "off")
_NUMBER = r"^[+-]?\d{1,17}(\.\d*)?$"
_AMOUNT = r"^[+-]?\d{1,14}(\.\d{1,4}|,\d{1,2}|,\d{4})?$"  # 1,234 may be a thousand or little more than one: refused


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Typed columns by meaning, with the line each row came from and what was refused."""

    columns: Map[str, pa.Array]
    lines: pa.Array
    refused: tuple[Quarantined, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def get(self, meaning: str) -> pa.Array | None:
        """The column that carries ``meaning``, if there is one."""
        return self.columns.get(meaning)

    def text(self, meaning: str) -> pa.Array:
        """A text column; all empty when the file has none."""
        return self.columns.get(meaning, pa.nulls(len(self), pa.string()))

    def instant(self, meaning: str) -> pa.Array:
        """A column of instants; all empty when the file has none."""
        return self.columns.get(meaning, pa.nulls(len(self), INSTANT))

    def take(self, chosen: pa.Array) -> Cells:
        """These rows, in this order."""
        columns = {name: column.take(chosen) for name, column in self.columns.items()}
        return Cells(columns=columns, lines=self.lines.take(chosen), refused=self.refused)


def read_cells(rows: Rows, mapping: Mapping) -> Cells:
    """Type every mapped column; raises InputError when the file lacks a column the mapping names."""
    return read_columns(rows, mapping.columns, mapping.required, mapping.constants, mapping.origin)


def read_columns(
    rows: Rows, columns: Map[str, MappedColumn], required: Collection[str], constants: Map[str, str], origin: str
) -> Cells:
    """Type these columns; a row without one of the ``required`` is put aside."""
    typed: dict[str, pa.Array] = {}
    problems: list[tuple[str, pa.Array, str]] = []
    for name, column in columns.items():
        header = find_header(rows, column, origin)
        if header is not None:
            texts = _cleaned(rows.table[header].combine_chunks(), column)
            typed[name], is_bad, reason = _typed(texts, column, name in required)
            problems.append((header, is_bad, reason))
    for name, value in constants.items():
        typed[name] = pa.array([value] * rows.table.num_rows, pa.string())
    problems.append(_unknown_statuses(rows, typed))
    return _put_aside(rows, typed, problems)


def _unknown_statuses(rows: Rows, typed: dict[str, pa.Array]) -> tuple[str, pa.Array, str]:
    """Rows that say a field 'status' became something that is no status."""
    is_bad = pa.array(np.zeros(rows.table.num_rows, dtype=bool))
    if "field" in typed and "new" in typed:
        known = pc.is_in(pc.utf8_lower(typed["new"]), value_set=pa.array([*STATUSES, None], pa.string()))
        is_bad = pc.and_(pc.fill_null(pc.equal(typed["field"], "status"), False), pc.invert(known))
    return rows.headers[0], is_bad, f"has a new status that is none of {', '.join(STATUSES)}: add it to the values"


def find_header(rows: Rows, column: MappedColumn, origin: str) -> str | None:
    """The file's header for a mapped column, whatever its case; None when it is optional and missing."""
    folded = {header.casefold(): header for header in reversed(rows.headers)}
    if column.header in rows.headers:
        return column.header
    found = folded.get(column.header.casefold())
    if found is None and not column.is_optional:
        near = get_close_matches(column.header, rows.headers, n=1, cutoff=0.4)
        hint = f"The nearest is '{near[0]}'" if near else f"It has {', '.join(rows.headers[:30])}"
        raise InputError(f"{rows.file} has no column '{column.header}', which {origin} maps. {hint}: mend the mapping.")
    return found


def _cleaned(texts: pa.Array, column: MappedColumn) -> pa.Array:
    """Trimmed text with null words as nulls and values mapped to the canonical ones."""
    coded = pc.utf8_trim_whitespace(texts.fill_null("")).dictionary_encode()
    values = coded.dictionary
    folded = pc.utf8_lower(values)
    is_null = pc.is_in(folded, value_set=pa.array(sorted(column.null_words), pa.string()))
    values = pc.if_else(is_null, NULL_TEXT, values)
    if column.values:
        place = pc.index_in(folded, value_set=pa.array(list(column.values), pa.string()))
        values = pc.if_else(pc.is_valid(place), pa.array(list(column.values.values()), pa.string()).take(place), values)
        values = pc.if_else(pc.equal(values, ""), NULL_TEXT, values)
    return pa.DictionaryArray.from_arrays(coded.indices, values)


def _typed(coded: pa.DictionaryArray, column: MappedColumn, is_required: bool) -> tuple[pa.Array, pa.Array, str]:
    """The typed values, which of them are bad, and what to say of those."""
    values = _convert(coded.dictionary, column).take(coded.indices)
    was_given = pc.is_valid(coded.dictionary).take(coded.indices)
    is_bad = pc.and_(pc.is_null(values), pc.or_(was_given, is_required))
    return values, is_bad, _expectation(column)


def _convert(texts: pa.Array, column: MappedColumn) -> pa.Array:
    match column.meaning.type:
        case "instant":
            return parse_instants(texts, column.formats, column.zone)
        case "date":
            return parse_instants(texts, column.formats, "UTC").cast(pa.date32())
        case "decimal":
            return _amounts(texts)
        case "integer":
            return _whole(_at_least(_numbers(texts), column.meaning.least))
        case "number":
            return _at_least(_within(_numbers(texts), column.scale), column.meaning.least)
        case "boolean":
            return _booleans(texts)
        case _:
            return _listed(texts, column.meaning.one_of)


def _numbers(texts: pa.Array) -> pa.Array:
    plain = pc.replace_substring(texts, ",", ".")
    return pc.if_else(pc.match_substring_regex(plain, _NUMBER), plain, NULL_TEXT).cast(pa.float64())


def _whole(numbers: pa.Array) -> pa.Array:
    """Whole numbers; one with a fraction is none."""
    return pc.if_else(pc.equal(pc.floor(numbers), numbers), numbers, pa.scalar(None, pa.float64())).cast(pa.int64())


def _amounts(texts: pa.Array) -> pa.Array:
    """Exact amounts of money, never by way of a float."""
    matching = pc.if_else(pc.match_substring_regex(texts, _AMOUNT), texts, NULL_TEXT)
    plain = pc.utf8_ltrim(pc.replace_substring(matching, ",", "."), characters="+")
    return plain.cast(ARROW_TYPES["decimal"])


def _at_least(numbers: pa.Array, least: float | None) -> pa.Array:
    if least is None:
        return numbers
    return pc.if_else(pc.greater_equal(numbers, least), numbers, pa.scalar(None, pa.float64()))


def _within(numbers: pa.Array, scale: tuple[float, float] | None) -> pa.Array:
    if scale is None:
        return numbers
    inside = pc.and_(pc.greater_equal(numbers, scale[0]), pc.less_equal(numbers, scale[1]))
    return pc.if_else(inside, numbers, pa.scalar(None, pa.float64()))


def _booleans(texts: pa.Array) -> pa.Array:
    folded = pc.utf8_lower(texts)
    is_known = pc.is_in(folded, value_set=pa.array([*_TRUE, *_FALSE]))
    return pc.if_else(is_known, pc.is_in(folded, value_set=pa.array(_TRUE)), pa.scalar(None, pa.bool_()))


def _listed(texts: pa.Array, one_of: tuple[str, ...]) -> pa.Array:
    """The text itself, or only the values of a closed list, whatever their case."""
    if not one_of:
        return texts
    folded = pc.utf8_lower(texts)
    return pc.if_else(pc.is_in(folded, value_set=pa.array(one_of)), folded, NULL_TEXT)


def _expectation(column: MappedColumn) -> str:
    match column.meaning.type:
        case "instant" | "date":
            return f"is no date in the format {' or '.join(column.formats)}"
        case "integer" | "number" if column.scale:
            return f"is no number from {column.scale[0]:g} to {column.scale[1]:g}"
        case "decimal":
            return "is no amount such as 1234.50"
        case "integer" | "number":
            kind = "whole number" if column.meaning.type == "integer" else "number"
            least = "" if column.meaning.least is None else f" from {column.meaning.least:g} up"
            return f"is no {kind}{least}"
        case "boolean":
            return "is neither true nor false"
        case _:
            place = "[activities]" if column.meaning.name == "activity" else "the column's values"
            return f"is none of {', '.join(column.meaning.one_of)}: add it to {place}"


def _put_aside(rows: Rows, typed: dict[str, pa.Array], problems: list[tuple[str, pa.Array, str]]) -> Cells:
    is_bad = np.zeros(rows.table.num_rows, dtype=bool)
    for _, mask, _ in problems:
        is_bad |= mask.to_numpy(zero_copy_only=False)
    kept = Cells(columns=typed, lines=rows.table[LINE].combine_chunks())
    if is_bad.any():
        kept = kept.take(pa.array(np.flatnonzero(~is_bad)))
    refused = (*rows.refused, *_refused(rows, np.flatnonzero(is_bad), problems))
    return Cells(columns=kept.columns, lines=kept.lines, refused=refused)


def _refused(rows: Rows, bad: npt.NDArray[np.intp], problems: list[tuple[str, pa.Array, str]]) -> list[Quarantined]:
    """One entry per bad row, for the first column that is wrong."""
    masks = [(header, mask.take(pa.array(bad)).to_pylist(), reason) for header, mask, reason in problems]
    found = []
    for place, row in enumerate(rows.table.take(pa.array(bad)).to_pylist()):
        header, _, reason = next(problem for problem in masks if problem[1][place])
        value = row[header]
        said = f"'{value}' {reason}" if value.strip() else "is empty"
        line = row.pop(LINE)
        found.append(Quarantined(file=rows.file, line=line, column=header, reason=said, raw=",".join(row.values())))
    return found
