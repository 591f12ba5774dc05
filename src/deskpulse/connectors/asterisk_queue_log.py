"""Asterisk's queue_log: the file (epoch|call|queue|agent|EVENT|data...) and the table of the realtime and Wazo forms.

What the log leaves open is read so:

- A call is a visit to a queue: the same call id in another queue, or entering again after an end, is another one.
- A visit without an end is still going on, or its end is in another file: its last line goes to quarantine. Give all
  files of a rotated log at once.
- CONNECT and COMPLETE are answered, ABANDON is given up, leaving by key or timeout is overflow; finding the queue
  empty, full or closed is missed, without a wait. A wait is what the event says, else the time since it was entered.
- A visit of which the beginning is missing was offered as long before its answer as its wait says.
- Talk ends with COMPLETE (which says how long it was) or a transfer (then it is the time since CONNECT). The log knows
  no hold and no wrap-up; a ring in vain is told in milliseconds, that of CONNECT in seconds.
- The table form writes times on the server's clock without a zone. Call ids begin with an epoch, so the first entry of
  a day's calls tells how far that clock is from UTC; lines before any such call are read with the first offset found.
- A caller is known by the number of ENTERQUEUE.
- An agent is available while logged in or a member of a queue and not paused in each, on a break while paused (in a
  meeting or training where the reason says so), else offline.

Unverified against a live system: EXITWITHKEY, EXITWITHTIMEOUT, transfers, RINGCANCELED and pauses, which are read as
the documentation of Asterisk 20 tells them; versions differ in the number of data fields.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from deskpulse.connectors.asterisk_agents import STATE_EVENTS, agent_states
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.delimited import decode
from deskpulse.connectors.files import read_bytes
from deskpulse.connectors.rows import Origin
from deskpulse.events import EVENT_TABLES

ANSWERED = {"CONNECT", "COMPLETEAGENT", "COMPLETECALLER"}
TRANSFERS = {"TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER"}
NOT_LET_IN = {"JOINEMPTY", "JOINUNAVAIL", "FULL", "CLOSED"}
ENDS = {
    **dict.fromkeys((*ANSWERED, *TRANSFERS), "answered"),
    **dict.fromkeys(NOT_LET_IN, "missed"),
    "ABANDON": "abandoned",
    "EXITEMPTY": "missed",
    "EXITWITHTIMEOUT": "overflow",
    "EXITWITHKEY": "overflow",
}
RINGS = {"RINGNOANSWER", "RINGCANCELED"}
WAIT_AT = {"CONNECT": 0, "COMPLETEAGENT": 0, "COMPLETECALLER": 0, "ABANDON": 2, "EXITEMPTY": 2, "EXITWITHTIMEOUT": 2}
WAIT_AT["EXITWITHKEY"] = 3
OF_CALLS = {"ENTERQUEUE", "AGENTDUMP", *RINGS, *ENDS}
NOISE = {"CONFIGRELOAD", "QUEUESTART", "PENALTY", "DID", "INFO", "SYSCOMPAT"}
NOBODY = {"", "NONE", "REALTIME"}
QUARTER = 900
_FRAME = re.compile(r"^[\s|+-]*$|^\W*time\W.*callid", re.IGNORECASE)
_EPOCH = re.compile(r"^\d{9,11}(\.\d+)?$")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the log; ``at`` is in seconds since 1970, on the server's clock where the line is of the table."""

    file: str
    number: int
    raw: str
    at: int
    is_local: bool
    call: str
    queue: str
    agent: str | None
    event: str
    data: tuple[str, ...]

    def seconds(self, place: int) -> float | None:
        """The number in a data field; null where there is none."""
        text = self.data[place] if 0 <= place < len(self.data) else ""
        return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


@dataclass(kw_only=True)
class Visit:
    """The lines of a call in one queue, in order."""

    id: str
    lines: list[Line] = field(default_factory=list)

    @property
    def end(self) -> Line | None:
        """The line that says how it ended: the first answer, else the last end."""
        answers = [line for line in self.lines if line.event in ANSWERED]
        others = [line for line in self.lines if line.event in ENDS]
        return answers[0] if answers else others[-1] if others else None

    def takes(self, line: Line) -> bool:
        """Whether a line goes on with it: nothing enters a queue twice, and nothing comes after its last end."""
        last = self.lines[-1].event
        return line.event != "ENTERQUEUE" and (last not in ENDS or last == "CONNECT")


@dataclass(frozen=True, kw_only=True)
class QueueLog:
    """Reads files of the log, all as one."""

    title: str = "Asterisk queue log, file or table"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield calls, their rings and legs, and what agents were doing; raises InputError that names the file."""
        origin = Origin(source=source, observed_at=observed_at)
        lines: list[Line] = []
        for name in inputs:
            for item in _lines(name):
                if isinstance(item, Quarantined):
                    yield item
                else:
                    lines.append(item)
        if lines:
            yield from _events(sorted(_in_utc(lines), key=lambda line: line.at), origin)


def _events(lines: list[Line], origin: Origin) -> Iterator[Batch | Quarantined]:
    visits = list(_visits(line for line in lines if line.event in OF_CALLS))
    yield from (_unended(visit.lines[-1]) for visit in visits if visit.end is None)
    ended = [visit for visit in visits if visit.end is not None]
    rows = {
        "call": [_call(visit) for visit in ended],
        "call_leg": [leg for visit in ended for leg in _legs(visit)],
        "agent_state": list(agent_states((line for line in lines if line.event in STATE_EVENTS), lines[-1].at)),
    }
    yield from (_batch(origin, table, found) for table, found in rows.items() if found)


def _lines(name: str) -> Iterator[Line | Quarantined]:
    for number, raw in enumerate(decode(read_bytes(Path(name))).splitlines(), start=1):
        if _FRAME.match(raw):
            continue
        fields = raw.split("|") if "|" in raw else next(csv.reader([raw]))
        cells = tuple(cell.strip() for cell in fields)
        reason = _what_is_wrong(cells)
        if reason:
            yield Quarantined(file=name, line=number, column=None, reason=reason, raw=raw)
        elif cells[4] not in NOISE:
            yield _line(name, number, raw, cells)


def _what_is_wrong(cells: tuple[str, ...]) -> str | None:
    if len(cells) < 5:
        return "no line of a queue log: fewer than five fields"
    if _instant(cells[0]) is None:
        return "no time in the first field"
    known = cells[4] in OF_CALLS or cells[4] in STATE_EVENTS or cells[4] in NOISE
    return None if known else f"unknown event {cells[4]}"


def _instant(text: str) -> int | None:
    """Seconds since 1970 of an epoch or a timestamp; the latter as if it were UTC."""
    if _EPOCH.match(text):
        return int(float(text))
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _line(file: str, number: int, raw: str, cells: tuple[str, ...]) -> Line:
    at = _instant(cells[0])
    assert at is not None
    return Line(
        file=file,
        number=number,
        raw=raw,
        at=at,
        is_local=not _EPOCH.match(cells[0]),
        call=cells[1],
        queue=cells[2],
        agent=None if cells[3] in NOBODY else cells[3],
        event=cells[4],
        data=cells[5:],
    )


def _in_utc(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines of the table moved to UTC, by the nearest call id of their day or an earlier one, in quarters of hours."""
    known = list(lines)
    ahead: dict[int, int] = {}
    for line in known:
        if line.is_local and _EPOCH.match(line.call):
            apart = line.at - int(float(line.call))
            ahead[line.at // 86_400] = min(apart, ahead.get(line.at // 86_400, apart))
    days = sorted(ahead)
    for line in known:
        if line.is_local and days:
            day = max((day for day in days if day <= line.at // 86_400), default=days[0])
            yield replace(line, at=line.at - round(ahead[day] / QUARTER) * QUARTER)
        else:
            yield line


def _visits(lines: Iterable[Line]) -> Iterator[Visit]:
    current: dict[tuple[str, str], Visit] = {}
    numbers: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.call, line.queue)
        visit = current.get(key)
        if visit is None or not visit.takes(line):
            numbers[key] = numbers.get(key, 0) + 1
            visit = current[key] = Visit(id=f"{line.call}:{line.queue}:{numbers[key]}")
            visit.lines.append(line)
            yield visit
        else:
            visit.lines.append(line)


def _unended(line: Line) -> Quarantined:
    reason = "the log does not tell how the call ended"
    return Quarantined(file=line.file, line=line.number, column=None, reason=reason, raw=line.raw)


def _call(visit: Visit) -> dict[str, Any]:
    first, end = visit.lines[0], visit.end
    assert end is not None
    wait = 0.0 if end.event in NOT_LET_IN else end.seconds(WAIT_AT.get(end.event, -1))
    is_whole = first.event == "ENTERQUEUE"
    talk = (end.seconds(1) or 0.0) if end.event in ANSWERED - {"CONNECT"} else 0.0
    offered = first.at if is_whole or wait is None else min(first.at, end.at - int(wait + talk))
    return {
        "source_id": visit.id,
        "offered_at": _moment(offered),
        "queue": None if first.queue in NOBODY else first.queue,
        "customer": (first.data[1] or None) if is_whole and len(first.data) > 1 else None,
        "direction": "inbound",
        "is_queued": end.event not in NOT_LET_IN,
        "queue_seconds": float(end.at - first.at) if wait is None else wait,
        "outcome": ENDS[end.event],
        "is_test": False,
    }


def _legs(visit: Visit) -> Iterator[dict[str, Any]]:
    for seq, line in enumerate(visit.lines, start=1):
        if line.event in RINGS:
            rang = (line.seconds(0) or 0.0) / 1000
            yield _leg(visit, seq, line, rang, is_answered=False, talk=None)
        elif line.event == "CONNECT":
            yield _leg(visit, seq, line, line.seconds(2) or 0.0, is_answered=True, talk=_talk(visit, seq))
        elif line.event in ANSWERED and seq == 1:
            # The beginning is missing; the line tells what there was of talk.
            talk = line.seconds(1) or 0.0
            yield _leg(visit, seq, line, talk, is_answered=True, talk=talk) | {"dial_seconds": 0.0}


def _talk(visit: Visit, seq: int) -> float | None:
    """From CONNECT to what ends the talk; null where the log does not tell."""
    connected = visit.lines[seq - 1]
    for line in visit.lines[seq:]:
        if line.event in ("COMPLETEAGENT", "COMPLETECALLER") and line.seconds(1) is not None:
            return line.seconds(1)
        if line.event in ENDS:
            return float(line.at - connected.at)
    return None


def _leg(visit: Visit, seq: int, line: Line, before: float, *, is_answered: bool, talk: float | None) -> dict[str, Any]:
    return {
        "source_id": f"{visit.id}:{seq}",
        "call": visit.id,
        "at": _moment(line.at - round(before)),
        "seq": seq,
        "agent": line.agent,
        "is_answered": is_answered,
        "dial_seconds": before,
        "talk_seconds": talk,
    }


def _moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)


def _batch(origin: Origin, table: str, rows: list[dict[str, Any]]) -> Batch:
    schema = pa.schema([kept for kept in EVENT_TABLES[table].schema if kept.name in rows[0]])
    return origin.from_table(table, pa.Table.from_pylist(rows, schema=schema))


CONNECTOR = QueueLog()
