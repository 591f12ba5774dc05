"""Subscriptions as stretches of one worth and one rate, from what changed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from deskpulse.facts.build.columns import NONE, Ints
from deskpulse.facts.build.instants import seconds
from deskpulse.facts.build.money import Months, Rates, months_between, rates_of, units_of
from deskpulse.metrics.fact import Table
from deskpulse.settings import Settings
from deskpulse.time.zone import from_epoch, to_epoch

WORTH_NOTHING = ("trial", "pause", "end")
NO_RATE = "no rate"
FOREVER = np.iinfo(np.int64).max
Frame = Any  # a pandas frame


@dataclass(frozen=True, kw_only=True, eq=False)
class Subscriptions:
    """Stretches of subscriptions, cut where the rate changes, with the months and rates they are reckoned by.

    Columns of ``spans``: source, subscription, account, plan, currency (a place in ``rates``), begin and end (seconds,
    FOREVER while it stands), own (its own currency's units), units (the account's), is_known (there is a rate).
    """

    spans: Frame
    months: Months
    rates: Rates
    now: int

    @property
    def without_rate(self) -> frozenset[str]:
        """The accounts of which some stretch has no rate: they never count, so that movements add up."""
        return frozenset(self.spans.loc[~self.spans.is_known, "account"])


def subscriptions(events: Mapping[str, Table], settings: Settings, as_of: datetime) -> Subscriptions:
    """Every stretch with a worth. A trial is worth nothing until it is paid, a pause nothing until it is over."""
    stretches = _stretches(_changes(events["subscription_change"]))
    months = _months(stretches, settings, as_of)
    stretches["currency"], currencies = pd.factorize(stretches.currency, sort=True)
    rates = rates_of(settings.money, list(currencies), months)
    spans = _cut(stretches, months, rates)
    return Subscriptions(spans=spans, months=months, rates=rates, now=to_epoch(as_of))


def _changes(table: Table) -> Frame:
    rows = table.select(
        "source",
        "subscription",
        "customer",
        "plan",
        "monthly_amount",
        "currency",
        "source_id",
        at=seconds(table["at"]),
        reason=table.reason.cast("string"),
    ).to_pyarrow()
    frame = rows.drop_columns(["monthly_amount"]).to_pandas()
    frame["own"] = np.where(frame.reason.isin(WORTH_NOTHING), 0, units_of(rows["monthly_amount"]))
    frame["currency"] = frame.currency.str.upper()
    frame["digits"] = frame.source_id.str.len()
    return frame.sort_values(["source", "subscription", "at", "digits", "source_id"], kind="stable")


def _stretches(changes: Frame) -> Frame:
    """From each change to the next of its subscription; of several at one instant the last counts."""
    following = changes.groupby(["source", "subscription"], sort=False)["at"].shift(-1)
    end = following.fillna(-1).astype(np.int64).to_numpy()
    stretches = pd.DataFrame(
        {
            "source": changes.source,
            "subscription": changes.source + ":" + changes.subscription,
            "account": changes.source + ":" + changes.customer,
            "plan": changes.plan,
            "currency": changes.currency,
            "begin": changes["at"].astype(np.int64),
            "end": np.where(end < 0, FOREVER, end),
            "own": changes.own.astype(np.int64),
        }
    )
    return stretches[(stretches.own != 0) & (stretches.begin < stretches.end)].reset_index(drop=True)


def _months(stretches: Frame, settings: Settings, as_of: datetime) -> Months:
    ends = stretches.loc[stretches.end < FOREVER, "end"]
    first = min([to_epoch(as_of), *stretches.begin.nsmallest(1)])
    last = max([to_epoch(as_of), *stretches.begin.nlargest(1), *ends.nlargest(1)])
    return months_between(from_epoch(first), from_epoch(last), settings.zone)


def _cut(stretches: Frame, months: Months, rates: Rates) -> Frame:
    """The stretches in pieces of one rate, with what they are worth in the account's currency."""
    pieces = [piece for code in range(len(rates.currencies)) for piece in _pieces(stretches, code, months, rates)]
    cut = pd.concat([stretches.iloc[:0], *pieces], ignore_index=True)
    month = np.clip(months.at(cut.begin.to_numpy(np.int64)), 0, len(months) - 1)
    own, code = cut.own.to_numpy(np.int64), cut.currency.to_numpy(np.int64)
    cut["units"] = rates.converted(own, code, month)
    cut["is_known"] = rates.is_known(code, month)
    return cut.sort_values(["account", "subscription", "begin"], kind="stable", ignore_index=True)


def _pieces(stretches: Frame, code: int, months: Months, rates: Rates) -> list[Frame]:
    """The stretches of a currency, cut at the start of each month that has another rate than the one before."""
    own, rate = stretches[stretches.currency == code], rates.by_month[code]
    changed = [number for number in range(1, len(months)) if rate[number] != rate[number - 1]]
    edges = [int(np.iinfo(np.int64).min), *(int(months.starts[number]) for number in changed), int(FOREVER)]
    pieces = []
    for since, until in pairwise(edges):
        part = own.assign(begin=own.begin.clip(lower=since), end=own.end.clip(upper=until))
        pieces.append(part[part.begin < part.end])
    return pieces


def span_columns(found: Subscriptions) -> dict[str, Any]:
    """Every column of the fact of stretches."""
    spans = found.spans
    end: Ints = spans.end.to_numpy(np.int64)
    names = np.array([*found.rates.currencies, ""], dtype=object)
    return {
        **{name: text(spans[name]) for name in ("subscription", "account", "source", "plan")},
        "left_out": left_out(spans.account, found.without_rate),
        "currency": pa.array(names[spans.currency.to_numpy(np.int64)], pa.string()),
        "from_at": spans.begin.to_numpy(np.int64),
        "to_at": np.where(end == FOREVER, NONE, end),
        "amount": spans.units.to_numpy(np.int64),
    }


def text(column: Any) -> pa.Array:
    """A column of texts."""
    return pa.array(column, pa.string(), from_pandas=True)


def left_out(accounts: Any, without_rate: frozenset[str]) -> pa.Array:
    """Why an account never counts."""
    return pa.array([NO_RATE if name in without_rate else None for name in accounts], pa.string())
