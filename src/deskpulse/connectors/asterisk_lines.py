"""Lines of Asterisk's queue_log as columns: ``epoch|call|queue|agent|EVENT|data...``, or the table of its other form.

All lines of a file are taken apart at once: a loop over them takes five times as long.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.asterisk_agents import STATE_EVENTS
from deskpulse.connectors.connector import Quarantined

ANSWERED = ("CONNECT", "COMPLETEAGENT", "COMPLETECALLER")
TRANSFERS = ("TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER")
NOT_LET_IN = ("JOINEMPTY", "JOINUNAVAIL", "FULL", "CLOSED")
ENDS = {
    **dict.fromkeys((*ANSWERED, *TRANSFERS), "answered"),
    **dict.fromkeys(NOT_LET_IN, "missed"),
    "ABANDON": "abandoned",
    "EXITEMPTY": "missed",
    "EXITWITHTIMEOUT": "overflow",
    "EXITWITHKEY": "overflow",
}
RINGS = ("RINGNOANSWER", "RINGCANCELED")
OF_CALLS = ("ENTERQUEUE", "AGENTDUMP", *RINGS, *ENDS)
NOISE = ("CONFIGRELOAD", "QUEUESTART", "PENALTY", "DID", "INFO", "SYSCOMPAT")
KNOWN = (*OF_CALLS, *sorted(STATE_EVENTS), *NOISE)
NOBODY = pa.array(["", "NONE", "REALTIME"])
CELLS = ("time", "call", "queue", "agent", "event", "d0", "d1", "d2", "d3")
LEAST = 5
QUARTER, DAY = 900, 86_400
_FRAME = r"^[\s|+-]*$|(?i)^\W*time\W.*callid"
_EPOCH = r"^\d{9,11}(\.\d+)?$"
Ints = Any  # a numpy array


@dataclass(frozen=True, kw_only=True)
class Log:
    """Lines that could be read, and those that could not.

    Columns: file, number, raw, at (seconds since 1970), is_local, call, queue, agent (null for nobody), event (a place
    in ``KNOWN``), d0 to d3.
    """

    table: pa.Table
    refused: tuple[Quarantined, ...] = ()

    def ints(self, name: str) -> Ints:
        """A column as numbers."""
        return self.table[name].to_numpy()

    @property
    def last(self) -> int:
        """The time of the last line; 0 without any."""
        return int(self.ints("at")[-1]) if self.table.num_rows else 0

    def ordered(self) -> Log:
        """The same on UTC, by time."""
        at = _in_utc(self.table)
        table = self.table.set_column(self.table.schema.get_field_index("at"), "at", pa.array(at))
        if not bool(np.all(at[1:] >= at[:-1])):
            table = table.take(pa.array(np.argsort(at, kind="stable")))
        return Log(table=table, refused=self.refused)

    def places(self, events: Iterable[str]) -> Ints:
        """Where the lines with one of some events stand."""
        return np.flatnonzero(are(self.ints("event"), events))


def are(events: Ints, names: Iterable[str]) -> Ints:
    """Which events have one of some names."""
    wanted = np.zeros(len(KNOWN), bool)
    wanted[[KNOWN.index(name) for name in names]] = True
    return wanted[events]


def together(parts: Sequence[Log]) -> Log:
    """Several files as one log."""
    table = pa.concat_tables([part.table for part in parts]).combine_chunks()
    return Log(table=table, refused=tuple(refused for part in parts for refused in part.refused)).ordered()


def read_lines(file: str, text: str) -> Log:
    """The lines of a file; numbers count from 1."""
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    raw = pc.split_pattern(pa.array([text], pa.string()), "\n").values
    numbers = pa.array(np.arange(1, len(raw) + 1))
    kept = pc.invert(_frames(raw))
    raw, numbers = raw.filter(kept), numbers.filter(kept)
    parts = pc.split_pattern(_barred(raw), "|")
    columns = {name: _cell(parts, place) for place, name in enumerate(CELLS)}
    at, is_local = _instants(columns["time"])
    event = pc.index_in(columns["event"], pa.array(KNOWN))
    reasons = _reasons(pc.list_value_length(parts), at, event, columns["event"])
    good = pc.and_(pc.is_null(reasons), pc.less(pc.fill_null(event, 0), len(KNOWN) - len(NOISE)))
    nobody = pc.is_in(columns["agent"], NOBODY)
    table = pa.table(
        {
            "file": pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(raw), np.int32)), pa.array([file])),
            "number": numbers,
            "raw": raw,
            "at": at,
            "is_local": is_local,
            **{name: columns[name] for name in ("call", "queue")},
            "agent": pc.if_else(nobody, pa.scalar(None, pa.string()), columns["agent"]),
            "event": event,
            **{name: columns[name] for name in CELLS[LEAST:]},
        }
    )
    table = table.set_column(0, "file", table["file"].cast(pa.string()))
    return Log(table=table.filter(good), refused=tuple(_refused(file, numbers, raw, reasons)))


def _cell(parts: pa.Array, place: int) -> pa.Array:
    """The n-th field of every line; null where a line is shorter."""
    first, end = (parts.offsets.to_numpy()[span] for span in (slice(None, -1), slice(1, None)))
    at = pa.array(first + place, mask=first + place >= end)
    return pc.ascii_trim_whitespace(parts.values.take(at))


def _frames(raw: pa.Array) -> pa.Array:
    """Lines between the rows of a printed table: hardly any begins with a digit as all others do."""
    doubtful = pc.invert(pc.fill_null(pc.match_substring_regex(pc.utf8_slice_codeunits(raw, 0, 1), r"^\d"), False))
    if not pc.any(doubtful).as_py():
        return pa.array(np.zeros(len(raw), bool))
    found = pc.match_substring_regex(raw.filter(doubtful), _FRAME)
    return pc.replace_with_mask(pa.array(np.zeros(len(raw), bool)), doubtful, found)


def _barred(raw: pa.Array) -> pa.Array:
    """Lines with commas as lines with bars."""
    other = pc.invert(pc.match_substring(raw, "|"))
    if not pc.any(other).as_py():
        return raw
    texts = ["|".join(next(csv.reader([line]), [])) for line in raw.filter(other).to_pylist()]
    return pc.replace_with_mask(raw, other, pa.array(texts, pa.string()))


def _instants(times: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Seconds since 1970, null for what is no time; and which are a server's own clock, read as if it were UTC."""
    is_epoch = pc.fill_null(pc.match_substring_regex(times, _EPOCH), False)
    epochs = pc.if_else(is_epoch, times, pa.scalar(None, pa.string()))
    at = pc.cast(pc.floor(pc.cast(epochs, pa.float64())), pa.int64())
    if pc.all(is_epoch).as_py():
        return at, pa.array(np.zeros(len(times), bool))
    others = pa.array([_of_clock(text) for text in times.filter(pc.invert(is_epoch)).to_pylist()], pa.int64())
    return pc.replace_with_mask(at, pc.invert(is_epoch), others), pc.invert(is_epoch)


def _of_clock(text: str | None) -> int | None:
    try:
        return int(datetime.fromisoformat(text or "").replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError):
        return None


def _reasons(fields: pa.Array, at: pa.Array, event: pa.Array, name: pa.Array) -> pa.Array:
    """Why a line cannot be read; null where it can."""
    unknown = pc.if_else(pc.is_null(event), pc.binary_join_element_wise("unknown event", name, " "), None)
    timeless = pc.if_else(pc.is_null(at), "no time in the first field", unknown)
    return pc.if_else(pc.less(fields, LEAST), "no line of a queue log: fewer than five fields", timeless)


def _refused(file: str, numbers: pa.Array, raw: pa.Array, reasons: pa.Array) -> list[Quarantined]:
    bad = pc.is_valid(reasons)
    told = zip(
        numbers.filter(bad).to_pylist(), raw.filter(bad).to_pylist(), reasons.filter(bad).to_pylist(), strict=True
    )
    return [Quarantined(file=file, line=line, column=None, reason=why, raw=text) for line, text, why in told]


def _in_utc(table: pa.Table) -> Ints:
    """Lines of the table moved to UTC, by the nearest call id of their day or an earlier one, in quarters of hours."""
    at, is_local = table["at"].to_numpy().copy(), table["is_local"].to_numpy()
    if not is_local.any():
        return at
    ahead: dict[int, int] = {}
    for moment, call, local in zip(at.tolist(), table["call"].to_pylist(), is_local.tolist(), strict=True):
        if local and re.match(_EPOCH, call):
            apart = moment - int(float(call))
            ahead[moment // DAY] = min(apart, ahead.get(moment // DAY, apart))
    days = np.array(sorted(ahead))
    if len(days):
        shift = np.array([round(ahead[day] / QUARTER) * QUARTER for day in days.tolist()])
        place = np.clip(np.searchsorted(days, at // DAY, side="right") - 1, 0, None)
        at[is_local] -= shift[place[is_local]]
    return at
