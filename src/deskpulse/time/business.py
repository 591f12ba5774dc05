"""Business time: B(t) = seconds a schedule has been open up to t, so a business duration is B(end) - B(start).

For one ticket it is summed over the open stretches; for millions it is looked up in a table of equal slots of UTC time,
each wholly open or wholly closed, by one packed integer key (schedule number, slot).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import gcd

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from deskpulse.time.schedule import Schedule
from deskpulse.time.zone import DAY, EPOCH, from_epoch, offset_pieces, to_epoch

SLOT_SECONDS = (900, 300, 60)
LEAST_STRIDE = 1_000_000
SLOTS = pa.schema({"key": pa.int64(), "cum": pa.int64(), "open": pa.int64()})
OPENINGS = pa.schema({"key": pa.int64(), "start": pa.int64()})
Int64s = npt.NDArray[np.int64]
EMPTY: Int64s = np.empty(0, np.int64)
Stretch = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class BusinessCalendar:
    """B(t) of every schedule from its first to its last slot. Seconds; null beyond both ends.

    ``number`` counts the schedules from 1; ``base`` is the first slot, as epoch // ``slot_seconds``.

    ``slots``: key = number * stride + (epoch // slot_seconds - base); cum = business seconds before the slot; open = 1
    or 0 in it. So B(t) = cum + open * (t % slot_seconds).

    ``openings``: key = number * stride + k for the k-th open slot from 0; start = its epoch. The inverse: the first
    instant with B = c (c >= 1) is start(k) + (c - 1) % slot_seconds + 1, where k = (c - 1) // slot_seconds.
    """

    number: Mapping[str, int]
    slot_seconds: int
    base: int
    stride: int
    slots: pa.Table
    openings: pa.Table


def business_calendar(schedules: Mapping[str, Schedule], first: datetime, last: datetime) -> BusinessCalendar:
    """The calendar of the schedules for all instants from ``first`` to ``last``, both included."""
    number = {name: n for n, name in enumerate(sorted(schedules), start=1)}
    start, end = _whole_days(first, last)
    stretches = {name: np.array(list(_open(schedules[name], start, end)), np.int64).reshape(-1, 2) for name in number}
    slot = _slot_seconds(list(stretches.values()))
    count = (end - start) // slot
    stride = max(LEAST_STRIDE, 10 ** len(str(count)))
    opened = {number[name]: _open_slots(edges - start, slot, count) for name, edges in stretches.items()}
    return BusinessCalendar(
        number=number,
        slot_seconds=slot,
        base=start // slot,
        stride=stride,
        slots=pa.concat_tables(
            [_table(SLOTS, *[EMPTY] * 3), *(_slots(n * stride, o, slot) for n, o in opened.items())]
        ),
        openings=pa.concat_tables(
            [_table(OPENINGS, *[EMPTY] * 2), *(_openings(n * stride, o, slot, start) for n, o in opened.items())]
        ),
    )


def business_seconds(schedule: Schedule, start: datetime, end: datetime) -> int:
    """Seconds the schedule is open from ``start`` to ``end``; negative where ``end`` comes first."""
    if end < start:
        return -business_seconds(schedule, end, start)
    return sum(to - since for since, to in _open(schedule, to_epoch(start), to_epoch(end)))


def segments(schedule: Schedule, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """The open stretches between two instants, in UTC, as long as they come."""
    found = _open(schedule, to_epoch(start), to_epoch(end))
    return tuple((from_epoch(since), from_epoch(to)) for since, to in found)


def _open(schedule: Schedule, first: int, last: int) -> Iterator[Stretch]:
    """Open stretches within [first, last), in order; those that touch are one."""
    open_from = open_to = first
    for since, to in _windows(schedule, first, last):
        start, end = max(since, first), min(to, last)
        if start > open_to:
            if open_to > open_from:
                yield open_from, open_to
            open_from = start
        open_to = max(open_to, end)
    if open_to > open_from:
        yield open_from, open_to


def _windows(schedule: Schedule, first: int, last: int) -> Iterator[Stretch]:
    """Every date's windows under every offset in force on it, cut to where that offset holds."""
    for since, to, offset in _offsets(schedule.zone, first, last):
        for day in range((since + offset) // DAY, (to - 1 + offset) // DAY + 1):
            for window in schedule.windows_on(_date(day)):
                midnight = day * DAY - offset
                start, end = max(midnight + window.start * 60, since), min(midnight + window.end * 60, to)
                if end > start:
                    yield start, end


def _offsets(zone: str, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """(from, to, offset) of the zone within [first, last), to the whole minute.

    Local mean times with seconds, the last of which ended in 1972, are taken to the minute.
    """
    pieces = offset_pieces(zone, from_epoch(first), from_epoch(last))
    starts = [first, *(round(since / 60) * 60 for since, _ in pieces[1:] if since is not None), last]
    for (_, offset), since, to in zip(pieces, starts, starts[1:], strict=False):
        if to > since:
            yield since, to, round(offset / 60) * 60


def _date(day: int) -> date:
    return (EPOCH + timedelta(days=day)).date()


def _whole_days(first: datetime, last: datetime) -> Stretch:
    return to_epoch(first) // DAY * DAY, (to_epoch(last) // DAY + 1) * DAY


def _slot_seconds(stretches: list[Int64s]) -> int:
    """The longest slot that divides every edge."""
    divisor = gcd(*(int(np.gcd.reduce(edges, axis=None)) for edges in stretches if edges.size))
    return next(slot for slot in SLOT_SECONDS if divisor % slot == 0)


def _open_slots(edges: Int64s, slot: int, count: int) -> Int64s:
    """1 for each slot inside a stretch (seconds from the first slot), 0 for the others."""
    steps = np.zeros(count + 1, np.int64)
    steps[edges[:, 0] // slot] += 1
    steps[edges[:, 1] // slot] -= 1
    opened: Int64s = np.cumsum(steps)[:count]
    return opened


def _slots(first_key: int, opened: Int64s, slot: int) -> pa.Table:
    key = np.arange(first_key, first_key + len(opened))
    return _table(SLOTS, key, (np.cumsum(opened) - opened) * slot, opened)


def _openings(first_key: int, opened: Int64s, slot: int, start: int) -> pa.Table:
    found = np.flatnonzero(opened)
    return _table(OPENINGS, np.arange(first_key, first_key + len(found)), start + found * slot)


def _table(schema: pa.Schema, *columns: Int64s) -> pa.Table:
    """Without a copy; ``pa.array`` of a numpy array would import pandas, which takes longer than the calendar."""
    buffers = [[None, pa.py_buffer(np.ascontiguousarray(column))] for column in columns]
    arrays = [pa.Array.from_buffers(pa.int64(), len(column), own) for column, own in zip(columns, buffers, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
