"""A block of the bench's tickets: who asks what, when, and what befalls the tickets until they are closed."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from deskpulse.demo.threads import Flags, Ints, Threads
from deskpulse.events.change import FIELDS
from deskpulse.events.message import KINDS
from deskpulse.events.ticket import STATUSES

BLOCK = 250_000
END = int(datetime(2026, 10, 1, tzinfo=UTC).timestamp())
SPAN = 3 * 365 * 86400

CHANNELS = ("email", "chat", "web", "phone")
CHANNEL_SHARES = (0.55, 0.2, 0.15, 0.1)
FIRST_WAIT = np.array([3600, 90, 5400, 600])
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("question", "incident", "problem", "task")
TOPICS = tuple(f"topic {number}" for number in range(1, 16))
TEAMS = tuple(f"team {number}" for number in range(1, 13))
BRANDS = ("main", "outlet")
AGENTS = 400
BOT = AGENTS + 1
CUSTOMERS_FROM = 1000
VALUES = (*STATUSES, *TEAMS, "1", "2", "3", "true", *PRIORITIES, *map(str, range(AGENTS + 1)))
CUSTOMER, AGENT, BOT_KIND, SYSTEM = (KINDS.index(kind) for kind in ("customer", "agent", "bot", "system"))
STATUS = {name: number for number, name in enumerate(STATUSES)}
TEAM_FROM = len(STATUSES)
TIER_FROM = TEAM_FROM + len(TEAMS)
TRUE = TIER_FROM + 3
PRIORITY_FROM = TRUE + 1
AGENT_FROM = PRIORITY_FROM + len(PRIORITIES)


def customer_count(tickets: int) -> int:
    """How many customers ask so many tickets."""
    return max(tickets // 3, 1)


class Block:
    """The tickets of one stretch of time, and what befell them."""

    def __init__(self, *, seed: int, number: int, size: int, tickets: int) -> None:
        self.rng = np.random.default_rng([seed, number])
        self.size = size
        self.first = number * BLOCK
        since = END - SPAN
        low, high = (since + SPAN * at // tickets for at in (self.first, self.first + size))
        self.created = self._arrivals(low, high)
        self.threads = Threads(created=self.created, end=END)
        self._draw_traits(tickets)

    def _arrivals(self, low: int, high: int) -> Ints:
        """Sorted moments of creation: days busier than nights, weekdays than weekends."""
        at = self.rng.integers(low, high, self.size * 3)
        hour, day = at // 3600 % 24, at // 86400 % 7
        weight = np.where((hour >= 8) & (hour < 20), 1.0, 0.25) * np.where((day == 2) | (day == 3), 0.45, 1.0)
        kept = np.flatnonzero(self.rng.random(self.size * 3) < weight)
        return np.sort(at[kept[: self.size]] if len(kept) >= self.size else at[: self.size])

    def _draw_traits(self, tickets: int) -> None:
        rng, size = self.rng, self.size
        self.channel = rng.choice(4, size, p=CHANNEL_SHARES)
        self.customer = CUSTOMERS_FROM + (customer_count(tickets) * rng.random(size) ** 1.5).astype(np.int64)
        self.topic = rng.integers(0, len(TOPICS), size)
        self.priority = rng.choice(4, size, p=(0.15, 0.6, 0.2, 0.05))
        self.team = rng.integers(0, len(TEAMS), size)
        self.opening_team = self.team.copy()
        self.agent = 1 + self.team + len(TEAMS) * rng.integers(0, AGENTS // len(TEAMS), size)
        self.status = np.full(size, STATUS["new"])
        self.rounds = np.minimum(rng.geometric(0.5, size), 9) * self.chance(0.96)
        self.is_solved = np.zeros(size, np.bool_)
        again = np.flatnonzero(self.chance(0.08))
        earlier = np.maximum(again - rng.integers(1, 1 + max(size // 200, 1), len(again)), 0)
        self.customer[again], self.topic[again] = self.customer[earlier], self.topic[earlier]

    def chance(self, share: float | npt.NDArray[np.float64]) -> Flags:
        """Tickets drawn with this probability."""
        return self.rng.random(self.size, np.float32) < share

    def around(self, median: Ints | int, spread: float) -> Ints:
        """Log-normal seconds around a median."""
        factor: npt.NDArray[np.float32] = np.exp(spread * self.rng.standard_normal(self.size, np.float32))
        return (factor * median).astype(np.int64)

    def become(self, index: Ints, status: str, *, by: Ints | int, kind: int) -> None:
        """Change the status of the tickets of ``index`` that have another."""
        index = index[self.status[index] != STATUS[status]]
        self.threads.set(index, field=FIELDS.index("status"), old=self.status, new=STATUS[status], by=by, kind=kind)
        self.status[index] = STATUS[status]
        self.is_solved[index] = status in ("solved", "closed")

    def live(self) -> None:
        """Everything that happens, in order."""
        self.open_up()
        self.talk_to_bot()
        self.assign()
        for turn in range(int(self.rounds.max(initial=0))):
            self.exchange(turn)
        self.solve()
        self.reopen()
        self.close()
        self.clear_away()

    def open_up(self) -> None:
        threads = self.threads
        threads.say(np.arange(self.size), author=self.customer, kind=CUSTOMER)
        acknowledged = threads.pass_time((self.channel == 0) & self.chance(0.4), 2)
        threads.say(acknowledged, author=-1, kind=SYSTEM)

    def talk_to_bot(self) -> None:
        threads = self.threads
        greeted = (self.channel == 1) & self.chance(0.35)
        threads.say(threads.pass_time(greeted, 3), author=BOT, kind=BOT_KIND)
        threads.say(threads.pass_time(greeted, self.around(45, 0.8)), author=self.customer, kind=CUSTOMER)
        done = greeted & self.chance(0.3)
        self.become(threads.pass_time(done, 60), "solved", by=BOT, kind=BOT_KIND)
        threads.set(
            threads.pass_time(greeted & ~done, 5),
            field=FIELDS.index("handoff"),
            old=-1,
            new=TRUE,
            by=BOT,
            kind=BOT_KIND,
        )
        self.rounds = np.where(done, 0, self.rounds)

    def assign(self) -> None:
        threads = self.threads
        moved = threads.pass_time((self.rounds > 0) & self.chance(0.08), self.around(1800, 1.2))
        other = (self.team + 1 + self.rng.integers(0, len(TEAMS) - 1, self.size)) % len(TEAMS)
        self._set(moved, "team", TEAM_FROM + self.team, TEAM_FROM + other)
        self.team[moved] = other[moved]
        taken = threads.pass_time(
            (self.rounds > 0) & self.chance(0.93), self.around(FIRST_WAIT[self.channel] // 3, 1.3)
        )
        self._set(taken, "assignee", -1, AGENT_FROM + self.agent)
        self.become(taken[self.chance(0.6)[taken]], "open", by=self.agent, kind=AGENT)

    def exchange(self, turn: int) -> None:
        threads, goes_on = self.threads, self.rounds > turn
        threads.say(
            threads.pass_time(goes_on & self.chance(0.13), 240), author=self.agent, kind=AGENT, public=0, work=120
        )
        if turn == 1:
            self.escalate(goes_on)
        wait = self.around(FIRST_WAIT[self.channel], 1.4)
        threads.say(threads.pass_time(goes_on, wait), author=self.agent, kind=AGENT, work=self.around(240, 0.8))
        waits = np.flatnonzero(goes_on & threads.is_live & self.chance(0.45))
        self.become(waits, "pending", by=self.agent, kind=AGENT)
        answers = threads.pass_time(self.rounds > turn + 1, self.around(FIRST_WAIT[self.channel] * 2, 1.5))
        threads.say(answers, author=self.customer, kind=CUSTOMER)
        self.become(answers, "open", by=self.customer, kind=CUSTOMER)
        threads.say(
            threads.pass_time((self.rounds > turn + 1) & self.chance(0.2), 70), author=self.customer, kind=CUSTOMER
        )

    def escalate(self, goes_on: Flags) -> None:
        raised = self.threads.pass_time(goes_on & self.chance(0.12), self.around(600, 1.0))
        self._set(raised, "tier", TIER_FROM, TIER_FROM + 1)
        other = 1 + self.team + len(TEAMS) * self.rng.integers(0, AGENTS // len(TEAMS), self.size)
        self._set(raised, "assignee", AGENT_FROM + self.agent, AGENT_FROM + other)
        self.agent[raised] = other[raised]

    def solve(self) -> None:
        done = self.threads.pass_time(
            ~self.is_solved & self.chance(np.where(self.rounds > 0, 0.97, 0.5)), self.around(120, 1.8)
        )
        self.become(done, "solved", by=self.agent, kind=AGENT)
        self.solved_at = np.where(self.is_solved, self.threads.clock, 0)

    def reopen(self) -> None:
        threads = self.threads
        back = threads.pass_time(self.is_solved & self.chance(0.07), self.around(43200, 1.2))
        threads.say(back, author=self.customer, kind=CUSTOMER)
        self.become(back, "open", by=self.customer, kind=CUSTOMER)
        is_back = np.zeros(self.size, np.bool_)
        is_back[back] = True
        threads.say(
            threads.pass_time(is_back, self.around(FIRST_WAIT[self.channel], 1.2)), author=self.agent, kind=AGENT
        )
        self.become(threads.pass_time(is_back & self.chance(0.95), 60), "solved", by=self.agent, kind=AGENT)

    def close(self) -> None:
        self.become(self.threads.pass_time(self.is_solved & self.chance(0.6), 4 * 86400), "closed", by=-1, kind=SYSTEM)

    def clear_away(self) -> None:
        merged = self.threads.pass_time(self.chance(0.008), 30)
        self._set(merged[merged > 0], "merged_into", -1, -2)
        self._set(self.threads.pass_time(self.chance(0.003), 30), "deleted", -1, TRUE)

    def _set(self, index: Ints, field: str, old: Ints | int, new: Ints | int) -> None:
        self.threads.set(index, field=FIELDS.index(field), old=old, new=new, by=self.agent, kind=AGENT)
