"""The call by call log of a bank's call centre in 1999, published by the Technion: a tab separated row per call.

What the log leaves open is read so:

- Times of day are on the clock of Asia/Jerusalem, and belong to the row's date, or to the day after past midnight.
- A call is offered when it enters the menu. Where it left the menu before it entered (the menu took less than no time)
  the menu's times go to quarantine, and the call is kept, offered when it left: what comes after holds.
- A row whose date, outcome or queue and service times cannot be understood, or are negative, goes to quarantine whole.
- A call is queued where it waited longer than 0 seconds. ``HANG`` is given up, in the queue or in the menu before it;
  ``PHANTOM`` is no call. Customer 0 is unknown. The topic is the type of service asked for.
- An answered call of NO_SERVER was answered, but the log knows nobody who handled it: it is no handle.
- Service time is talk; the log has neither hold nor wrap-up. Where a server would talk twice at once, the later call
  keeps its time and loses its server: the log must have the name wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.delimited import LINE, Rows
from deskpulse.connectors.files import read_rows
from deskpulse.connectors.history import codes
from deskpulse.connectors.instants import parse_instants
from deskpulse.connectors.rows import Origin, joined
from deskpulse.errors import InputError

ZONE = "Asia/Jerusalem"
OUTCOMES = {"AGENT": "answered", "HANG": "abandoned", "PHANTOM": "phantom"}
DURATIONS = ("vru_time", "q_time", "ser_time")
CLOCKS = ("vru_entry", "vru_exit", "ser_start")
TEXTS = ("vru+line", "call_id", "customer_id", "type", "outcome", "server")
NOBODY = "NO_SERVER"
DAY = 86_400
HALF_DAY = DAY // 2
_CLOCK = r"^(?P<hours>\d{1,2}):(?P<minutes>\d{2}):(?P<seconds>\d{2})$"


@dataclass(frozen=True, kw_only=True)
class BankCalls:
    """Reads the monthly files of the log."""

    title: str = "Call log of an anonymous bank (Technion, 1999)"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield calls, the legs servers took, and what was refused; raises InputError that names the file."""
        origin = Origin(source=source, observed_at=observed_at)
        for name in inputs:
            rows = read_rows(Path(name))
            yield from rows.refused
            typed = _typed(rows)
            yield from _aside(rows, typed)
            kept = typed.filter(pc.is_null(_fault(typed)))
            if len(kept):
                yield _calls(kept, origin)
                yield _legs(kept, origin)


def _typed(rows: Rows) -> pa.Table:
    """Seconds as numbers, times of day as seconds since the date's midnight, dates as instants; null where unclear."""
    missing = [name for name in (*TEXTS, "date", *DURATIONS, *CLOCKS) if name not in rows.headers]
    if missing:
        raise InputError(f"{rows.file} has no column {', '.join(missing)}: it is no monthly file of this log.")
    columns = {name: pc.utf8_trim_whitespace(rows.table[name].combine_chunks()) for name in rows.headers}
    typed = {name: columns[name] for name in TEXTS}
    typed["date"] = parse_instants(columns["date"], ["%y%m%d"], "UTC")
    typed |= {name: _whole(columns[name]) for name in DURATIONS}
    typed |= {name: _since_midnight(columns[name]) for name in CLOCKS}
    typed["outcome"] = _looked_up(columns["outcome"])
    return pa.table({**typed, LINE: rows.table[LINE]})


def _whole(texts: pa.Array) -> pa.Array:
    is_number = pc.match_substring_regex(texts, r"^-?\d{1,9}$")
    return pc.if_else(is_number, texts, pa.scalar(None, pa.string())).cast(pa.int64())


def _since_midnight(texts: pa.Array) -> pa.Array:
    parts = pc.extract_regex(texts, _CLOCK)
    hours, minutes, seconds = (pc.struct_field(parts, [place]).cast(pa.int64()) for place in range(3))
    return pc.add(pc.add(pc.multiply(hours, 3600), pc.multiply(minutes, 60)), seconds)


def _looked_up(texts: pa.Array) -> pa.Array:
    return pa.array(list(OUTCOMES.values())).take(pc.index_in(texts, value_set=pa.array(list(OUTCOMES))))


def _fault(typed: pa.Table) -> pa.Array:
    """The column for which a row goes to quarantine whole; null for a row that is kept."""
    fault = pa.nulls(len(typed), pa.string())
    for name in ("date", "outcome", *CLOCKS, "q_time", "ser_time"):
        column = typed[name].combine_chunks()
        is_bad = column.is_null()
        if name in DURATIONS:
            is_bad = pc.or_(is_bad, pc.fill_null(pc.less(column, 0), False))
        fault = pc.coalesce(fault, pc.if_else(is_bad, pa.scalar(name), pa.scalar(None, pa.string())))
    return fault


def _is_menu_impossible(typed: pa.Table) -> pa.Array:
    return pc.fill_null(pc.less(typed["vru_time"], 0), False).combine_chunks()


def _aside(rows: Rows, typed: pa.Table) -> Iterator[Quarantined]:
    menu = pc.if_else(_is_menu_impossible(typed), pa.scalar("vru_time"), pa.scalar(None, pa.string()))
    columns = pc.coalesce(_fault(typed), menu)
    for place in np.flatnonzero(columns.is_valid()):
        column, row = columns[place].as_py(), rows.table.slice(place, 1).to_pylist()[0]
        line = row.pop(LINE)
        reason = "a time below 0 seconds" if row[column].strip().startswith("-") else f"no {column}"
        yield Quarantined(file=rows.file, line=line, column=column, reason=reason, raw="\t".join(row.values()))


def _calls(kept: pa.Table, origin: Origin) -> Batch:
    offered = pc.if_else(_is_menu_impossible(kept), kept["vru_exit"], kept["vru_entry"])
    return origin.batch(
        "call",
        _call_id(kept),
        offered_at=_instant(kept, offered),
        customer=_unless(kept["customer_id"], "0"),
        topic=_unless(kept["type"], ""),
        direction="inbound",
        is_queued=pc.greater(kept["q_time"], 0),
        queue_seconds=kept["q_time"],
        outcome=kept["outcome"],
        is_test=False,
    )


def _legs(kept: pa.Table, origin: Origin) -> Batch:
    answered = kept.filter(pc.and_(pc.equal(kept["outcome"], "answered"), pc.not_equal(kept["server"], NOBODY)))
    past_midnight = pc.less(answered["ser_start"], pc.subtract(answered["vru_entry"], HALF_DAY))
    start = pc.add(answered["ser_start"], pc.multiply(past_midnight.cast(pa.int64()), DAY))
    at = _instant(answered, start)
    return origin.batch(
        "call_leg",
        _call_id(answered),
        call=_call_id(answered),
        at=at,
        seq=1,
        agent=_not_twice_at_once(answered["server"].combine_chunks(), at, answered["ser_time"]),
        is_answered=True,
        talk_seconds=answered["ser_time"],
    )


def _call_id(rows: pa.Table) -> pa.Array:
    days = pc.strftime(rows["date"], "%Y-%m-%d").combine_chunks()
    return joined(rows["vru+line"].combine_chunks(), rows["call_id"].combine_chunks(), days)


def _instant(rows: pa.Table, seconds: pa.ChunkedArray) -> pa.Array:
    local = pc.add(rows["date"].cast(pa.int64()), pc.multiply(seconds, 1_000_000)).cast(pa.timestamp("us"))
    placed = pc.assume_timezone(local, ZONE, ambiguous="earliest", nonexistent="latest")
    return placed.cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us")).combine_chunks()


def _unless(texts: pa.ChunkedArray, unknown: str) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(texts, unknown), pa.scalar(None, pa.string()), texts)


def _not_twice_at_once(server: pa.Array, at: pa.Array, talk: pa.ChunkedArray) -> pa.Array:
    """The server, null where an earlier call of the same one is not over."""
    since = np.asarray(at.cast(pa.int64())) // 1_000_000
    until = since + np.asarray(talk)
    order = np.lexsort((since, codes(server)))
    overlaps = np.zeros(len(order), np.bool_)
    overlaps[order] = _is_begun_early(codes(server)[order], since[order], until[order])
    return pc.if_else(pa.array(overlaps), pa.scalar(None, pa.string()), server)


def _is_begun_early(
    group: npt.NDArray[np.int64], since: npt.NDArray[np.int64], until: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Of rows by group and time: those that begin before an earlier one of their group has ended."""
    # Groups are set so far apart that the latest end of one lies before every start of the next.
    apart = group * (int(until.max(initial=0)) + 1)
    latest = np.maximum.accumulate(apart + until)
    early = np.zeros(len(group), np.bool_)
    early[1:] = (group[1:] == group[:-1]) & (apart[1:] + since[1:] < latest[:-1])
    return early


CONNECTOR = BankCalls()
