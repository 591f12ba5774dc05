"""The fact of accounts by month: what each was worth at both ends, and which movement that was.

Worths are whole ten-thousandths of the account's currency. What an account pays is netted over its subscriptions: one
of two dropped is a contraction, not a churn. The opening worth is reckoned again by the month's rates first, and what
that changes is the effect of currency: so opening and movements add up to closing exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from deskpulse.facts.build.columns import Ints
from deskpulse.facts.build.instants import seconds
from deskpulse.facts.build.money import Months, monthly_amounts, share_of
from deskpulse.facts.build.subscriptions import FOREVER, Frame, Subscriptions, left_out, text
from deskpulse.metrics.fact import Table
from deskpulse.settings.money import Money

MONTH = ["account", "month"]


def account_columns(found: Subscriptions, events: Mapping[str, Table], money: Money) -> dict[str, Any]:
    """Every column of the fact of accounts by month."""
    rows = _moved(_dense(_standing(found), found))
    return {
        **{name: text(rows[name]) for name in ("account", "spell", "source", "plan")},
        "left_out": left_out(rows.account, found.without_rate),
        "segment": text(_segments(rows, found.months, events)),
        "currency": text(_named(rows.currency, found.rates.currencies)),
        "month_at": found.months.starts[rows.month.to_numpy(np.int64)],
        **{name: rows[name].to_numpy(np.int64) for name in AMOUNTS},
        "margin": share_of(rows.opening.to_numpy(np.int64), money.gross_margin),
        "one_off": _one_off(rows, found.months, events["revenue_month"], money),
        "tenure_months": rows.tenure_months.to_numpy(np.int64),
        "spell_months": rows.spell_months.to_numpy(np.int64),
        "discount_rate": np.full(len(rows), float(money.discount_rate)),
        "lifetime_cap_months": np.full(len(rows), money.lifetime_cap_months, np.int64),
        "is_active_at_start": rows.opening.to_numpy() != 0,
        "is_active_at_end": rows.closing.to_numpy() != 0,
        "is_churned": (rows.opening.to_numpy() != 0) & (rows.closing.to_numpy() == 0),
    }


AMOUNTS = (
    "opening", "closing", "new", "expansion", "contraction", "churn", "reactivation", "currency_effect", "net_new",
)  # fmt: skip


def _standing(found: Subscriptions) -> Frame:
    """A row per stretch and month at whose end it stood (for the running month: at which it stands now)."""
    spans = found.spans[found.spans.begin <= found.now]
    running = int(found.months.at(np.array([found.now], np.int64))[0])
    end = spans.end.to_numpy(np.int64)
    first = found.months.at(spans.begin.to_numpy(np.int64))
    after = np.where(end > found.now, running + 1, found.months.at(np.minimum(end, FOREVER - 1)))
    times = np.maximum(after - first, 0)
    standing = spans.loc[spans.index.repeat(times)].reset_index(drop=True)
    place = np.arange(len(standing)) - np.repeat(np.cumsum(times) - times, times)
    standing["month"] = np.repeat(first, times) + place
    following = np.minimum(standing.month.to_numpy(np.int64) + 1, len(found.months) - 1)
    own, code = standing.own.to_numpy(np.int64), standing.currency.to_numpy(np.int64)
    standing["units_after"] = found.rates.converted(own, code, following)
    return standing


def _dense(standing: Frame, found: Subscriptions) -> Frame:
    """A row per account and month from the first to one past the last, with what it was worth at both ends.

    ``reckoned`` is the opening worth by this month's rates.
    """
    sums = standing.groupby(MONTH, as_index=False).agg(
        closing=("units", "sum"), after=("units_after", "sum"), is_known=("is_known", "all")
    )
    paying = sums[(sums.closing != 0) | ~sums.is_known.astype(bool)]
    running = int(found.months.at(np.array([found.now], np.int64))[0])
    ends = paying.groupby("account")["month"].agg(["min", "max"])
    first, last = ends["min"].to_numpy(np.int64), np.minimum(ends["max"].to_numpy(np.int64) + 1, running)
    times = last - first + 1
    accounts = ends.index.repeat(times)
    place = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    rows = pd.DataFrame({"account": accounts, "month": np.repeat(first, times) + place, "tenure_months": place})
    rows = rows.merge(sums[[*MONTH, "closing"]], "left", MONTH)
    before = (
        sums.rename(columns={"closing": "opening", "after": "reckoned"})
        .assign(month=sums.month + 1)
        .drop(columns="is_known")
    )
    rows = rows.merge(before, "left", MONTH)
    worths = ["closing", "opening", "reckoned"]
    rows[worths] = rows[worths].fillna(0).astype(np.int64)
    return _with_plans(rows, standing)


def _with_plans(rows: Frame, standing: Frame) -> Frame:
    """The plan worth most at the start of the month, else at its end, else the last one known."""
    ordered = standing.sort_values([*MONTH, "units", "subscription"], ascending=[True, True, False, True])
    most = ordered.drop_duplicates(MONTH)[[*MONTH, "plan", "currency", "source"]]
    most["plan"] = most.plan.fillna("")
    closing = rows.merge(most, "left", MONTH)
    opening = rows[MONTH].merge(most.assign(month=most.month + 1), "left", MONTH)
    for name in ("plan", "currency", "source"):
        known = opening[name].where(opening[name].notna(), closing[name])
        rows[name] = known.groupby(rows.account).ffill()
    rows["plan"] = rows.plan.where(rows.plan != "")
    return rows


def _moved(rows: Frame) -> Frame:
    """The movements, none of them below 0 but the effect of currency and the net."""
    opening, closing, reckoned = (rows[name].to_numpy(np.int64) for name in ("opening", "closing", "reckoned"))
    is_first, begins = rows.tenure_months.to_numpy() == 0, (opening == 0) & (closing != 0)
    stays = (opening != 0) & (closing != 0)
    more = closing - reckoned
    rows["currency_effect"] = reckoned - opening
    rows["new"] = np.where(begins & is_first, closing, 0)
    rows["reactivation"] = np.where(begins & ~is_first, closing, 0)
    rows["churn"] = np.where((opening != 0) & (closing == 0), reckoned, 0)
    rows["expansion"] = np.where(stays, np.maximum(more, 0), 0)
    rows["contraction"] = np.where(stays, np.maximum(-more, 0), 0)
    rows["net_new"] = more
    number = pd.Series(begins).groupby(rows.account).cumsum()
    rows["spell"] = rows.account + "#" + number.astype(str)
    since = rows.month.where(begins).groupby(rows.account).ffill()
    rows["spell_months"] = (rows.month - since).fillna(0).astype(np.int64)
    return rows


def _named(codes: Any, names: tuple[str, ...]) -> Any:
    return np.array([*names, ""], dtype=object)[codes.to_numpy(np.int64)]


def _segments(rows: Frame, months: Months, events: Mapping[str, Table]) -> Any:
    """The segment in force at the end of the month, else the one the customer has."""
    dated, customer = events["customer_segment"], events["customer"]
    stretches = dated.select(
        "segment",
        account=dated.source + ":" + dated.customer,
        since=seconds(dated.valid_from),
        until=seconds(dated.valid_to).fill_null(int(FOREVER)),
    ).to_pandas()
    present = customer.select("segment", account=customer.source + ":" + customer.source_id).to_pandas()
    ends = rows[["account"]].assign(at=months.starts[rows.month.to_numpy(np.int64) + 1] - 1, place=range(len(rows)))
    then = pd.merge_asof(
        ends.sort_values("at"), stretches.sort_values("since"), left_on="at", right_on="since", by="account"
    ).sort_values("place")
    in_force = then.segment.where(then["at"] < then.until).to_numpy()
    own = rows.account.map(present.drop_duplicates("account").set_index("account").segment).to_numpy()
    return pd.Series(np.where(pd.isna(in_force), own, in_force), dtype=object)


def _one_off(rows: Frame, months: Months, revenue: Table, money: Money) -> Ints:
    """One-off fees of an account's month; one without a rate adds nothing here, and is told of by the revenue."""
    fees = revenue.filter((revenue.kind.cast("string") == "one_off") & revenue.customer.notnull())
    read = fees.select("month", "amount", "currency", account=fees.source + ":" + fees.customer).to_pyarrow()
    dated = monthly_amounts(read, money)
    number = np.array([months.number(day) for day in dated.months], np.int64)[dated.month]
    fee = pd.DataFrame({"account": read["account"].to_pandas(), "month": number, "units": dated.units})
    sums = fee.groupby(MONTH, as_index=False)["units"].sum()
    return rows[MONTH].merge(sums, "left", MONTH).units.fillna(0).to_numpy(np.int64)
