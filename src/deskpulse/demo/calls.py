"""The invented company's phone: calls offered to a queue, the agents they rang at, and how they ended."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.columns import Columns, instants, named, numbered, stacked
from deskpulse.demo.desk import PHONE, Desk
from deskpulse.demo.staff import PEOPLE
from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.demo.words import TEAMS, TOPICS
from deskpulse.events.call import OUTCOMES

QUEUES = tuple(f"{team} line" for team in TEAMS)
PATIENCE = 150
"""Median seconds after which a caller gives up."""
USUAL_WAIT = 30
"""Median seconds in the queue before an agent takes a call."""
LOST = ("missed", "overflow", "voicemail", "phantom")
LOST_SHARES = (0.02, 0.004, 0.012, 0.005)


class Calls:
    """The calls behind the phone tickets, as many again that left no ticket, and those that got lost."""

    def __init__(self, desk: Desk) -> None:
        self.rng, self.end = desk.rng, desk.end
        phone = np.flatnonzero(desk.channel == PHONE)
        others = self.rng.choice(phone, len(phone)) if len(phone) else phone
        self.row = np.concatenate([phone, others])
        self.size = len(self.row)
        self.has_ticket = np.arange(self.size) < len(phone)
        self.team = desk.opening_team[self.row]
        self.agent = desk.staff.choose(self.team, desk.created[self.row])
        self.agent[: len(phone)] = desk.opening_agent[phone]
        traits: stories.Traits = {"topic": desk.topic[self.row], "team": self.team, "channel": desk.channel[self.row]}
        self.topic, self.customer = desk.topic[self.row], desk.customer[self.row]
        load = stories.factor("wait", desk.created[self.row], self.end, traits)
        self._draw(desk, load)

    def _draw(self, desk: Desk, load: Numbers) -> None:
        rng, size = self.rng, self.size
        would_wait = self.around(USUAL_WAIT * load, 0.9) * (rng.random(size) < 0.85)
        patience = self.around(PATIENCE, 0.8)
        gives_up = (patience < would_wait) & ~self.has_ticket
        self.wait: Ints = np.where(gives_up, patience, would_wait)
        lost = rng.choice(len(LOST) + 1, size, p=(*LOST_SHARES, 1 - sum(LOST_SHARES)))
        codes = np.array([*(OUTCOMES.index(name) for name in LOST), OUTCOMES.index("answered")])
        outcome = np.where(gives_up, OUTCOMES.index("abandoned"), codes[lost])
        self.outcome: Ints = np.where(self.has_ticket, OUTCOMES.index("answered"), outcome)
        self.is_answered: Flags = self.outcome == OUTCOMES.index("answered")
        self.talk, self.wrap = self.around(260, 0.6), self.around(70, 0.6)
        self.hold: Ints = np.where(rng.random(size) < 0.2, self.around(60, 0.7), 0)
        self.dial = rng.integers(2, 12, size)
        handled = self.wait + self.dial + self.talk + self.hold
        moved = rng.integers(0, 4, size) * 7 * 86400 * ~self.has_ticket
        at = desk.created[self.row] - moved - np.where(self.has_ticket, handled, rng.integers(0, 3600, size))
        self.offered_at: Ints = np.where(at < desk.created[0], desk.created[self.row], at)

    def around(self, median: Numbers | float, spread: float) -> Ints:
        """Log-normal seconds around a median."""
        drawn: Numbers = np.exp(spread * self.rng.standard_normal(self.size)) * median
        return drawn.astype(np.int64) + 1

    def calls(self) -> Columns:
        """The calls."""
        is_queued = self.wait > 0
        return {
            "source_id": numbered(np.arange(self.size) + 1),
            "offered_at": instants(self.offered_at),
            "queue": named(self.team, QUEUES),
            "team": named(self.team, TEAMS),
            "customer": numbered(self.customer + 1),
            "ticket": numbered(self.row + 1, self.has_ticket),
            "topic": named(self.topic, tuple(topic.name for topic in TOPICS)),
            "direction": named(np.zeros(self.size, np.int64), ("inbound",)),
            "is_queued": pa.array(is_queued),
            "queue_seconds": pa.array(self.wait.astype(np.float64)),
            "outcome": named(self.outcome, OUTCOMES),
            "is_test": pa.array((self.rng.random(self.size) < 0.003) & ~self.has_ticket),
        }

    def legs(self) -> Columns:
        """A ring nobody took, the leg that was answered, and after a transfer another."""
        rang = (self.rng.random(self.size) < 0.08) & (self.is_answered | (self.outcome == OUTCOMES.index("missed")))
        rang |= self.outcome == OUTCOMES.index("missed")
        moved = self.is_answered & (self.rng.random(self.size) < 0.07)
        answer_at = self.offered_at + self.wait
        return stacked(
            self._leg(np.flatnonzero(rang), 1, answer_at - np.minimum(self.wait, 15), self._colleague(1), taken=False),
            self._leg(np.flatnonzero(self.is_answered), 2, answer_at, self.agent, taken=True),
            self._leg(np.flatnonzero(moved), 3, answer_at + self.dial + self.talk, self._colleague(2), taken=True),
        )

    def _colleague(self, step: int) -> Ints:
        """Somebody else of the same agents who take calls."""
        return np.roll(self.agent, step)

    def _leg(self, index: Ints, seq: int, at: Ints, agent: Ints, *, taken: bool) -> Columns:
        size = len(index)
        untouched = np.full(size, not taken)
        share = 0.5 if seq == 3 else 1.0
        return {
            "source_id": numbered((index + 1) * 10 + seq),
            "call": numbered(index + 1),
            "at": instants(at[index]),
            "seq": pa.array(np.full(size, seq)),
            "agent": named(agent[index], PEOPLE),
            "is_answered": pa.array(~untouched),
            "dial_seconds": pa.array(self.dial[index].astype(np.float64)),
            "talk_seconds": pa.array((self.talk[index] * share).round(), mask=untouched),
            "hold_seconds": pa.array(self.hold[index].astype(np.float64), mask=untouched),
            "wrap_seconds": pa.array(self.wrap[index].astype(np.float64), mask=untouched),
        }
