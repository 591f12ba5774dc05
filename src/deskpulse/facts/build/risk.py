"""The fact of risks: each account's experience of support in three months, and whether it left in the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from deskpulse.facts.build.columns import NONE
from deskpulse.facts.build.money import PER_UNIT, months_between
from deskpulse.facts.build.risk_model import Learned, learn
from deskpulse.facts.build.subscriptions import Frame, text
from deskpulse.metrics.fact import Table

MONTHS_BEFORE = 3
EXPERIENCE = ("tickets", "reopenings", "escalations", "wait_hours", "bad_ratings", "good_ratings")
FEATURES = (*EXPERIENCE, "tenure_months")


def risk_columns(
    events: Mapping[str, Table], fact: Callable[[str], Table], zone: str, as_of: datetime
) -> dict[str, Any]:
    """Every column of the fact of risks. Learned from whole months; asked of the month that still runs."""
    months = fact("account_month")
    counted = months.filter(months.left_out.isnull() & months.is_active_at_start)
    columns = ("account", "source", "plan", "segment", "month_at", "closing", "tenure_months", "is_churned")
    rows = counted.select(*columns).order_by("account", "month_at").to_pandas()
    running = pd.Timestamp(_start(as_of, zone))
    rows = _experienced(rows, _monthly(events, fact, zone), zone)
    past, now = rows[rows.month_at < running], rows[(rows.month_at == running) & ~rows.is_churned.astype(bool)]
    left = past.is_churned.to_numpy(np.float64)
    learned = learn(_features(past), left, past.account.to_numpy(), _features(now))
    return _columns(now, learned, past, left)


def _start(instant: datetime, zone: str) -> datetime:
    """When the month of an instant began, in UTC."""
    from deskpulse.time.zone import from_epoch

    return from_epoch(int(months_between(instant, instant, zone).starts[0]))


def _features(rows: Frame) -> Any:
    return np.log1p(rows[list(FEATURES)].to_numpy(np.float64))


def _monthly(events: Mapping[str, Table], fact: Callable[[str], Table], zone: str) -> Frame:
    """What each account met with by month: tickets, waits, reopenings, escalations and ratings."""
    payers = _payers(events, fact)
    ticket, survey = fact("ticket"), fact("survey")
    tickets = ticket.filter(ticket.left_out.isnull() & ticket.customer.notnull())
    rated = survey.filter(survey.left_out.isnull() & survey.is_answered & survey.customer.notnull())
    written = tickets.select(
        "customer",
        "reopenings",
        at=tickets.created_at,
        escalations=tickets.tier_escalations.fill_null(0) + tickets.has_escalation_asked.fill_null(False).cast("int64"),
        wait_hours=tickets.first_response_seconds.fill_null(0) / 3600,
    ).to_pandas()
    answers = rated.select(
        "customer",
        at=rated.rated_at,
        bad_ratings=rated.is_dissatisfied.fill_null(False).cast("int64"),
        good_ratings=rated.is_satisfied.fill_null(False).cast("int64"),
    ).to_pandas()
    together = pd.concat([written.assign(tickets=1), answers], ignore_index=True)
    together["account"] = together.customer.map(payers).astype("str")  # without payers it would be numbers
    known = together[together.account.notna()]
    sums = known.assign(month=_local_month(known["at"], zone)).groupby(["account", "month"], as_index=False)
    return sums[list(EXPERIENCE)].sum()


def _local_month(at: Any, zone: str) -> Any:
    """Months counted from year 0, on the zone's wall clock."""
    local = pd.to_datetime(at).dt.tz_localize("UTC").dt.tz_convert(zone)
    return local.dt.year * 12 + local.dt.month - 1


def _payers(events: Mapping[str, Table], fact: Callable[[str], Table]) -> dict[str, str]:
    """Who asks, by whom they pay through: the same customer, else one whose company has the payer's id or name."""
    accounts = set(fact("account_month").select("account").distinct().to_pyarrow()["account"].to_pylist())
    customer = events["customer"]
    columns = customer.select("name", "account", key=customer.source + ":" + customer.source_id)
    rows = columns.to_pyarrow().to_pylist()
    named: dict[str, set[str]] = {}
    for account in accounts:
        named.setdefault(account.partition(":")[2], set()).add(account)
    for row in rows:
        if row["key"] in accounts:
            for label in filter(None, (row["name"], row["account"])):
                named.setdefault(label, set()).add(row["key"])
    one = {label: next(iter(found)) for label, found in named.items() if len(found) == 1}
    through = {row["key"]: one[row["account"]] for row in rows if row["account"] in one}
    return through | {account: account for account in accounts}


def _experienced(rows: Frame, monthly: Frame, zone: str) -> Frame:
    """The account's months with what it met with in the three before each."""
    rows = rows.assign(month=_local_month(rows.month_at, zone))
    later = [monthly.assign(month=monthly.month + passed) for passed in range(1, MONTHS_BEFORE + 1)]
    before = pd.concat(later, ignore_index=True).groupby(["account", "month"], as_index=False).sum()
    found = rows.merge(before, "left", ["account", "month"])
    found[list(EXPERIENCE)] = found[list(EXPERIENCE)].astype(np.float64).fillna(0)
    found["wait_hours"] = found.wait_hours / found.tickets.clip(lower=1)
    return found


def _columns(now: Frame, learned: Learned, past: Frame, left: Any) -> dict[str, Any]:
    size, calibration = len(now), learned.calibration
    mrr = np.array([int(amount * PER_UNIT) for amount in now.closing], np.int64)
    risk = np.full(size, np.nan) if learned.risk is None else learned.risk
    at_risk = np.where(np.isnan(risk), NONE, np.rint(mrr * np.nan_to_num(risk)).astype(np.int64))
    return {
        **{name: text(now[name]) for name in ("account", "source", "plan", "segment")},
        "left_out": pa.array([learned.reason] * size, pa.string()),
        "scored_at": now.month_at.astype("datetime64[s]").astype(np.int64).to_numpy(),
        "mrr": mrr,
        "risk": pa.array(risk, from_pandas=True),
        "mrr_at_risk": at_risk,
        "account_months": np.full(size, len(past), np.int64),
        "departures": np.full(size, int(left.sum()), np.int64),
        "calibration_slope": pa.array([calibration.slope if calibration else None] * size, pa.float64()),
        "calibration_error": pa.array([calibration.error if calibration else None] * size, pa.float64()),
    }
