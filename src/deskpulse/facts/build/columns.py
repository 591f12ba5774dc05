"""Columns as numpy arrays in ticket order, and the few operations a history needs on them.

Whole numbers use ``NONE`` for null. Text is held as codes into a ``Vocabulary``, -1 for null. Every operation takes
whole columns: a batch of a million tickets costs a handful of passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

NONE = np.iinfo(np.int64).min
SEQUENCES = 1 << 24


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The different words of one kind of column; ``words[code]`` is the text."""

    words: pa.Array

    def code(self, word: str) -> int:
        """The word's code, -2 when it does not occur (so that it equals no row)."""
        found = pc.index(self.words, pa.scalar(word)).as_py()
        return int(found) if found >= 0 else -2

    def text(self, codes: Codes) -> pa.Array:
        """Codes as text."""
        return pa.DictionaryArray.from_arrays(arrow(codes, codes >= 0), self.words, safe=False)


def arrow(values: Any, known: Mask | None = None) -> pa.Array:
    """A numpy column as Arrow, in place; null where it is not known. ``pa.array`` would copy it, and import pandas."""
    if values.dtype == np.bool_:
        return pa.Array.from_buffers(pa.bool_(), len(values), [_bits(known), _bits(values)])
    column = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(column.dtype)
    return pa.Array.from_buffers(kind, len(column), [_bits(known), pa.py_buffer(column)])


def _bits(mask: Mask | None) -> pa.Buffer | None:
    return None if mask is None else pa.py_buffer(np.packbits(mask, bitorder="little"))


def numbered(numbers: Ints, words: Sequence[str]) -> pa.Array:
    """Numbers from 1 as the words of a closed list; 0 is null."""
    return Vocabulary(pa.array(words, pa.string())).text((numbers - 1).astype(np.int32))


def encode(*columns: Any) -> tuple[Vocabulary, list[Codes]]:
    """Text columns coded into one vocabulary, so that equal texts have equal codes; empty text is null."""
    chunks = [chunk.cast(pa.string()) for column in columns for chunk in _chunks(column)]
    coded = pa.chunked_array([*chunks, pa.array([], pa.string())]).combine_chunks().dictionary_encode()
    words = Vocabulary(coded.dictionary)
    codes = whole_codes(coded.indices)
    codes[codes == words.code("")] = -1
    ends = np.cumsum([len(column) for column in columns])
    return words, np.split(codes, ends[:-1])


def whole_codes(indices: pa.Array) -> Codes:
    """Arrow's own codes, -1 for null."""
    return np.array(indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int32)


def _chunks(column: Any) -> Sequence[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def whole(column: Any) -> Ints:
    """An Arrow column of whole numbers or of timestamps (as whole seconds since 1970)."""
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_timestamp(combined.type):
        combined = combined.cast(pa.timestamp("us")).cast(pa.int64())
        return np.asarray(pc.fill_null(_floor_seconds(combined), NONE).to_numpy(zero_copy_only=False), np.int64)
    return np.asarray(pc.fill_null(combined.cast(pa.int64()), NONE).to_numpy(zero_copy_only=False), np.int64)


def _floor_seconds(micros: pa.Array) -> pa.Array:
    values = micros.fill_null(0).to_numpy(zero_copy_only=False) // 1_000_000
    return pa.array(values, mask=micros.is_null().to_numpy(zero_copy_only=False))


def yes(column: Any, *, unknown: bool = False) -> Mask:
    """A column of booleans, null read as ``unknown``."""
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.asarray(pc.fill_null(combined, unknown).to_numpy(zero_copy_only=False), np.bool_)


def order_of(at: Ints, seq: Ints) -> Ints:
    """One number that sorts what happened by instant, then by sequence, which may be negative (8 million each way)."""
    half = SEQUENCES // 2
    return at * SEQUENCES + np.clip(np.where(seq == NONE, 0, seq), -half, half - 1) + half


def sorting(ticket: Ints, order: Ints, tie: Ints) -> Ints | None:
    """The permutation that puts rows in ticket order, null when they are; ``tie`` decides between equal orders.

    Rows come in a few runs of tickets, and few tickets have rows in disorder: only these are sorted by all of it.
    """
    same = ticket[1:] == ticket[:-1]
    if ((ticket[1:] > ticket[:-1]) | (same & (order[1:] > order[:-1]))).all():
        return None
    rows = np.argsort(ticket, kind="stable")
    first = starts_of(ticket[rows])
    misplaced = ~first[1:] & (order[rows[1:]] <= order[rows[:-1]])
    number = np.cumsum(first)
    is_mixed = np.zeros(int(number[-1]) + 1, np.bool_)
    is_mixed[number[1:][misplaced]] = True
    mixed = np.flatnonzero(is_mixed[number])
    found = rows[mixed]
    rows[mixed] = found[np.lexsort((tie[found], order[found], ticket[found]))]
    return rows


def minus(end: Ints, start: Ints) -> Ints:
    """``end - start``; null where either is or where it would be negative (a broken record, not a short wait)."""
    known = (end != NONE) & (start != NONE) & (end >= start)
    return np.where(known, end - np.where(known, start, 0), NONE)


def coalesce(*columns: Any) -> Any:
    """The first known value, of whole numbers or of codes."""
    result = columns[0]
    for column in columns[1:]:
        result = np.where(result == (NONE if result.dtype == np.int64 else -1), column, result)
    return result


def earlier(*columns: Ints) -> Ints:
    """The least known value."""
    top = np.iinfo(np.int64).max
    least = np.minimum.reduce([np.where(column == NONE, top, column) for column in columns])
    return np.where(least == top, NONE, least)


def starts_of(ticket: Ints) -> Mask:
    """Whether a row is its ticket's first; rows are in ticket order."""
    first = np.ones(len(ticket), np.bool_)
    first[1:] = ticket[1:] != ticket[:-1]
    return first


def before(values: Any, first: Mask, nothing: int) -> Any:
    """The value of the row before within the ticket."""
    shifted = np.empty_like(values)
    shifted[1:] = values[:-1]
    shifted[first] = nothing
    return shifted


def after(values: Any, first: Mask, nothing: int) -> Any:
    """The value of the row after within the ticket."""
    shifted = np.empty_like(values)
    shifted[:-1] = values[1:]
    shifted[:-1][first[1:]] = nothing
    shifted[-1:] = nothing
    return shifted


def carry(values: Any, is_set: Mask) -> Any:
    """Each row's last set value; the first row of each ticket is set."""
    last = np.maximum.accumulate(np.where(is_set, np.arange(len(values)), 0))
    return values[last]


def place(size: int, at: Ints, values: Any, nothing: int) -> Any:
    """One value per ticket, that of the LAST of its rows; ``nothing`` where it has none."""
    result = np.full(size, nothing, values.dtype)
    result[at] = values
    return result


def place_first(size: int, at: Ints, values: Any, nothing: int) -> Any:
    """One value per ticket, that of the FIRST of its rows."""
    return place(size, at[::-1], values[::-1], nothing)


def count(size: int, ticket: Ints, where: Mask | None = None) -> Ints:
    """Rows per ticket."""
    return np.bincount(ticket if where is None else ticket[where], minlength=size).astype(np.int64)


def total(size: int, ticket: Ints, values: Any, where: Mask) -> Ints:
    """Sum of whole numbers per ticket, exact below 2**53."""
    return np.bincount(ticket[where], weights=values[where], minlength=size).astype(np.int64)


def position(first: Mask) -> Ints:
    """1 for the first row of each ticket, then counting."""
    index = np.arange(len(first), dtype=np.int64)
    begun = np.maximum.accumulate(np.where(first, index, 0))
    return index - begun + 1
