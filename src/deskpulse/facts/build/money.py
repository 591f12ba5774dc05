"""Amounts as whole ten-thousandths, so that they add up exactly, and the months and rates they are reckoned by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from deskpulse.facts.build.columns import Ints
from deskpulse.settings.money import Money
from deskpulse.time.zone import to_epoch, to_local, to_utc

AMOUNT = pa.decimal128(18, 4)
PER_UNIT = 10_000
WIDE, WIDE_WHOLE = pa.decimal128(38, 4), pa.decimal128(38, 0)


def of_units(units: pa.Array) -> pa.Array:
    """Whole ten-thousandths as decimals."""
    whole = units.cast(WIDE_WHOLE)
    return pa.Array.from_buffers(WIDE, len(whole), whole.buffers(), whole.null_count).cast(AMOUNT)


def units_of(amounts: pa.ChunkedArray) -> Ints:
    """Decimals, none of them null, as whole ten-thousandths."""
    whole = pa.concat_arrays(amounts.chunks or [pa.array([], amounts.type)]).cast(WIDE)
    counted = pa.Array.from_buffers(WIDE_WHOLE, len(whole), whole.buffers(), whole.null_count, whole.offset)
    return counted.cast(pa.int64()).to_numpy(zero_copy_only=False)


@dataclass(frozen=True, kw_only=True)
class Months:
    """The months of a zone, numbered from 0: ``first`` is the first day of month 0, ``starts`` where each begins.

    Starts are seconds since 1970 (UTC); there is one more of them than there are months.
    """

    first: date
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    def day(self, month: int) -> date:
        """The first day of a month."""
        return _later(self.first, month)

    def last_day(self, month: int) -> date:
        """The last day of a month."""
        return _later(self.first, month + 1) - timedelta(days=1)

    def at(self, seconds: Ints) -> Ints:
        """The month an instant lies in."""
        return np.searchsorted(self.starts, seconds, side="right") - 1

    def number(self, day: date) -> int:
        """The month a day lies in."""
        return (day.year - self.first.year) * 12 + day.month - self.first.month


def months_between(first: datetime, last: datetime, zone: str) -> Months:
    """The months of a zone's calendar from the one ``first`` lies in to that of ``last`` (naive UTC)."""
    start, end = (to_local(instant, zone).date().replace(day=1) for instant in (first, last))
    size = (end.year - start.year) * 12 + end.month - start.month + 1
    days = [_later(start, number) for number in range(size + 1)]
    epochs = [to_epoch(to_utc(datetime(day.year, day.month, 1), zone)) for day in days]
    return Months(first=start, starts=np.array(epochs, np.int64))


def _later(first: date, months: int) -> date:
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)


@dataclass(frozen=True, kw_only=True)
class Rates:
    """The rate of each currency in each month, null where none is known: that of the month's last day."""

    currencies: tuple[str, ...]
    by_month: tuple[tuple[Decimal | None, ...], ...]

    def is_known(self, currency: Ints, month: Ints) -> Any:
        """Whether there is a rate."""
        known = np.array([[rate is not None for rate in rates] for rates in self.by_month], np.bool_)
        return known[currency, month] if len(currency) else np.zeros(0, np.bool_)

    def converted(self, units: Ints, currency: Ints, month: Ints) -> Ints:
        """Amounts in the account's currency, rounded half to even; 0 where there is no rate."""
        if not len(units):
            return units
        different, place = np.unique(np.stack([units, currency, month]), axis=1, return_inverse=True)
        amounts = [_times(int(own), self.by_month[code][number]) for own, code, number in different.T]
        return np.array(amounts, np.int64)[place.reshape(-1)]


def _times(units: int, rate: Decimal | None) -> int:
    return int((units * rate).to_integral_value(ROUND_HALF_EVEN)) if rate is not None else 0


def rates_of(money: Money, currencies: Sequence[str], months: Months) -> Rates:
    """The rates of currencies in each month."""
    last_days = [months.last_day(number) for number in range(len(months))]
    by_month = tuple(tuple(money.known_rate(currency, day) for day in last_days) for currency in currencies)
    return Rates(currencies=tuple(currencies), by_month=by_month)


def share_of(units: Ints, share: Decimal) -> Ints:
    """A share of amounts, rounded half to even."""
    different, place = np.unique(units, return_inverse=True)
    return np.array([_times(int(own), share) for own in different], np.int64)[place]


@dataclass(frozen=True, kw_only=True)
class MonthlyAmounts:
    """Amounts of months: each has a place in ``months`` (first days), ``units`` and whether a rate was known."""

    months: tuple[date, ...]
    month: Ints
    units: Ints
    is_known: Any


def monthly_amounts(rows: pa.Table, money: Money) -> MonthlyAmounts:
    """The columns ``month``, ``amount`` and ``currency`` in the account's currency, by the rates of the last days."""
    days = [day.replace(day=1) for day in rows["month"].to_pylist()]
    codes = [code.upper() for code in rows["currency"].to_pylist()]
    months, currencies = sorted(set(days)), sorted(set(codes))
    by_month = tuple(
        tuple(money.known_rate(currency, _later(day, 1) - timedelta(days=1)) for day in months)
        for currency in currencies
    )
    rates = Rates(currencies=tuple(currencies), by_month=by_month)
    month, code = _places(days, months), _places(codes, currencies)
    return MonthlyAmounts(
        months=tuple(months),
        month=month,
        units=rates.converted(units_of(rows["amount"]), code, month),
        is_known=rates.is_known(code, month),
    )


def _places(values: Sequence[Any], listed: Sequence[Any]) -> Ints:
    place = {value: number for number, value in enumerate(listed)}
    return np.array([place[value] for value in values], np.int64)
