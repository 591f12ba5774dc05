"""The invented company's phone: calls offered to a queue, the agents they rang at, and how they ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.columns import Columns, instants, named, numbered, stacked
from deskpulse.demo.desk import DAY, HOUR, PHONE, TECHNICAL, Desk
from deskpulse.demo.draws import around
from deskpulse.demo.staff import PEOPLE
from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.demo.words import TEAMS, TOPICS
from deskpulse.events.call import OUTCOMES

QUEUES = tuple(f"{team} line" for team in TEAMS)
PATIENCE = 150
"""Median seconds after which a caller gives up."""
USUAL_WAIT = 14
"""Median seconds in the queue before an agent takes a call."""
AT_ONCE = 0.025
"""Share of callers who hang up within the first seconds."""
LOST = ("missed", "overflow", "voicemail", "phantom")
LOST_SHARES = (0.02, 0.004, 0.012, 0.005)
RING = 15
"""Seconds a call rings at an agent who does not take it."""
RINGS_MISSED = (0.86, 0.09, 0.035, 0.015)
"""Shares of calls that rang in vain at none, one, two and three agents before."""
OFTEN = 2
"""Calls without a ticket, for each one with."""
AFTER_MAIL = 0.04
"""Share of solved mails, forms and chats whose customer calls some days later."""
ANSWERED = OUTCOMES.index("answered")


@dataclass(frozen=True, kw_only=True)
class Leg:
    """The legs of some ``calls`` at one place in them; the other columns are per call."""

    calls: Ints
    place: int
    at: Ints
    agent: Ints
    talk: Ints
    is_taken: bool = True


class Calls:
    """The calls behind the phone tickets, more that left no ticket, and those that got lost."""

    def __init__(self, desk: Desk) -> None:
        self.rng, self.end = desk.rng, desk.end
        phone = np.flatnonzero(desk.channel == PHONE)
        others = self.rng.choice(phone, OFTEN * len(phone)) if len(phone) else phone
        again, again_at = self._repeats(desk)
        self.row = np.concatenate([phone, others, again])
        self.size = len(self.row)
        self.has_ticket = np.arange(self.size) < len(phone)
        moved = self.rng.integers(0, 4, len(others)) * 7 * DAY + self.rng.integers(0, HOUR, len(others))
        earlier = desk.created[others] - moved
        at = np.concatenate([desk.created[phone], np.where(earlier < desk.created[0], desk.created[others], earlier)])
        at = np.concatenate([at, again_at])
        self.team = desk.opening_team[self.row]
        self.topic, self.customer = desk.topic[self.row], desk.customer[self.row]
        self.agent = desk.staff.choose(self.team, at)
        self.agent[: len(phone)] = desk.opening_agent[phone]
        self.crowd = desk.staff.several(self.team, at, 4)
        self._draw(at)

    def _repeats(self, desk: Desk) -> tuple[Ints, Ints]:
        """Tickets after which the customer calls, and when: those the bot sent away soon, a few others in days."""
        was_sent_away = desk.is_bot_solved & ~desk.was_reopened & desk.chance(stories.BOT_CALLS)
        solved = (desk.first_solved_at > 0) & (desk.channel != PHONE) & ~desk.is_spam & ~desk.is_bot_solved
        others = solved & desk.chance(AFTER_MAIL)
        later = np.where(was_sent_away, desk.around(2 * HOUR, 0.8), desk.around(1.5 * DAY, 0.7) + 600)
        at = np.where(
            desk.opening_team == TECHNICAL,
            desk.toronto.after(desk.first_solved_at + later, desk.around(HOUR, 0.6)),
            desk.office.after(desk.first_solved_at + later, desk.around(HOUR, 0.6)),
        )
        index = np.flatnonzero((was_sent_away | others) & (at < desk.end))
        return index, at[index]

    def _draw(self, at: Ints) -> None:
        traits: stories.Traits = {
            "topic": self.topic,
            "team": self.team,
            "channel": np.full(self.size, PHONE),
            "partner": np.zeros(self.size, np.int64),
        }
        load = stories.factor("wait", at, self.end, traits)
        rng, size = self.rng, self.size
        would_wait = self.around(USUAL_WAIT * load, 0.9) * (rng.random(size) < 0.85)
        patience = np.where(rng.random(size) < AT_ONCE, rng.integers(1, 5, size), self.around(PATIENCE, 0.8))
        gives_up = (patience < would_wait) & ~self.has_ticket
        lost = rng.choice(len(LOST) + 1, size, p=(*LOST_SHARES, 1 - sum(LOST_SHARES)))
        codes = np.array([*(OUTCOMES.index(name) for name in LOST), ANSWERED])
        outcome = np.where(gives_up, OUTCOMES.index("abandoned"), codes[lost])
        self.outcome: Ints = np.where(self.has_ticket, ANSWERED, outcome)
        self.is_answered: Flags = self.outcome == ANSWERED
        is_missed = self.outcome == OUTCOMES.index("missed")
        drawn = rng.choice(4, size, p=RINGS_MISSED)
        self.rings: Ints = np.where(is_missed, np.maximum(drawn, 1), drawn * self.is_answered)
        self.wait: Ints = np.maximum(np.where(gives_up, patience, would_wait), self.rings * RING)
        self.talk, self.wrap = self.around(260, 0.6), self.around(70, 0.6)
        self.hold: Ints = np.where(rng.random(size) < 0.2, self.around(60, 0.7), 0)
        self.dial = rng.integers(2, 12, size)
        handled = self.wait + self.dial + self.talk + self.hold
        self.offered_at: Ints = at - np.where(self.has_ticket, handled, 0)
        self.is_moved: Flags = self.is_answered & (rng.random(size) < 0.07)
        self.is_test: Flags = (rng.random(size) < 0.003) & ~self.has_ticket

    def around(self, median: Numbers | float, spread: float) -> Ints:
        """Log-normal seconds around a median."""
        return around(self.rng, self.size, median, spread)

    def calls(self) -> Columns:
        """The calls."""
        return {
            "source_id": numbered(np.arange(self.size) + 1),
            "offered_at": instants(self.offered_at),
            "queue": named(self.team, QUEUES),
            "team": named(self.team, TEAMS),
            "customer": numbered(self.customer + 1),
            "ticket": numbered(self.row + 1, self.has_ticket),
            "topic": named(self.topic, tuple(topic.name for topic in TOPICS)),
            "direction": named(np.zeros(self.size, np.int64), ("inbound",)),
            "is_queued": pa.array(self.wait > 0),
            "queue_seconds": pa.array(self.wait.astype(np.float64)),
            "outcome": named(self.outcome, OUTCOMES),
            "is_test": pa.array(self.is_test),
        }

    def legs(self) -> Columns:
        """Rings nobody took, the leg that was answered, and after a transfer another."""
        return stacked(*(self._columns(leg) for leg in (*self._handled(), *self._rings())))

    def handles(self) -> tuple[Ints, Ints, Ints]:
        """Who was busy with a call, from when to when (epoch seconds), wrap-up included."""
        legs = self._handled()
        since = [leg.at[leg.calls] for leg in legs]
        busy = [(self.dial + leg.talk + self.hold + self.wrap)[leg.calls] for leg in legs]
        agent = np.concatenate([leg.agent[leg.calls] for leg in legs])
        return agent, np.concatenate(since), np.concatenate(since) + np.concatenate(busy)

    def _handled(self) -> tuple[Leg, ...]:
        first = self.offered_at + self.wait
        second = first + self.dial + self.talk + self.hold
        colleague = self._other(2)
        moved = np.flatnonzero(self.is_moved & (colleague >= 0))
        answered = np.flatnonzero(self.is_answered)
        return (
            Leg(calls=answered, place=8, at=first, agent=self.agent, talk=self.talk),
            Leg(calls=moved, place=9, at=second, agent=colleague, talk=self.talk // 2),
        )

    def _rings(self) -> Iterator[Leg]:
        for number in range(3):
            agent = self._other(number)
            calls = np.flatnonzero((self.rings > number) & (agent >= 0))
            at = self.offered_at + self.wait - RING * (self.rings - number)
            yield Leg(calls=calls, place=number + 1, at=at, agent=agent, talk=self.talk, is_taken=False)

    def _other(self, number: int) -> Ints:
        """One of the line's people, who is not the one that took the call."""
        return np.where(self.crowd[:, number] == self.agent, self.crowd[:, 3], self.crowd[:, number])

    def _columns(self, leg: Leg) -> Columns:
        index, untaken = leg.calls, np.full(len(leg.calls), not leg.is_taken)
        dial = self.dial[index] if leg.is_taken else np.full(len(index), RING)
        return {
            "source_id": numbered((index + 1) * 10 + leg.place),
            "call": numbered(index + 1),
            "at": instants(leg.at[index]),
            "seq": pa.array(np.full(len(index), leg.place)),
            "agent": named(leg.agent[index], PEOPLE),
            "is_answered": pa.array(~untaken),
            "dial_seconds": pa.array(dial.astype(np.float64)),
            "talk_seconds": pa.array(leg.talk[index].astype(np.float64), mask=untaken),
            "hold_seconds": pa.array(self.hold[index].astype(np.float64), mask=untaken),
            "wrap_seconds": pa.array(self.wrap[index].astype(np.float64), mask=untaken),
        }
