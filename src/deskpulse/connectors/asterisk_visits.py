"""Visits of calls to queues, from the lines of Asterisk's queue_log: calls, and their legs at agents, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.asterisk_lines import ANSWERED, ENDS, KNOWN, NOBODY, NOT_LET_IN, OF_CALLS, RINGS, Log, are
from deskpulse.connectors.rows import joined

WAIT_AT = {"CONNECT": 0, "COMPLETEAGENT": 0, "COMPLETECALLER": 0, "ABANDON": 2, "EXITEMPTY": 2, "EXITWITHTIMEOUT": 2}
WAIT_AT["EXITWITHKEY"] = 3
COMPLETED = ("COMPLETEAGENT", "COMPLETECALLER")
FAR = np.iinfo(np.int64).max
LONGEST = 1e10
YEARS = (-62_135_596_800, 253_402_300_799)
"""The first and the last second of the years 1 to 9999."""

_NUMBER = r"^-?\d+(\.\d+)?$"
Ints = Any  # numpy arrays
Flags = Any


@dataclass(frozen=True, kw_only=True)
class Visits:
    """The lines of calls sorted by call and queue, and where each visit begins: nothing enters a queue twice, and
    nothing comes after its last end."""

    log: Log
    order: Ints
    at: Ints
    event: Ints
    starts: Ints

    @classmethod
    def of(cls, log: Log) -> Visits:
        """The visits of a log."""
        order, key = _by_visit(log)
        event = log.ints("event")[order]
        is_new = np.ones(len(key), bool)
        is_last = are(event, ENDS) & ~are(event, ["CONNECT"])
        is_new[1:] = (key[1:] != key[:-1]) | (event[1:] == KNOWN.index("ENTERQUEUE")) | is_last[:-1]
        return cls(log=log, order=order, at=log.ints("at")[order], event=event, starts=np.flatnonzero(is_new))

    @cached_property
    def ends(self) -> Ints:
        """One past the last line of each visit."""
        return np.append(self.starts[1:], len(self.event))[: len(self.starts)]

    @cached_property
    def told(self) -> Ints:
        """The line that says how a visit ended: the first answer, else the last end; -1 where none does."""
        place = np.arange(len(self.event))
        if not len(self.starts):
            return place
        answer = np.minimum.reduceat(np.where(are(self.event, ANSWERED), place, FAR), self.starts)
        other = np.maximum.reduceat(np.where(are(self.event, ENDS), place, -1), self.starts)
        return np.where(answer < FAR, answer, other)

    @cached_property
    def is_over(self) -> Flags:
        """Nothing can come after a visit's last line."""
        last = self.event[self.ends - 1]
        return are(last, ENDS) & ~are(last, ["CONNECT"])

    @cached_property
    def ids(self) -> pa.Array:
        """Call, queue and the second the visit began; a number more where several began in one."""
        calls, queues = self.column("call", self.starts), self.column("queue", self.starts)
        names = joined(calls, queues, pa.array(self.at[self.starts]))
        if pc.count_distinct(names).as_py() == len(names):
            return names
        seen: dict[str, int] = {}
        numbered = []
        for name in names.to_pylist():
            seen[name] = seen.get(name, 0) + 1
            numbered.append(name if seen[name] == 1 else f"{name}:{seen[name]}")
        return pa.array(numbered, pa.string())

    @cached_property
    def versions(self) -> Ints:
        """Grow with each line of a visit."""
        return self.at[self.ends - 1] * 1000 + np.minimum(self.ends - self.starts, 999)

    def column(self, name: str, places: Ints) -> pa.Array:
        """A column at some lines."""
        return pc.take(self.log.table[name], pa.array(self.order[places])).combine_chunks()

    def number(self, field: int, places: Ints) -> Ints:
        """A data field as numbers; NaN where there is none."""
        text = self.column(f"d{field}", places)
        given = pc.if_else(pc.match_substring_regex(text, _NUMBER), text, pa.scalar(None, pa.string()))
        return pc.fill_null(pc.cast(given, pa.float64()), float("nan")).to_numpy(zero_copy_only=False)

    def in_order(self, wanted: Flags) -> Ints:
        """Those of the visits, in the order they began in the log."""
        found = np.flatnonzero(wanted)
        return found[np.argsort(self.order[self.starts[found]], kind="stable")]


def _by_visit(log: Log) -> tuple[Ints, Ints]:
    """Where the lines of calls stand, by call and queue, and numbers of these."""
    lines = log.places(OF_CALLS)
    named = (log.table[name].combine_chunks().dictionary_encode() for name in ("call", "queue"))
    calls, queues = ((encoded.indices.to_numpy().astype(np.int64), len(encoded.dictionary)) for encoded in named)
    key = (calls[0] * max(1, queues[1]) + queues[0])[lines]
    order = np.argsort(key, kind="stable")
    return lines[order], key[order]


def calls(of: Visits) -> dict[str, Any]:
    """The columns of the calls that ended, or were answered at least."""
    found = of.in_order(of.told >= 0)
    first, end = of.starts[found], of.told[found]
    kind, is_whole = of.event[end], of.event[first] == KNOWN.index("ENTERQUEUE")
    is_let_in = ~are(kind, NOT_LET_IN)
    wait = np.where(is_let_in, _waits(of, end), 0.0)
    talk = np.where(are(kind, COMPLETED), np.nan_to_num(of.number(1, end)), 0.0)
    before = of.at[end] - np.clip(np.nan_to_num(wait + talk), -LONGEST, LONGEST).astype(np.int64)
    offered = np.where(is_whole | np.isnan(wait), of.at[first], np.minimum(of.at[first], before))
    queue, customer = of.column("queue", first), of.column("d1", first)
    is_named = pc.and_(pa.array(is_whole), pc.fill_null(pc.not_equal(customer, ""), False))
    nothing = pa.scalar(None, pa.string())
    outcomes = pa.array([ENDS.get(name, "") for name in KNOWN])
    return {
        "source_id": of.ids.take(pa.array(found)),
        "version": pa.array(of.versions[found]),
        "offered_at": moments(offered),
        "queue": pc.if_else(pc.is_in(queue, NOBODY), nothing, queue),
        "customer": pc.if_else(is_named, customer, nothing),
        "direction": "inbound",
        "is_queued": pa.array(is_let_in),
        "queue_seconds": pa.array(np.where(np.isnan(wait), of.at[end] - of.at[first], wait)),
        "outcome": outcomes.take(pa.array(kind)),
        "is_test": False,
    }


def _waits(of: Visits, end: Ints) -> Ints:
    """What the event says; NaN where it does not."""
    found = np.full(len(end), np.nan)
    for field in sorted(set(WAIT_AT.values())):
        mine = np.flatnonzero(are(of.event[end], [name for name, at in WAIT_AT.items() if at == field]))
        found[mine] = of.number(field, end[mine])
    return found


def legs(of: Visits) -> dict[str, Any]:
    """The columns of rings in vain and of talks. A talk without its beginning is as long as its end says."""
    visit = np.repeat(np.arange(len(of.starts)), of.ends - of.starts)
    line = np.arange(len(of.event))
    is_ring, is_talk = are(of.event, RINGS), are(of.event, ["CONNECT"])
    is_rest = are(of.event, COMPLETED) & (line == of.starts[visit])
    found = np.flatnonzero((is_ring | is_talk | is_rest) & (of.told[visit] >= 0))
    found = found[np.argsort(of.order[of.starts[visit[found]]], kind="stable")]
    mine, is_ring, is_talk, is_rest = visit[found], is_ring[found], is_talk[found], is_rest[found]
    whole = np.nan_to_num(of.number(1, found))
    rang = np.where(is_ring, np.nan_to_num(of.number(0, found)) / 1000, np.nan_to_num(of.number(2, found)))
    back = np.clip(np.where(is_rest, whole, rang), -LONGEST, LONGEST)
    seq, ids = found - of.starts[mine] + 1, of.ids.take(pa.array(mine))
    talk = np.where(is_rest, whole, np.where(is_talk, _talks(of, visit, found), np.nan))
    return {
        "source_id": joined(ids, pa.array(seq)),
        "version": pa.array(of.versions[mine]),
        "call": ids,
        "at": moments(of.at[found] - np.round(back).astype(np.int64)),
        "seq": pa.array(seq),
        "agent": of.column("agent", found),
        "is_answered": pa.array(~is_ring),
        "dial_seconds": pa.array(np.where(is_rest, 0.0, rang)),
        "talk_seconds": pa.array(talk, from_pandas=True),
    }


def _talks(of: Visits, visit: Ints, found: Ints) -> Ints:
    """From a CONNECT to what ends the talk, as long as that says; NaN where the log does not tell."""
    line = np.arange(len(of.event))
    ends = np.append(np.where(are(of.event, ENDS), line, FAR), FAR)
    following = np.minimum.accumulate(ends[::-1])[::-1][found + 1]
    is_told = following < of.ends[visit[found]]
    end = np.where(is_told, following, found)
    said = np.where(are(of.event[end], COMPLETED), of.number(1, end), np.nan)
    lasted = np.where(np.isnan(said), of.at[end] - of.at[found], said)
    return np.where(is_told, lasted, np.nan)


def moments(epochs: Ints) -> pa.Array:
    """Seconds since 1970 as instants; beyond the calendar's ends, these."""
    return pa.array(np.clip(epochs.astype(np.int64), *YEARS) * 1_000_000).cast(pa.timestamp("us"))
