"""Risk of leaving: planted departures are found and calibrated, and where there is nothing to learn it says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from deskpulse.events import EVENT_TABLES
from deskpulse.facts import account_month, account_risk, survey, ticket
from deskpulse.facts.build.risk import risk_columns
from deskpulse.facts.build.risk_model import LEAST_DEPARTURES, calibration
from deskpulse.facts.build.shape import IBIS_TYPES, filled
from deskpulse.metrics.fact import Fact

AS_OF = datetime(2026, 1, 10)
MONTHS = [datetime(2024 + number // 12, number % 12 + 1, 1) for number in range(25)]


def table(backend: Any, fact: Fact, rows: Mapping[str, Any]) -> Any:
    """A table of a fact with some columns filled and the others empty."""
    frame = pd.DataFrame(rows)
    schema = ibis.schema({name: IBIS_TYPES[column.kind] for name, column in fact.columns.items()})
    data = {name: list(frame[name]) if name in frame else [None] * len(frame) for name in fact.columns}
    arrow = pa.table(
        {name: pa.array(values, schema[name].to_pyarrow(), from_pandas=True) for name, values in data.items()}
    )
    return backend.create_table(f"fact_{fact.name}", arrow)


def history(planted: float, accounts: int, seed: int = 1) -> tuple[dict[str, list[Any]], ...]:
    """Accounts that leave with 2 % a month, and with ``planted`` more in a month after a bad rating."""
    random = np.random.default_rng(seed)
    months: dict[str, list[Any]] = {name: [] for name in ("account", "month_at", "is_churned", "tenure_months")}
    ratings: dict[str, list[Any]] = {name: [] for name in ("customer", "rated_at")}
    for number in range(accounts):
        bad = random.random(len(MONTHS)) < 0.15
        for place in range(3, len(MONTHS)):
            probability = 0.02 + planted * bad[place - 3 : place].any()
            leaves = random.random() < probability and place < len(MONTHS) - 1
            for name, value in zip(months, (f"pay:{number}", MONTHS[place], leaves, place), strict=True):
                months[name].append(value)
            if leaves:
                break
        for place in np.flatnonzero(bad):
            ratings["customer"].append(f"pay:{number}")
            ratings["rated_at"].append(MONTHS[place].replace(day=9))
    return months, ratings


def risks(months: dict[str, list[Any]], ratings: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """The rows of the fact of risks."""
    backend = ibis.duckdb.connect()
    size = len(months["account"])
    built = {
        "account_month": table(backend, account_month.FACT, {
            **months, "source": ["pay"] * size, "closing": [100] * size, "is_active_at_start": [True] * size,
        }),
        "ticket": table(backend, ticket.FACT, {"customer": ["pay:0"], "created_at": [MONTHS[2]], "reopenings": [0]}),
        "survey": table(backend, survey.FACT, {
            **ratings, "is_answered": [True] * len(ratings["customer"]),
            "is_dissatisfied": [True] * len(ratings["customer"]), "is_satisfied": [False] * len(ratings["customer"]),
        }),
    }  # fmt: skip
    events = {"customer": backend.create_table("event_customer", EVENT_TABLES["customer"].schema.empty_table())}
    return filled(risk_columns(events, built.__getitem__, "UTC", AS_OF), account_risk.FACT).to_pylist()


def test_a_planted_risk_is_found_and_calibrated() -> None:
    """Left alone 2 %, after a bad rating within three months 22 %."""
    months, ratings = history(0.20, 600)
    rows = risks(months, ratings)
    recent = {
        customer
        for customer, at in zip(ratings["customer"], ratings["rated_at"], strict=True)
        if datetime(2025, 10, 1) <= at < datetime(2026, 1, 1)
    }
    burnt = [row["risk"] for row in rows if row["account"] in recent]
    spared = [row["risk"] for row in rows if row["account"] not in recent]
    assert len(burnt) > 10 and len(spared) > 40
    assert np.mean(burnt) == pytest.approx(0.22, abs=0.05)
    assert np.mean(spared) == pytest.approx(0.02, abs=0.01)
    assert rows[0]["calibration_slope"] == pytest.approx(1, abs=0.15)
    assert rows[0]["calibration_error"] < 0.03
    assert rows[0]["departures"] == sum(months["is_churned"])
    assert float(rows[0]["mrr_at_risk"]) == pytest.approx(100 * rows[0]["risk"], abs=1e-4)


def test_where_support_tells_nothing_nothing_is_shown() -> None:
    months, ratings = history(0.0, 600)
    assert sum(months["is_churned"]) > LEAST_DEPARTURES
    rows = risks(months, ratings)
    assert {row["left_out"] for row in rows} == {"support experience does not tell who leaves"}
    assert {row["risk"] for row in rows} == {None}


def test_too_few_departures() -> None:
    months, ratings = history(0.0, 40)
    left = sum(months["is_churned"])
    reason = f"too little to learn from: {left} departures, 50 needed"
    assert {row["left_out"] for row in risks(months, ratings)} == {reason}


def test_calibration_of_what_is_twice_too_sure() -> None:
    """Log-odds doubled: the slope that sets them right is a half; odds of 1:3 become 1:9, so 25 % is called 10 %."""
    predicted = np.repeat([0.1, 0.9], 4000)
    seen = np.concatenate([np.tile([1, 0, 0, 0], 1000), np.tile([0, 1, 1, 1], 1000)]).astype(float)
    found = calibration(predicted, seen)
    assert found.slope == pytest.approx(0.5, abs=1e-6)
    assert found.error == pytest.approx(0.15, abs=1e-9)
