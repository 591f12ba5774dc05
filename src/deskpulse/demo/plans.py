"""Subscriptions of the invented company: care plans that start, change, pause and end; bad support makes them end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.columns import Columns, instants, named, numbered, plain
from deskpulse.demo.desk import DAY, HOUR, Desk
from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.events.business import subscription_change

PLANS = ("Pine Care", "Pine Care yearly", "Pine Care Plus", "Shop", "Shop Plus", "Fleet")
PRICES = {
    "GBP": ("4.99", "4.1583", "7.99", "39.00", "69.00", "149.00"),
    "EUR": ("5.99", "4.9917", "9.49", "45.00", "79.00", "169.00"),
}
"""What a month of each plan costs; the yearly one is a twelfth of 49.90 and 59.90."""
CURRENCIES = tuple(PRICES)
UP, DOWN = np.array([2, 2, 2, 4, 5, 5]), np.array([0, 1, 0, 3, 3, 4])
REASONS = subscription_change.column("reason").one_of
STEP = 30 * DAY
STEPS = 20
"""The plans' history is longer than the support's: so many steps of thirty days before the end."""
TAKERS = (0.3, 0.45, 0.6)
"""Share of the accounts of each segment that take a plan."""
SECOND = 0.2
"""Share of the shops' and partners' plans that are a second one of the same account."""
TRIALS, CONVERTS = 0.4, 0.6
MOVES = {"up": 0.012, "down": 0.008, "pause": 0.008, "currency": 0.0006}
"""Chances per step of a plan that stands."""
RESUMES, RETURNS = 0.5, 0.03
LATER, TRIED, STANDS, PAUSED, ENDED = range(5)


@dataclass(kw_only=True)
class Book:
    """Subscriptions being told step by step, and the changes noted so far."""

    rng: np.random.Generator
    account: Ints
    starts: Ints
    plan: Ints
    currency: Ints
    state: Ints
    notes: list[tuple[Ints, Ints, Ints, Ints, Ints]]

    def chance(self, share: float | Numbers) -> Flags:
        """Subscriptions drawn with this probability."""
        drawn: Flags = self.rng.random(len(self.account)) < share
        return drawn

    def note(self, who: Flags, at: Ints, reason: str) -> None:
        """A change of the subscriptions ``who`` to what they are now."""
        index = np.flatnonzero(who)
        reasons = np.full(len(index), REASONS.index(reason))
        self.notes.append((index, at[index], reasons, self.plan[index], self.currency[index]))

    def turn(self, who: Flags, at: Ints, reason: str, state: int) -> None:
        """A change of state."""
        self.state[who] = state
        self.note(who, at, reason)


def subscription_changes(desk: Desk, rng: np.random.Generator) -> Columns:
    """Every change of every subscription, in the order in which they happened."""
    book, pains = _book(desk, rng), pain(desk)
    for step in range(STEPS):
        _advance(book, desk.end - (STEPS - step) * STEP, desk, pains)
    index, at, reason, plan, currency = (np.concatenate(column) for column in zip(*book.notes, strict=True))
    order = np.lexsort((index, at))
    order = order[at[order] <= desk.end]
    index, at, reason, plan, currency = (column[order] for column in (index, at, reason, plan, currency))
    worthless = np.isin(reason, [REASONS.index(name) for name in ("pause", "trial", "end")])
    prices = pa.array([Decimal(0), *(Decimal(p) for c in CURRENCIES for p in PRICES[c])], pa.decimal128(18, 4))
    return {
        "source_id": numbered(np.arange(len(at)) + 1),
        "at": instants(at),
        "subscription": numbered(index + 1),
        "customer": numbered(book.account[index] + 1),
        "plan": plain(named(plan, PLANS)),
        "monthly_amount": prices.take(pa.array(np.where(worthless, 0, 1 + currency * len(PLANS) + plan))),
        "currency": named(currency, CURRENCIES),
        "reason": named(reason, REASONS),
    }


def _book(desk: Desk, rng: np.random.Generator) -> Book:
    """Who ever takes a plan, which, and when: most before the beginning."""
    accounts = np.unique(desk.account)
    segment = desk.segment_of(accounts)
    first = accounts[rng.random(len(accounts)) < np.array(TAKERS)[segment]]
    bigger = first[desk.segment_of(first) > 0]
    account = np.concatenate([first, bigger[rng.random(len(bigger)) < SECOND]])
    segment, size = desk.segment_of(account), len(account)
    plan = np.where(segment == 0, rng.choice(3, size, p=(0.55, 0.27, 0.18)), np.where(segment == 1, 3, 5))
    begin = desk.end - STEPS * STEP
    share = rng.random(size)
    starts = np.where(share < 0.5, begin, begin + ((share - 0.5) * 2 * STEPS * STEP).astype(np.int64))
    return Book(
        rng=rng,
        account=account,
        starts=starts + rng.integers(0, STEP, size),
        plan=plan,
        currency=(account % 4 == 0).astype(np.int64),
        state=np.full(size, LATER),
        notes=[],
    )


def _advance(book: Book, begin: int, desk: Desk, pains: tuple[Ints, Ints, Numbers]) -> None:
    """Thirty days: first ends, then other changes, each at its own moment; a plan changes once at most."""
    at = begin + book.rng.integers(0, STEP, len(book.account))
    stood, tried, paused, ended = (book.state == state for state in (STANDS, TRIED, PAUSED, ENDED))
    leaves = stood & book.chance(_hazard(book, at, desk, pains))
    book.turn(leaves, at, "end", ENDED)
    stays = stood & ~leaves
    draw = book.rng.random(len(at))
    bounds = np.cumsum(list(MOVES.values()))
    _change(book, stays & (draw < bounds[0]) & (UP[book.plan] != book.plan), at, UP[book.plan], book.currency)
    down = stays & (draw >= bounds[0]) & (draw < bounds[1]) & (DOWN[book.plan] != book.plan)
    _change(book, down, at, DOWN[book.plan], book.currency)
    book.turn(stays & (draw >= bounds[1]) & (draw < bounds[2]), at, "pause", PAUSED)
    _change(book, stays & (draw >= bounds[2]) & (draw < bounds[3]), at, book.plan, 1 - book.currency)
    book.turn(paused & book.chance(RESUMES), at, "resume", STANDS)
    book.turn(ended & book.chance(RETURNS), at, "start", STANDS)
    converts = tried & book.chance(CONVERTS)
    book.turn(converts, at, "start", STANDS)
    book.turn(tried & ~converts, at, "end", ENDED)
    due = (book.state == LATER) & (book.starts < begin + STEP)
    trial = due & (desk.segment_of(book.account) == 0) & book.chance(TRIALS)
    book.turn(trial, book.starts, "trial", TRIED)
    book.turn(due & ~trial, book.starts, "start", STANDS)


def _change(book: Book, who: Flags, at: Ints, plan: Ints, currency: Ints) -> None:
    book.plan, book.currency = np.where(who, plan, book.plan), np.where(who, currency, book.currency)
    book.note(who, at, "change")


def _hazard(book: Book, at: Ints, desk: Desk, pains: tuple[Ints, Ints, Numbers]) -> Numbers:
    """The chance to end in a step: more of it for each point of pain in the last sixty days."""
    account, felt_at, points = pains
    recent = np.zeros(int(max(account.max(initial=0), book.account.max(initial=0))) + 1)
    window = (felt_at > at.min() - stories.PAIN_DAYS * DAY) & (felt_at <= at.min())
    np.add.at(recent, account[window], points[window])
    base = np.where(desk.segment_of(book.account) == 0, stories.CHURN, stories.CHURN / 2)
    felt: Numbers = base * np.exp(stories.CHURN_PER_PAIN * np.minimum(recent[book.account], 2.5))
    return np.minimum(felt, 0.6)


def pain(desk: Desk) -> tuple[Ints, Ints, Numbers]:
    """The account, the moment and the size of every bad experience: reopened, sent away by the bot, kept waiting."""
    waited = (desk.first_replied_at - desk.created) > stories.LONG_WAIT_HOURS * HOUR
    points = (
        stories.PAIN["reopened"] * desk.was_reopened
        + stories.PAIN["bot"] * (desk.is_bot_solved & ~desk.was_reopened)
        + stories.PAIN["wait"] * waited
    )
    hurt = np.flatnonzero((points > 0) & (desk.first_solved_at > 0) & ~desk.is_spam)
    return desk.account[desk.customer[hurt]], desk.first_solved_at[hurt], points[hurt].astype(np.float64)
