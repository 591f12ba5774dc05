"""Rows of several tickets put in order, and how to look back in them: one pass over columns, no loop over rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def codes(values: pa.Array) -> Places:
    """A number per distinct value, -1 for null: equal numbers are equal values."""
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    indices: Places = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return indices


def in_order(tickets: pa.Array, *keys: pa.Array) -> pa.Array:
    """Where each row belongs when sorted by ticket (as they first appear), then by ``keys``; nulls first."""
    arrays = [np.asarray(key.cast(pa.int64()).fill_null(np.iinfo(np.int64).min)) for key in reversed(keys)]
    return pa.array(np.lexsort((*arrays, codes(tickets))))


@dataclass(frozen=True)
class History:
    """The rows of all tickets, sorted by ticket and time."""

    tickets: pa.Array

    def __len__(self) -> int:
        return len(self.tickets)

    @cached_property
    def place(self) -> Places:
        """0, 1, 2 ... over all rows."""
        return np.arange(len(self))

    @cached_property
    def is_first(self) -> Flags:
        """The ticket's first row."""
        return self.starts_anew(codes(self.tickets))

    @cached_property
    def is_last(self) -> Flags:
        """The ticket's last row."""
        return np.append(self.is_first[1:], True)[: len(self)]

    @cached_property
    def first(self) -> Places:
        """Place of the first row of this row's ticket."""
        return np.maximum.accumulate(np.where(self.is_first, self.place, 0))

    @cached_property
    def last(self) -> Places:
        """Place of the last row of this row's ticket."""
        last: Places = np.flatnonzero(self.is_last)[np.cumsum(self.is_first) - 1]
        return last

    @cached_property
    def position(self) -> Places:
        """1 for the ticket's first row, then counting."""
        return self.place - self.first + 1

    def starts_anew(self, *series: Places) -> Flags:
        """Rows where any of ``series`` differs from the row before."""
        anew = np.ones(len(self), dtype=bool)
        anew[1:] = False
        for one in series:
            anew[1:] |= one[1:] != one[:-1]
        return anew

    def before(self, values: pa.Array) -> pa.Array:
        """The value of the ticket's row before; null on its first."""
        return values.take(pa.array(self.place - 1, mask=self.is_first))

    def carried(self, values: pa.Array) -> pa.Array:
        """Each null filled with the last value the ticket had before."""
        stands = values.is_valid().to_numpy(zero_copy_only=False) | self.is_first
        return values.take(pa.array(np.maximum.accumulate(np.where(stands, self.place, 0))))

    def happened(self, flags: Flags, since: Flags) -> Flags:
        """Rows with a flagged row at or before them, not earlier than the last row marked in ``since``."""
        latest = np.maximum.accumulate(np.where(flags, self.place, -1))
        start = np.maximum.accumulate(np.where(since, self.place, 0))
        return latest >= start

    def happens_later(self, flags: Flags) -> Flags:
        """Rows of a ticket with a flagged row after them."""
        total = np.cumsum(flags)
        later: Flags = total[self.last] > total
        return later

    def at_last(self, values: pa.Array) -> pa.Array:
        """The value on the ticket's last row."""
        return values.take(pa.array(self.last))

    def occurrence(self, *keys: pa.Array) -> Places:
        """1 for the first of the ticket's neighbouring rows that agree on ``keys``, then counting."""
        anew = self.starts_anew(codes(self.tickets), *(codes(key) for key in keys))
        return self.place - np.maximum.accumulate(np.where(anew, self.place, 0)) + 1


def chosen(flags: Flags) -> pa.Array:
    """The places of the flagged rows."""
    return pa.array(np.flatnonzero(flags))


def differs(one: pa.Array, other: pa.Array) -> Flags:
    """Where two columns differ; null is a value of its own."""
    same = pc.fill_null(pc.equal(one, other), pa.scalar(False))
    both_null = pc.and_(pc.is_null(one), pc.is_null(other))
    flags: Flags = ~pc.or_(same, both_null).to_numpy(zero_copy_only=False)
    return flags
