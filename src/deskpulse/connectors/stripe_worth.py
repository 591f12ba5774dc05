"""What an item of a Stripe subscription is worth per month, and when that changes. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

# A year has 12 months, 52 weeks and 365 days: a weekly price counts 52/12 times, a daily one 365/12 times.
PER_MONTH = {"year": Fraction(1, 12), "month": Fraction(1), "week": Fraction(52, 12), "day": Fraction(365, 12)}
WITHOUT_DECIMALS = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf")
)
THREE_DECIMALS = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))
NEVER_PAID = ("incomplete", "incomplete_expired")
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Discount:
    """What a coupon takes off while it holds: a share, or an amount per month of the whole subscription."""

    start: datetime | None
    end: datetime | None
    share: Fraction = Fraction(0)
    monthly: Fraction = Fraction(0)

    def holds(self, at: datetime) -> bool:
        """It holds at an instant."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


@dataclass(frozen=True, kw_only=True)
class Life:
    """When a subscription was begun, first paid for, and ended; a trial lies between the first two."""

    begun: datetime
    paid: datetime
    ended: datetime | None
    paused: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of what an item is worth per month."""

    at: datetime
    amount: Decimal
    reason: str


def major(amount: Fraction, currency: str) -> Fraction:
    """An amount in the currency's own unit, from its smallest."""
    if currency.lower() in WITHOUT_DECIMALS:
        return amount
    return amount / (1000 if currency.lower() in THREE_DECIMALS else 100)


def life_of(row: Row) -> Life | None:
    """A subscription's life; null for one that was never paid for or has no beginning."""
    begun = row["start_date"] or row["created"]
    if begun is None or row["status"] in NEVER_PAID:
        return None
    trial = row["trial_end"]
    ended = row["ended_at"] or (row["canceled_at"] if row["status"] == "canceled" else None)
    paused = row["current_period_start"] if row["status"] == "paused" else None
    return Life(begun=begun, paid=max(begun, trial) if trial else begun, ended=ended, paused=paused)


def price_of(row: Row) -> Fraction | str:
    """What one piece costs per month in the smallest unit, or why that is not known."""
    if row["billing_scheme"] not in (None, "per_unit"):
        return "its price has tiers: what it is worth per month is not in the tables"
    if row["usage_type"] == "metered":
        return "it is billed by usage: what it is worth per month is not in the tables"
    if row["interval"] not in PER_MONTH or row["amount"] is None:
        return "its price does not recur or has no amount"
    return Fraction(row["amount"]) * PER_MONTH[row["interval"]] / (row["interval_count"] or 1)


def discount_of(row: Row, currency: str, items: int) -> Discount | None:
    """What a coupon takes off an item of one of ``items``; null for one that is for a single invoice.

    A fixed amount is taken off each invoice: it is read as off each month, shared evenly by the items.
    """
    if row["duration"] not in ("forever", "repeating"):
        return None
    taken = Fraction(row["amount_off"] or 0)
    if taken and (row["currency"] or currency).lower() != currency.lower():
        return None
    return Discount(
        start=row["start"],
        end=row["end"],
        share=Fraction(row["percent_off"] or 0) / 100,
        monthly=major(taken, currency) / items,
    )


def changes(life: Life, since: datetime | None, worth: Fraction, discounts: Iterable[Discount]) -> Iterator[Change]:
    """What an item is worth from each moment it changes; ``since`` is when it was added, if later than the rest.

    A trial has its worth too, which counts nothing until it is paid; nothing is worth less than nothing.
    """
    begun = max(life.begun, since) if since else life.begun
    paid, listed = max(life.paid, begun), tuple(discounts)
    if life.ended and life.ended <= begun:
        return
    if begun < paid:
        yield Change(at=begun, amount=_net(worth, listed, begun), reason="trial")
    edges = {edge for discount in listed for edge in (discount.start, discount.end) if edge and edge > paid}
    stop = min((end for end in (life.ended, life.paused) if end), default=None)
    for at in sorted({paid, *edges}):
        if stop is None or at < stop:
            yield Change(at=at, amount=_net(worth, listed, at), reason="start" if at == paid else "change")
    if stop is not None:
        yield Change(at=stop, amount=Decimal(0), reason="end" if stop == life.ended else "pause")


def _net(worth: Fraction, discounts: Iterable[Discount], at: datetime) -> Decimal:
    for discount in discounts:
        if discount.holds(at):
            worth = worth * (1 - discount.share) - discount.monthly
    return exact(max(worth, Fraction(0)))


def exact(amount: Fraction) -> Decimal:
    """To four digits after the point, half to even."""
    scaled = Decimal(amount.numerator) * 10_000 / Decimal(amount.denominator)
    return scaled.to_integral_value(ROUND_HALF_EVEN) / 10_000
