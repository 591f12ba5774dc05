"""What agents were doing, from the lines of Asterisk's queue_log about logins, queues and pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

LOGINS = {"AGENTLOGIN", "AGENTCALLBACKLOGIN"}
LOGOFFS = {"AGENTLOGOFF", "AGENTCALLBACKLOGOFF"}
PAUSES = {"PAUSE", "PAUSEALL"}
ANY_PAUSE = PAUSES | {"UNPAUSE", "UNPAUSEALL"}
STATE_EVENTS = LOGINS | LOGOFFS | ANY_PAUSE | {"ADDMEMBER", "REMOVEMEMBER"}
EVERY_QUEUE = "NONE"
REASONS = ("meeting", "training")


class AgentLine(Protocol):
    """What is read of a line."""

    @property
    def at(self) -> int:
        """Seconds since 1970."""

    @property
    def queue(self) -> str:
        """The queue, or NONE for all."""

    @property
    def agent(self) -> str | None:
        """The agent's channel."""

    @property
    def event(self) -> str:
        """The event's name."""

    @property
    def data(self) -> tuple[str, ...]:
        """What comes with it."""


@dataclass(kw_only=True)
class Agent:
    """Where an agent is a member and where paused; logging in makes a member of the queue NONE."""

    queues: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    reason: str = ""
    is_known: bool = False

    def hear(self, line: AgentLine) -> None:
        """Takes note of a line. Who is first heard of by a pause was a member before."""
        if not self.is_known and line.event in ANY_PAUSE:
            self.queues.add(line.queue)
        self.is_known = True
        if line.event in LOGINS or line.event == "ADDMEMBER":
            self.queues.add(line.queue)
        elif line.event in LOGOFFS:
            self.queues.clear()
            self.paused.clear()
        elif line.event == "REMOVEMEMBER":
            self.queues.discard(line.queue)
            self.paused.discard(line.queue)
        elif line.event in PAUSES:
            self.paused |= self.queues if _is_of_all(line) else {line.queue}
            self.reason = line.data[0] if line.data else ""
        elif line.event.startswith("UNPAUSE"):
            self.paused = set() if _is_of_all(line) else self.paused - {line.queue}

    @property
    def state(self) -> str:
        """The canonical state."""
        if not self.queues:
            return "offline"
        if not self.queues <= self.paused | {EVERY_QUEUE} or not self.paused:
            return "available"
        return next((name for name in REASONS if name in self.reason.lower()), "break")


def _is_of_all(line: AgentLine) -> bool:
    return line.event.endswith("ALL") or line.queue == EVERY_QUEUE


def agent_states(lines: Iterable[AgentLine], until: int) -> Iterator[dict[str, Any]]:
    """A row per stretch of an agent's state; the last one is known to hold ``until`` the log's last line."""
    agents: dict[str, Agent] = {}
    open_rows: dict[str, dict[str, Any]] = {}
    for line in lines:
        if line.agent is None:
            continue
        agent = agents.setdefault(line.agent, Agent())
        agent.hear(line)
        before = open_rows.get(line.agent)
        if before is None or before["state"] != agent.state:
            if before is not None:
                yield before | {"until": _moment(line.at)}
            open_rows[line.agent] = _row(line.agent, line.at, agent.state)
    yield from (row | {"until": _moment(until)} for row in open_rows.values())


def _row(agent: str, at: int, state: str) -> dict[str, Any]:
    return {"source_id": f"{agent}:{at}:{state}", "agent": agent, "at": _moment(at), "state": state}


def _moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)
