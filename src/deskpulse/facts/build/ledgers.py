"""The facts of spend and revenue: a month's amount in even parts by day, which add up to it exactly."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.facts.build.columns import Ints
from deskpulse.facts.build.money import MonthlyAmounts, monthly_amounts
from deskpulse.facts.build.subscriptions import NO_RATE
from deskpulse.metrics.fact import Table
from deskpulse.settings import Settings
from deskpulse.time.zone import to_epoch, to_utc

RECURRING = "recurring"


def spend_columns(spend: Table, settings: Settings) -> dict[str, Any]:
    """Every column of the fact of spend by day."""
    names = ("source", "item", "channel", "team")
    rows = spend.select("month", "amount", "currency", *names, spend=spend.source + ":" + spend.source_id)
    return _by_day(rows.order_by("spend").to_pyarrow(), ("spend", *names), "spent_at", settings)


def revenue_columns(revenue: Table, settings: Settings) -> dict[str, Any]:
    """Every column of the fact of revenue by day: customers are added up first, so that the days stay few."""
    kind = revenue.kind.cast("string").fill_null(RECURRING)
    named = revenue.mutate(kind=kind, currency=revenue.currency.upper())
    sums = named.group_by(["source", "kind", "currency", "month"]).agg(amount=named.amount.sum().cast("decimal(18, 4)"))
    key = sums.source + ":" + sums.kind + ":" + sums.currency + ":" + sums.month.cast("string").substr(0, 7)
    rows = sums.mutate(revenue=key).order_by("revenue").to_pyarrow()
    return _by_day(rows, ("revenue", "source", "kind"), "taken_at", settings)


def _by_day(rows: pa.Table, names: tuple[str, ...], moment: str, settings: Settings) -> dict[str, Any]:
    dated = monthly_amounts(rows, settings.money)
    sizes = np.array([monthrange(month.year, month.month)[1] for month in dated.months], np.int64)[dated.month]
    index = np.repeat(np.arange(len(dated.month)), sizes)
    day = np.arange(len(index)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    repeated = rows.take(pa.array(index))
    known = pa.array(dated.is_known[index])
    return {
        **{name: repeated[name].combine_chunks() for name in names},
        "left_out": pc.if_else(known, pa.scalar(None, pa.string()), NO_RATE),
        moment: _midnights(dated, settings.zone)[dated.month[index], day],
        "amount": _parts(dated.units[index], day, sizes[index]),
    }


def _parts(units: Ints, day: Ints, days: Ints) -> Ints:
    """The day's even part in whole ten-thousandths; what does not divide falls on later days."""
    each, rest = np.divmod(units, days)
    return each + (rest * (day + 1)) // days - (rest * day) // days


def _midnights(dated: MonthlyAmounts, zone: str) -> Ints:
    """When each day of each month begins, in seconds; a row per month."""
    days = [[_midnight(month, day, zone) for day in range(1, 32)] for month in dated.months]
    return np.array(days, np.int64).reshape(len(days), 31)


def _midnight(month: date, day: int, zone: str) -> int:
    if day > monthrange(month.year, month.month)[1]:
        return 0
    return to_epoch(to_utc(datetime(month.year, month.month, day), zone))
