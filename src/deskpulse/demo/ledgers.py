"""What the invented company took and what its support cost, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.columns import Columns, numbered
from deskpulse.demo.desk import DAY, Desk
from deskpulse.demo.plans import PLANS, STEP, STEPS
from deskpulse.demo.staff import COST_CURRENCY, COST_PER_HOUR, PARTNER_COST, PARTNER_CURRENCY, STINTS
from deskpulse.demo.words import TEAMS
from deskpulse.time.zone import from_epoch, to_epoch

DESK_HOURS = 45
"""Hours a month each person sits at the help desk; the rest of the day they repair headphones in the workshop."""
GOODS = 380_000
"""What headphones and speakers bring in an ordinary month."""
TOOLS = {"email": Decimal("640.00"), "web": Decimal("210.00"), "chat": Decimal("890.00"), "phone": Decimal("1450.00")}
BOT_LICENCE = Decimal("600.00")
SET_UP = {"Shop": Decimal("120.00"), "Fleet": Decimal("400.00")}
CENT = Decimal("0.01")
Line = tuple[date, str | None, str | None, str | None, Decimal, str]


def spend(desk: Desk) -> Columns:
    """Pay by team, the partner's invoices, tools by channel, and what belongs to no team."""
    lines = [line for month in _months(desk) for line in _costs(desk, month)]
    month, team, channel, item, amount, currency = zip(*lines, strict=True)
    return {
        "source_id": numbered(np.arange(len(lines)) + 1),
        "month": pa.array(month, pa.date32()),
        "team": pa.array(team, pa.string()),
        "channel": pa.array(channel, pa.string()),
        "item": pa.array(item, pa.string()),
        "amount": pa.array(amount, pa.decimal128(18, 4)),
        "currency": pa.array(currency, pa.string()),
    }


def _months(desk: Desk) -> Iterator[date]:
    """The first days of the months the plans' history touches."""
    begin, end = (from_epoch(at).date() for at in (desk.end - STEPS * STEP, desk.end))
    number = begin.year * 12 + begin.month - 1
    while number <= end.year * 12 + end.month - 1:
        yield date(number // 12, number % 12 + 1, 1)
        number += 1


def _costs(desk: Desk, month: date) -> Iterator[Line]:
    at = _middle(month)
    for team in TEAMS:
        yield month, team, None, "pay", _hours(desk, at, team, is_partner=False), COST_CURRENCY
        yield month, team, None, "training", Decimal("180.00"), COST_CURRENCY
    outsourced = _hours(desk, at, "Technical", is_partner=True)
    yield month, "Technical", None, "outsourcing", outsourced, PARTNER_CURRENCY
    for channel, amount in TOOLS.items():
        yield month, None, channel, "tools", amount, COST_CURRENCY
    if at > desk.end - (stories.BOT.begins or 0) * DAY:
        yield month, None, "chat", "bot licence", BOT_LICENCE, COST_CURRENCY
    yield month, None, None, "office", Decimal("2300.00"), COST_CURRENCY


def _middle(month: date) -> int:
    return to_epoch(from_epoch(0).replace(year=month.year, month=month.month, day=15))


def _hours(desk: Desk, at: int, team: str, *, is_partner: bool) -> Decimal:
    """What the desk hours of those cost who belong to a team in the middle of the month."""
    there = [
        stint
        for stint in STINTS
        if stint.team == team
        and (stint.partner is not None) == is_partner
        and (stint.begins is None or desk.end - stint.begins * DAY <= at)
        and (stint.ends is None or at < desk.end - stint.ends * DAY)
    ]
    costs = [Decimal(PARTNER_COST if is_partner else COST_PER_HOUR[stint.tier]) for stint in there]
    return sum(costs, Decimal(0)) * DESK_HOURS


def revenue(desk: Desk, changes: Columns, rng: np.random.Generator) -> Columns:
    """Goods sold and plans paid each month, and a fee from shops and partners that set up their first plan."""
    lines = [*_goods(desk, rng), *_recurring(desk, changes), *_set_up(changes)]
    month, customer, kind, amount, currency = zip(*lines, strict=True)
    return {
        "source_id": numbered(np.arange(len(lines)) + 1),
        "month": pa.array(month, pa.date32()),
        "customer": pa.array(customer, pa.string()),
        "kind": pa.array(kind, pa.string()),
        "amount": pa.array(amount, pa.decimal128(18, 4)),
        "currency": pa.array(currency, pa.string()),
    }


Taken = tuple[date, str | None, str, Decimal, str]


def _goods(desk: Desk, rng: np.random.Generator) -> Iterator[Taken]:
    for month in _months(desk):
        days = np.arange(28) * DAY + _middle(month) - 14 * DAY
        peak = np.where(stories.PEAK.holds(days, desk.end, {}), stories.PEAK.volume, 1.0).mean()
        amount = Decimal(round(GOODS * float(peak * rng.normal(1, 0.03)) * 100)) * CENT
        yield month, None, "one_off", amount, COST_CURRENCY


def _recurring(desk: Desk, changes: Columns) -> Iterator[Taken]:
    """What all plans are worth in the middle of each month, by currency."""
    at = np.asarray(changes["at"].cast(pa.int64())) // 1_000_000
    subscription = changes["subscription"].cast(pa.int64()).to_numpy(zero_copy_only=False)
    amounts, currencies = changes["monthly_amount"].to_pylist(), changes["currency"].to_pylist()
    months = list(_months(desk))
    for month, bound in zip(months, [_middle(month) for month in months], strict=True):
        count = int(np.searchsorted(at, bound))
        last = {number: place for place, number in enumerate(subscription[:count].tolist())}
        for currency in ("GBP", "EUR"):
            worth = sum((amounts[p] for p in last.values() if currencies[p] == currency), Decimal(0))
            yield month, None, "recurring", worth.quantize(CENT), currency


def _set_up(changes: Columns) -> Iterator[Taken]:
    """The fee, in the month of an account's first paid plan."""
    paid: set[str] = set()
    columns = (changes[name].to_pylist() for name in ("at", "customer", "plan", "reason", "currency"))
    for at, customer, plan, reason, currency in zip(*columns, strict=True):
        if reason == "start" and plan in SET_UP and plan in PLANS and customer not in paid:
            paid.add(customer)
            yield at.date().replace(day=1), customer, "one_off", SET_UP[plan], currency
