"""Asterisk's queue_log: the file (epoch|call|queue|agent|EVENT|data...) and the table of the realtime and Wazo forms.

What the log leaves open is read so:

- A call is a visit to a queue: the same call id in another queue, or entering again after an end, is another one. It
  is known by the second it began, so that it is the same one whichever files are read.
- A visit without an end is still going on, or its end is in another file: its last line goes to quarantine. Give all
  files of a rotated log at once, or connect the log (``asterisk``), which is then followed.
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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.asterisk_agents import STATE_EVENTS, AgentLine, Agents, Stretch
from deskpulse.connectors.asterisk_lines import KNOWN, Log, read_lines, together
from deskpulse.connectors.asterisk_visits import Visits, calls, legs, moments
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.delimited import decode
from deskpulse.connectors.files import read_bytes
from deskpulse.connectors.rows import Origin, joined
from deskpulse.errors import InputError

MOST = 500_000_000
"""Characters of a file: what they become takes ten times the room."""

UNENDED = "the log does not tell how the call ended"


@dataclass(frozen=True, kw_only=True)
class QueueLog:
    """Reads files of the log, all as one."""

    title: str = "Asterisk queue log, file or table"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield calls, their rings and legs, and what agents were doing; raises InputError that names the file."""
        origin = Origin(source=source, observed_at=observed_at)
        log = together([_read(name) for name in inputs])
        visits = Visits.of(log)
        yield from log.refused
        yield from unended(visits, visits.in_order(visits.told < 0))
        yield from batches(visits, origin)
        yield from agent_batch(list(Agents().stretches(agent_lines(log), log.last)), origin)


def _read(name: str) -> Log:
    text = decode(read_bytes(Path(name)))
    if len(text) > MOST:
        raise InputError(
            f"{name} is too long to be read at once. Have it read piece by piece: deskpulse connect asterisk"
        )
    return read_lines(name, text)


def batches(visits: Visits, origin: Origin) -> Iterator[Batch]:
    """Calls that ended or were answered, and their legs."""
    for table, columns in (("call", calls(visits)), ("call_leg", legs(visits))):
        names = columns.pop("source_id")
        if len(names):
            yield origin.batch(table, names, **columns)


def agent_batch(found: Sequence[Stretch], origin: Origin) -> Iterator[Batch]:
    """What agents were doing."""
    if found:
        agent, since, state, until = (pa.array(column) for column in zip(*found, strict=True))
        version = pc.multiply(until, 1000)
        at, end = moments(since.to_numpy()), moments(until.to_numpy())
        names = joined(agent, since, state)
        yield origin.batch("agent_state", names, version=version, agent=agent, at=at, until=end, state=state)


def agent_lines(log: Log) -> Iterator[AgentLine]:
    """The lines about what agents do."""
    lines = log.table.take(pa.array(log.places(STATE_EVENTS)))
    lines = lines.filter(pc.is_valid(lines["agent"]))
    columns: list[list[Any]] = [lines[name].to_pylist() for name in ("at", "queue", "agent", "event", "d0")]
    for at, queue, agent, event, data in zip(*columns, strict=True):
        yield AgentLine(at=at, queue=queue, agent=agent, event=KNOWN[event], data=data or "")


def unended(visits: Visits, wanted: Any) -> Iterator[Quarantined]:
    """The last line of some visits, put aside."""
    last = visits.ends[wanted] - 1
    columns = [visits.column(name, last).to_pylist() for name in ("file", "number", "raw")]
    for file, number, raw in zip(*columns, strict=True):
        yield Quarantined(file=file, line=number, column=None, reason=UNENDED, raw=raw)


CONNECTOR = QueueLog()
