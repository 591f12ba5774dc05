"""What agents were doing, from the lines of Asterisk's queue_log about logins, queues and pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

LOGINS = {"AGENTLOGIN", "AGENTCALLBACKLOGIN"}
LOGOFFS = {"AGENTLOGOFF", "AGENTCALLBACKLOGOFF"}
PAUSES = {"PAUSE", "PAUSEALL"}
ANY_PAUSE = PAUSES | {"UNPAUSE", "UNPAUSEALL"}
STATE_EVENTS = LOGINS | LOGOFFS | ANY_PAUSE | {"ADDMEMBER", "REMOVEMEMBER"}
EVERY_QUEUE = "NONE"
REASONS = ("meeting", "training")
Stretch = tuple[str, int, str, int]
"""An agent, since when (seconds since 1970), the state, and until when."""


@dataclass(frozen=True, kw_only=True)
class AgentLine:
    """What is read of a line; ``at`` is in seconds since 1970, the queue NONE for all, ``data`` the first field."""

    at: int
    queue: str
    agent: str
    event: str
    data: str


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
            self.reason = line.data
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


@dataclass(kw_only=True)
class Agents:
    """All agents so far, and the stretch that each is in: since when, and its state."""

    agents: dict[str, Agent] = field(default_factory=dict)
    since: dict[str, tuple[int, str]] = field(default_factory=dict)

    def stretches(self, lines: Iterable[AgentLine], until: int) -> Iterator[Stretch]:
        """Each stretch of an agent's state; the last one is known to hold ``until`` the log's last line."""
        for line in lines:
            agent = self.agents.setdefault(line.agent, Agent())
            agent.hear(line)
            before = self.since.get(line.agent)
            if before is None or before[1] != agent.state:
                at = max(line.at, before[0]) if before else line.at  # a clock that was put back
                if before is not None:
                    yield (line.agent, *before, at)
                self.since[line.agent] = (at, agent.state)
        yield from ((name, *stretch, until) for name, stretch in self.since.items())

    def written(self) -> dict[str, Any]:
        """As JSON's types, for the next portion of the log."""
        return {
            name: [*self.since[name], sorted(agent.queues), sorted(agent.paused), agent.reason]
            for name, agent in self.agents.items()
        }

    @classmethod
    def read(cls, written: dict[str, Any]) -> Agents:
        """What ``written`` gave."""
        found = cls()
        for name, (at, state, queues, paused, reason) in written.items():
            found.agents[name] = Agent(queues=set(queues), paused=set(paused), reason=reason, is_known=True)
            found.since[name] = (at, state)
        return found
