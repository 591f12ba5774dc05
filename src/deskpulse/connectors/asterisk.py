"""Asterisk's queue_log, followed as it is written: through rotation, renamed or copied and cut, and a half last line.

A file is known by the bytes it begins with (they hold the second of its first line), not by its inode, which a copy
does not keep and a new file may get again. So a log that another machine sends over by rsync is followed as well.

Calls that go on beyond a portion are read again with the next one: their lines, and what each agent was doing, are part
of the position. How lines are read says ``asterisk_queue_log``, which reads the same files once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar

import numpy as np

from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.asterisk_agents import Agents, Stretch
from deskpulse.connectors.asterisk_files import LogFile, LogFiles
from deskpulse.connectors.asterisk_lines import DAY, Log, read_lines
from deskpulse.connectors.asterisk_queue_log import agent_batch, agent_lines, batches, unended
from deskpulse.connectors.asterisk_visits import Visits
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.delimited import decode
from deskpulse.connectors.rows import Origin

PATH = "/var/log/asterisk/queue_log"
STREAM = "queue_log"
GAP = "the log was rotated away before it was read to its end: what came between is not known"


class Followed:
    """A log and whose it is."""

    def __init__(self, account: Account) -> None:
        self.told: Any = None
        self.files = LogFiles(account.text("path", PATH), account.source)

    def __enter__(self) -> Followed:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.files.close()


@dataclass(frozen=True, kw_only=True)
class Portion:
    """Some lines with those of the calls that were open before, and what agents did; ``agents`` is where that ends."""

    log: Log
    visits: Visits
    stretches: list[Stretch]
    agents: Agents

    @classmethod
    def read(cls, body: bytes, context: Mapping[str, Any]) -> Portion:
        """The portion of a page."""
        log = read_lines(context["file"], "\n".join([*context["open"], decode(body)])).ordered()
        agents = Agents.read(context["agents"])
        stretches = list(agents.stretches(agent_lines(log), max(log.last, context["at"])))
        return cls(log=log, visits=Visits.of(log), stretches=stretches, agents=agents)

    @property
    def is_lost(self) -> Any:
        """Visits of which nothing was heard for a day: nobody waits or talks for so long."""
        last = self.visits.at[self.visits.ends - 1]
        return ~self.visits.is_over & (last < self.log.last - DAY)

    @property
    def open_lines(self) -> list[str]:
        """The lines of visits that may go on, and of those in the last second, so that ids stay what they are."""
        visits = self.visits
        is_new = visits.at[visits.starts] >= self.log.last
        kept = (~visits.is_over & ~self.is_lost) | is_new
        places = np.sort(visits.order[np.repeat(kept, visits.ends - visits.starts)])
        lines: list[str] = self.log.table["raw"].take(places).to_pylist()
        return lines


class Asterisk(ApiConnector):
    """Follows a log on the disk."""

    title: ClassVar[str] = "Asterisk's queue log, followed on the disk"
    every: ClassVar[str] = "1m"
    gives: ClassVar[tuple[str, ...]] = ("call", "call_leg", "agent_state")
    needs: ClassVar[tuple[Need, ...]] = (Need(name="path", says="Where the log is", default=PATH, example=PATH),)
    scopes: ClassVar[tuple[str, ...]] = ("reading the log and its folder (on most systems: the group asterisk)",)
    maps: ClassVar[Mapping[str, str]] = {
        "call": "a visit to a queue: CONNECT and COMPLETE are answered, ABANDON is given up, leaving by key or timeout "
        "is overflow; a queue that is empty, full or closed makes it missed",
        "call_leg": "a ring in vain (RINGNOANSWER) or a talk (CONNECT to COMPLETE or a transfer)",
        "agent_state": "available while logged in or a member of a queue and not paused in each; a pause is a break, a "
        "meeting or training by its reason",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "The log has to be on this machine, or a copy that is kept fresh (rsync, syslog).",
        "Rotated files beside it (queue_log.1, queue_log-20260301, also .gz) are read too, the oldest first.",
        "What is rotated away, or cut off while it is copied, before it was read is lost; the first is told.",
        "The log knows no hold and no wrap-up. A call is asked for again while it lasts, at most for a day.",
        "--since reads the log again from its beginning.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "EXITWITHKEY, EXITWITHTIMEOUT, transfers, RINGCANCELED and pauses: read as Asterisk 20 documents them.",
    )

    def open(self, account: Account) -> Followed:
        """The log."""
        return Followed(account)

    def check(self, client: Followed) -> tuple[str, ...]:
        """Looks whether the log is there and begins like one."""
        head = client.files.live_head()
        if read_lines("", head.decode(errors="replace").partition("\n")[0]).refused:
            raise client.files.fault("begins with no line of a queue log: give the path of queue_log itself")
        return ()

    def pages(self, client: Followed, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """What was written since, file by file, in portions of whole lines."""
        position = Position.read(cursor)
        here = position.lists.setdefault(STREAM, {"open": [], "agents": {}, "at": 0})
        files, is_gap = client.files.after(here.get("file"), here["at"])
        if is_gap:
            here["open"] = []
        total = sum(file.size for file in files) or 1
        read = 0
        for file in files:
            for body in file.portions():
                read += len(body)
                yield self._page(position, here, file, body, now, min(1.0, read / total), is_gap=is_gap)
                is_gap = False

    def _page(
        self, position: Position, here: dict[str, Any], file: LogFile, body: bytes, now: datetime, done: float,
        *, is_gap: bool,
    ) -> Page:  # fmt: skip
        before = {name: here[name] for name in ("open", "agents", "at")}
        context = {"file": file.path.name, "gap": is_gap, **before}
        portion = Portion.read(body, context)
        at = max(portion.log.last, here["at"])
        here.update(file=file.written, open=portion.open_lines, agents=portion.agents.written(), at=at)
        page = Page(
            stream=STREAM, body=body, cursor=position.text, fetched_at=now, context=context,
            items=body.count(b"\n"), done=done,
        )  # fmt: skip
        page.__dict__["portion"] = portion  # read once
        return page

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """Calls that were answered or ended, and what agents did."""
        portion: Portion = page.__dict__.get("portion") or Portion.read(page.body, page.context)
        origin = Origin(source=account.source, observed_at=page.fetched_at)
        name = f"{account.source}: {page.context['file']}"
        lost = portion.visits.in_order(portion.is_lost & (portion.visits.told < 0))
        for refused in (*portion.log.refused, *unended(portion.visits, lost)):
            yield Quarantined(file=name, line=None, column=None, reason=refused.reason, raw=refused.raw)
        if page.context["gap"]:
            yield Quarantined(file=name, line=None, column=None, reason=GAP, raw="")
        yield from batches(portion.visits, origin)
        yield from agent_batch(portion.stretches, origin)


API = Asterisk()
