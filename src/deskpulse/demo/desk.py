"""The invented company's tickets: who asks and who takes them, and the verbs their lives are told in."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from deskpulse.demo import stories
from deskpulse.demo.arrivals import TEAM_OF_TOPIC, arrivals
from deskpulse.demo.draws import around
from deskpulse.demo.hours import awake, hours
from deskpulse.demo.settings import FILE
from deskpulse.demo.staff import BOT, PEOPLE, Staff
from deskpulse.demo.threads import Flags, Ints, Numbers, Threads
from deskpulse.demo.tone import later_texts
from deskpulse.demo.words import (
    CHANNELS,
    NOTE,
    PRIORITIES,
    REPLIES,
    TEAMS,
    TEXT,
    TOPICS,
)
from deskpulse.events.change import FIELDS
from deskpulse.events.message import KINDS
from deskpulse.events.ticket import STATUSES
from deskpulse.settings import load_settings

CUSTOMER, AGENT, ROBOT, SYSTEM = (KINDS.index(kind) for kind in ("customer", "agent", "bot", "system"))
EMAIL, CHAT, WEB, PHONE = range(len(CHANNELS))
TECHNICAL = TEAMS.index("Technical")
FIRST_CUSTOMER = len(PEOPLE)
VALUES = (*STATUSES, *TEAMS, "1", "2", *PEOPLE, "true", *PRIORITIES)
CODE = {value: code for code, value in enumerate(VALUES)}
MERGE = -2
CHANNEL_SHARES = (0.44, 0.28, 0.12, 0.16)
FIRST_WAIT = np.array([2900, 65, 4200, 1800])
LATER_WAIT = np.array([4500, 60, 6000, 5400])
CUSTOMER_WAIT = np.array([9000, 90, 12000, 14000])
HOUR, DAY = 3600, 86400


class Desk:
    """The tickets between two moments; ``deskpulse.demo.life`` makes everything happen to them."""

    def __init__(self, rng: np.random.Generator, *, begins: int, end: int, tickets: int) -> None:
        self.rng, self.end = rng, end
        settings = load_settings(FILE)
        self.office, self.toronto = (hours(settings.schedules[name], begins, end) for name in ("office", "toronto"))
        self.awake = hours(awake(settings.zone), begins, end)
        self.staff = Staff(rng, begins=begins, end=end)
        self.created, self.topic = arrivals(rng, begins=begins, end=end, zone=settings.zone, tickets=tickets)
        self.size = len(self.created)
        self.customers = max(int(self.size * 0.42), 1)
        self._draw_people()
        self._draw_traits()
        self.threads = Threads(created=self.created, end=end)
        self.status = np.full(self.size, STATUSES.index("new"))
        self.first_replied_at = np.zeros(self.size, np.int64)
        self.first_solved_at = np.zeros(self.size, np.int64)
        self.is_bot_solved = np.zeros(self.size, np.bool_)
        self.was_reopened = np.zeros(self.size, np.bool_)

    def _draw_people(self) -> None:
        """Customers, some of whom come back soon about the same, some of these within minutes: duplicates to merge."""
        self.customer = (self.customers * self.rng.random(self.size) ** 1.3).astype(np.int64)
        back = np.flatnonzero(self.chance(0.08))
        before = np.maximum(back - self.rng.integers(1, 300, len(back)), 0)
        self.customer[back], self.topic[back] = self.customer[before], self.topic[before]
        odd = np.arange(self.size) % 2 == 1
        self.is_duplicate = odd & self.chance(0.026)
        twin = np.flatnonzero(self.is_duplicate)
        self.customer[twin], self.topic[twin] = self.customer[twin - 1], self.topic[twin - 1]

    def _draw_traits(self) -> None:
        self.team = TEAM_OF_TOPIC[self.topic]
        self.opening_team = self.team.copy()
        self.channel = self.rng.choice(4, self.size, p=CHANNEL_SHARES)
        needs_people = (self.channel == CHAT) | (self.channel == PHONE)
        self.channel[needs_people & ~self.is_open(self.created)] = WEB
        self.is_outbound = (self.channel == EMAIL) & self.is_open(self.created) & self.chance(0.02)
        self.priority = self.rng.choice(4, self.size, p=(0.15, 0.62, 0.18, 0.05))
        self.segment = self.segment_of(self.customer)
        self.agent = self.staff.choose(self.team, self.created)
        self.opening_agent = self.agent.copy()
        self.is_spam, self.is_test = self.chance(0.008), self.chance(0.003)
        answered = self.chance(0.97) & ~self.is_spam & ~self.is_duplicate
        self.rounds = np.minimum(self.rng.geometric(0.55, self.size), 8) * answered
        self.rounds[(self.channel == PHONE) & self.chance(0.7)] = 0

    def segment_of(self, customer: Ints) -> Ints:
        """The segment of customers by their number: one in five is a shop or a partner."""
        return np.searchsorted((0.8, 0.95), (customer * 0.618034) % 1)

    @property
    def traits(self) -> stories.Traits:
        """What stories look at: the traits tickets opened with, and whether a partner has them now."""
        is_partner = self.staff.is_partner(self.agent, self.threads.clock).astype(np.int64)
        return {"topic": self.topic, "team": self.opening_team, "channel": self.channel, "partner": is_partner}

    @cached_property
    def account(self) -> Ints:
        """The account of each customer: six shops or partners in a row share that of the first of them."""
        number = np.arange(self.customers)
        shared = np.flatnonzero(self.segment_of(number) > 0)
        first = np.full(self.customers // 6 + 1, self.customers)
        np.minimum.at(first, shared // 6, shared)
        return np.where(self.segment_of(number) > 0, first[number // 6], number)

    def chance(self, share: float | Numbers) -> Flags:
        """Tickets drawn with this probability."""
        drawn: Flags = self.rng.random(self.size) < share
        return drawn

    def around(self, median: Ints | Numbers | float, spread: float) -> Ints:
        """Log-normal seconds around a median."""
        return around(self.rng, self.size, median, spread)

    def is_open(self, at: Ints) -> Flags:
        """Whether each ticket's team works at these moments."""
        return np.where(self.team == TECHNICAL, self.toronto.is_open(at), self.office.is_open(at))

    def work(self, who: Flags, seconds: Ints) -> Ints:
        """Let so many of their team's open seconds pass for these tickets."""
        clock = self.threads.clock
        at = np.where(self.team == TECHNICAL, self.toronto.after(clock, seconds), self.office.after(clock, seconds))
        return self.threads.reach(who, at)

    def wait_for_customer(self, who: Flags, seconds: Ints) -> Ints:
        """Let so many waking seconds pass for these tickets."""
        return self.threads.reach(who, self.awake.after(self.threads.clock, seconds))

    @property
    def is_solved(self) -> Flags:
        """Tickets that stand solved."""
        solved: Flags = self.status == STATUSES.index("solved")
        return solved

    def become(self, index: Ints, status: str, *, by: Ints | int, kind: int) -> None:
        """Change the status of the tickets of ``index`` that have another."""
        new = STATUSES.index(status)
        index = index[self.status[index] != new]
        self.threads.set(index, field=FIELDS.index("status"), old=self.status, new=new, by=by, kind=kind)
        self.status[index] = new
        if status == "solved":
            first = index[self.first_solved_at[index] == 0]
            self.first_solved_at[first] = self.threads.clock[first]

    def put(self, index: Ints, field: str, new: Ints | int, old: Ints | int = -1, *, kind: int = AGENT) -> None:
        """Change another field, by the ticket's agent or by the ``kind`` named."""
        authors: dict[int, Ints | int] = {AGENT: self.agent, ROBOT: BOT, CUSTOMER: self.author}
        by = authors[kind]
        self.threads.set(index, field=FIELDS.index(field), old=old, new=new, by=by, kind=kind)

    @property
    def author(self) -> Ints:
        """The customers' codes as authors."""
        return FIRST_CUSTOMER + self.customer

    def ask(self, index: Ints, texts: Ints | int | None = None) -> None:
        """A message of the customer."""
        said = later_texts(self.rng, self.expected_score()) if texts is None else texts
        self.threads.say(index, author=self.author, kind=CUSTOMER, text=said)

    def expected_score(self) -> Numbers:
        """The mean score (of 1 to 5) each ticket deserves so far, before the customer's mood and the scale's bounds."""
        waited = np.maximum(self.first_replied_at - self.created, 0) / HOUR
        score: Numbers = stories.MEAN_SCORE + stories.PER_DOUBLED_HOUR * np.log2(1 + waited)
        score += stories.REOPENED_RATING * self.was_reopened
        score += np.where(self.is_bot_solved, stories.BOT_RATING, self.staff.skill[self.agent])
        score += stories.rating(self.created, self.end, self.traits)
        return score

    def reply(self, index: Ints, *, public: int = 1) -> None:
        """A message of the ticket's agent with the time worked on it; a note when it is not public."""
        self.replace_gone(index)
        if public:
            first = index[self.first_replied_at[index] == 0]
            self.first_replied_at[first] = self.threads.clock[first]
        texts = TEXT[REPLIES[0]] + self.rng.integers(0, len(REPLIES), self.size) if public else TEXT[NOTE]
        self.threads.say(index, author=self.agent, kind=AGENT, public=public, work=self.work_seconds(), text=texts)

    def solve(self, index: Ints) -> None:
        """The ticket's agent solves it."""
        self.replace_gone(index)
        self.become(index, "solved", by=self.agent, kind=AGENT)

    def work_seconds(self) -> Ints:
        """Recorded work of a message: by topic, agent and story."""
        minutes = np.array([topic.minutes for topic in TOPICS])[self.topic]
        usual = 60 * minutes * stories.factor("work", self.threads.clock, self.end, self.traits)
        return self.around(usual * self.staff.pace[self.agent], 0.6)

    def first_wait(self) -> Ints:
        """Working seconds until a person first replies: by channel, agent and story."""
        usual = FIRST_WAIT[self.channel] * stories.factor("wait", self.created, self.end, self.traits)
        return self.around(0.6 * usual * self.staff.pace[self.agent], 1.0)

    def hand_over(self, index: Ints, team: Ints, tier: int = 1) -> None:
        """To an agent of another team or tier."""
        self.put(index[self.team[index] != team[index]], "team", CODE[TEAMS[0]] + team, CODE[TEAMS[0]] + self.team)
        self.team[index] = team[index]
        self.agent[index] = self.staff.choose(self.team, self.threads.clock, tier)[index]

    def replace_gone(self, index: Ints) -> None:
        """Tickets whose agent has left the company meanwhile go to somebody else."""
        self.reassign(index[self.staff.is_gone(self.agent, self.threads.clock)[index]])

    def reassign(self, index: Ints, tier: int = 1) -> None:
        """To somebody of the same team who is there now."""
        before = self.agent.copy()
        self.hand_over(index, self.team, tier)
        index = index[self.agent[index] != before[index]]
        self.put(index, "assignee", CODE[PEOPLE[0]] + self.agent, CODE[PEOPLE[0]] + before)
