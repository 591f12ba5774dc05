"""Money by hand: retention, churn, a year of recurring revenue, and movements that add up to the cent."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest
from history import History, at
from hypothesis import given, settings
from hypothesis import strategies as st

from deskpulse.facts import account_month, mrr_span
from deskpulse.facts.build.accounts import account_columns
from deskpulse.facts.build.shape import filled
from deskpulse.facts.build.subscriptions import span_columns, subscriptions
from deskpulse.settings import FILE_NAME, Settings, load_settings
from deskpulse.workspace import Workspace
from tests.traps.conftest import PLAIN, Company

RATES = """
[workspace]
zone = "UTC"

[money]
currency = "USD"

[[money.rates]]
currency = "EUR"
valid_from = 2024-01-01
rate = 1.10

[[money.rates]]
currency = "EUR"
valid_from = 2024-07-01
rate = 1.08
"""
TABLES = ("subscription_change", "customer", "customer_segment", "revenue_month")
NEVER = datetime(2025, 1, 1)


def pays(history: History, customer: str, when: str, amount: str, reason: str = "change", **values: Any) -> None:
    """A change of a customer's subscription: the only one unless it is named."""
    told = {"subscription": customer, "customer": customer, "plan": "basic", "currency": "USD", **values}
    history.add("subscription_change", at=when, monthly_amount=Decimal(amount), reason=reason, **told)


def facts(history: History, chosen: Settings, as_of: datetime = NEVER) -> Mapping[str, list[dict[str, Any]]]:
    """The rows of the facts of money."""
    backend = ibis.duckdb.connect()
    events = {name: backend.create_table(f"event_{name}", history.arrow(name)) for name in TABLES}
    found = subscriptions(events, chosen, as_of)
    months = filled(account_columns(found, events, chosen.money), account_month.FACT)
    return {"account_month": months.to_pylist(), "mrr_span": filled(span_columns(found), mrr_span.FACT).to_pylist()}


def settings_of(text: str) -> Settings:
    """The settings of a text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        path.write_text(text)
        return load_settings(path)


def only(place: Workspace, kpi: str, **options: Any) -> Any:
    """The one row of an answer."""
    [row] = place.ask(kpi, **options).rows
    return row


@pytest.fixture(scope="module")
def retained(company: Company) -> Workspace:
    """150 paid at the start of March; 90 of them left in it and 25 came: 85 at the end, 60 of them from before."""
    history = History().ticket("1", "2024-03-01 09:00")
    for number in range(150):
        pays(history, f"old {number}", "2024-02-10 12:00", "10", "start")
        if number < 90:
            pays(history, f"old {number}", "2024-03-15 12:00", "0", "end")
    for number in range(25):
        pays(history, f"new {number}", "2024-03-20 12:00", "10", "start")
    return company(history, PLAIN)


def test_retention_of_150_85_and_25_is_40_per_cent(retained: Workspace) -> None:
    row = only(retained, "customer_retention_rate", period="2024-03")
    assert (row.value, row.n) == (0.4, 150)  # (85 - 25) / 150
    # Wilson, 60 of 150: centre (.4 + 3.8415/300) / (1 + 3.8415/150) = .40250, margin .07738
    assert (round(row.low, 3), round(row.high, 3)) == (0.325, 0.480)


def test_churn_is_its_complement(retained: Workspace) -> None:
    row = only(retained, "customer_churn_rate", period="2024-03")
    assert (row.value, row.n) == (0.6, 150)
    assert (round(row.low, 3), round(row.high, 3)) == (0.520, 0.675)


def test_over_two_months_those_who_came_in_the_first_are_new(retained: Workspace) -> None:
    """At the start of February nobody paid, so there is nothing to keep."""
    assert only(retained, "customer_retention_rate", start="2024-02-01", end="2024-04-01").value is None
    assert only(retained, "customer_retention_rate", start="2024-03-01", end="2024-05-01").value == 0.4


@pytest.fixture(scope="module")
def moved(company: Company) -> Workspace:
    """100 at the start of May: one leaves with 10, one pays 10 less, one 10 more; 7 come new."""
    history = History().ticket("1", "2024-05-01 09:00")
    for customer, before, after in (("a", "10", "0"), ("b", "30", "20"), ("c", "60", "70")):
        pays(history, customer, "2024-04-03 00:00", before, "start")
        pays(history, customer, "2024-05-03 00:00", after, "end" if after == "0" else "change")
    pays(history, "d", "2024-05-09 00:00", "7", "start")
    return company(history, PLAIN)


@pytest.mark.parametrize(
    ("kpi", "value"),
    [
        ("customer_churn_rate:gross_revenue", 0.20),  # 10 churn + 10 contraction
        ("customer_churn_rate:net_revenue", 0.10),  # less 10 expansion
        ("customer_churn_rate:logo", 1 / 3),
        ("mrr:grr", 0.80),
        ("mrr:nrr", 0.90),
        ("customer_retention_rate:gross_revenue", 0.80),
        ("customer_retention_rate:net_revenue", 0.90),
        ("mrr:churn", 10.0),
        ("mrr:contraction", 10.0),
        ("mrr:expansion", 10.0),
        ("mrr:new", 7.0),
        ("mrr:net_new", -3.0),
        ("mrr_growth_rate", -0.03),
        ("mrr:total", 97.0),
    ],
)
def test_100_less_10_churn_and_10_contraction_and_10_expansion(moved: Workspace, kpi: str, value: float) -> None:
    assert only(moved, kpi, period="2024-05").value == pytest.approx(value, abs=1e-12)


def test_net_revenue_retention_interval_by_hand(moved: Workspace) -> None:
    """Accounts (10, 0), (30, 20), (60, 70): R = .9, residuals -9, -7, 16, squares 386.

    Margin t(2) x sqrt(386 x 3/2) / 100 = 4.302653 x 24.0624 / 100 = 1.03532; cut at 0.
    """
    row = only(moved, "mrr:nrr", period="2024-05")
    assert (row.low, row.n) == (0, 3)
    assert row.high == pytest.approx(0.9 + 4.302652729911275 * (386 * 1.5) ** 0.5 / 100)


def test_a_customer_who_drops_one_of_two_subscriptions_pays_less_and_has_not_left(company: Company) -> None:
    history = History().ticket("1", "2024-05-01 09:00")
    for name in ("seats", "storage"):
        pays(history, "a", "2024-04-03 00:00", "50", "start", subscription=name)
    pays(history, "a", "2024-05-03 00:00", "0", "end", subscription="storage")
    place = company(history, PLAIN)
    values = {name: only(place, f"mrr:{name}", period="2024-05").value for name in ("contraction", "churn", "total")}
    assert values == {"contraction": 50, "churn": 0, "total": 50}
    assert only(place, "customer_churn_rate", period="2024-05").value == 0


def year() -> History:
    """A year of two customers and a third; see ``MONTHS`` for what each month makes of it."""
    history = History()
    pays(history, "a", "2024-01-20 00:00", "100.10", "trial")
    pays(history, "a", "2024-02-03 00:00", "100.10", "start")
    pays(history, "a", "2024-03-10 00:00", "150.15", plan="gold")
    pays(history, "a", "2024-05-05 00:00", "120.05")
    pays(history, "a", "2024-06-15 00:00", "120.05", "pause")
    pays(history, "a", "2024-09-01 00:00", "120.05", "resume")
    pays(history, "b", "2024-03-31 23:59:59", "33.33", "start", currency="EUR")
    pays(history, "b", "2024-10-10 00:00", "40.00", currency="USD")
    pays(history, "c", "2024-04-05 00:00", "9.99", "start")
    pays(history, "c", "2024-04-25 00:00", "0", "end")  # came and went within a month
    pays(history, "b", "2024-12-01 00:00", "0", "end")
    return history


# Month: (new, expansion, contraction, churn, reactivation, currency), closing. 33.33 EUR are 36.663 USD at 1.10 and
# 35.9964 at 1.08: July's rates take .6666; in October 40.00 USD are 4.0036 more than 35.9964.
MONTHS = {
    2: (("100.10", "0", "0", "0", "0", "0"), "100.10"),
    3: (("36.663", "50.05", "0", "0", "0", "0"), "186.813"),
    4: (("0", "0", "0", "0", "0", "0"), "186.813"),
    5: (("0", "0", "30.10", "0", "0", "0"), "156.713"),
    6: (("0", "0", "0", "120.05", "0", "0"), "36.663"),
    7: (("0", "0", "0", "0", "0", "-0.6666"), "35.9964"),
    8: (("0", "0", "0", "0", "0", "0"), "35.9964"),
    9: (("0", "0", "0", "0", "120.05", "0"), "156.0464"),
    10: (("0", "4.0036", "0", "0", "0", "0"), "160.05"),
    11: (("0", "0", "0", "0", "0", "0"), "160.05"),
    12: (("0", "0", "0", "40.00", "0", "0"), "120.05"),
}
MOVEMENTS = ("new", "expansion", "contraction", "churn", "reactivation", "currency_effect")


def test_a_year_of_trials_upgrades_downgrades_pauses_returns_and_currencies() -> None:
    """To the ten-thousandth, in decimals."""
    rows = facts(year(), settings_of(RATES))["account_month"]
    assert {row["account"] for row in rows} == {"desk:a", "desk:b"}
    for month in range(1, 13):
        of_month = [row for row in rows if row["month_at"] == datetime(2024, month, 1)]
        moved, closing = MONTHS.get(month, (("0",) * 6, "0"))
        assert tuple(sum(row[name] for row in of_month) for name in MOVEMENTS) == tuple(map(Decimal, moved)), month
        assert sum(row["closing"] for row in of_month) == Decimal(closing), month


def test_the_same_year_asked(company: Company) -> None:
    place = company(year().ticket("1", "2024-01-01 09:00"), RATES, as_of=NEVER)
    totals = {row.period_start.month: row.value for row in place.ask("mrr", grain="month", period="2024").rows}
    assert {month: totals[month] for month in MONTHS} == {m: float(closing) for m, (_, closing) in MONTHS.items()}
    assert only(place, "mrr:currency", period="2024").value == -0.6666
    # March to May: 100.10 of a at the start, 120.05 at the end; b came since and is on neither side
    spring = {"start": "2024-03-01", "end": "2024-06-01"}
    assert only(place, "mrr:nrr", **spring).value == pytest.approx(120.05 / 100.10)
    assert only(place, "mrr:grr", **spring).value == 1
    assert only(place, "mrr_growth_rate", **spring).value == pytest.approx((156.713 - 100.10) / 100.10)
    # June to September: a paused and came back within, so it stayed
    assert only(place, "customer_churn_rate", start="2024-06-01", end="2024-10-01").value == 0
    assert only(place, "mrr:net_new", period="2024").value == 120.7166  # 120.05 + .6666, and nobody paid before


def test_the_plan_is_that_of_the_start_of_the_month() -> None:
    """An upgrade in March is basic's expansion; gold's first month is April."""
    rows = [row for row in facts(year(), settings_of(RATES))["account_month"] if row["account"] == "desk:a"]
    assert [row["plan"] for row in rows[:5]] == ["basic", "basic", "gold", "gold", "basic"]
    assert [row["spell"] for row in rows if row["month_at"].month in (6, 9)] == ["desk:a#1", "desk:a#2"]
    assert [row["spell_months"] for row in rows if row["month_at"].month in (2, 6, 9, 12)] == [0, 4, 0, 3]


def test_months_are_those_of_the_accounts_zone() -> None:
    """23:30 in London's summer is 22:30 UTC: the end of May for both, but 23:30 UTC is June in London."""
    history = History()
    pays(history, "a", "2024-05-31 22:30", "10", "start")
    pays(history, "b", "2024-05-31 23:30", "10", "start")
    london = settings_of('[workspace]\nzone = "Europe/London"\n')
    rows = facts(history, london, at("2024-06-15 00:00"))["account_month"]
    started = {row["account"]: row["month_at"] for row in rows if row["new"]}
    assert started == {"desk:a": at("2024-04-30 23:00"), "desk:b": at("2024-05-31 23:00")}


def test_an_account_without_a_rate_is_left_out_with_the_reason(company: Company) -> None:
    history = History().ticket("1", "2024-05-01 09:00")
    pays(history, "a", "2024-05-03 00:00", "10", "start")
    pays(history, "b", "2024-05-03 00:00", "10", "start", currency="GBP")
    pays(history, "c", "2023-12-03 00:00", "10", "start", currency="EUR")  # rates begin in 2024
    place = company(history, RATES)
    row = only(place, "mrr", period="2024-05")
    assert (row.value, row.n, row.left_out) == (10, 1, {"no rate": 2})  # those of b and c that stand
    assert only(place, "mrr:new", period="2024-05").left_out == {"no rate": 2}


def test_ended_in_the_future_still_pays(company: Company) -> None:
    history = History().ticket("1", "2024-05-01 09:00")
    pays(history, "a", "2024-04-03 00:00", "10", "start")
    pays(history, "a", "2024-06-20 00:00", "0", "end")
    place = company(history, PLAIN, as_of=at("2024-06-10 00:00"))
    assert only(place, "mrr").value == 10
    assert only(place, "mrr:churn").value == 0
    assert only(place, "customer_retention_rate", period="2024-06").value == 1


AMOUNTS = st.decimals(0, 5000, places=4)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from(["one", "two"]),
        st.datetimes(datetime(2024, 1, 1), datetime(2024, 12, 31)),
        AMOUNTS,
        st.sampled_from(["USD", "EUR"]),
        st.sampled_from(["start", "change", "pause", "resume", "trial", "end"]),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(CHANGES)
def test_movements_add_up_to_the_difference_of_revenue_exactly(changes: list[Any]) -> None:
    """Whatever happens: in each account's month, and against the revenue that stood by the other fact."""
    history = History()
    for customer, subscription, when, amount, currency, reason in changes:
        moment = when.replace(microsecond=0)
        history.add("subscription_change", at=moment, subscription=f"{customer} {subscription}", customer=customer,
                    monthly_amount=amount, currency=currency, reason=reason)  # fmt: skip
    found = facts(history, settings_of(RATES))
    for row in found["account_month"]:
        plus = row["opening"] + row["new"] + row["expansion"] + row["reactivation"] + row["currency_effect"]
        assert row["closing"] == plus - row["contraction"] - row["churn"]
        assert row["net_new"] == row["closing"] - row["opening"] - row["currency_effect"]
        assert min(row[name] for name in MOVEMENTS[:-1]) >= 0
    for month in range(1, 13):
        end = datetime(2024 + month // 12, month % 12 + 1, 1)
        stood = [s for s in found["mrr_span"] if s["from_at"] < end and (s["to_at"] is None or s["to_at"] >= end)]
        rows = [row for row in found["account_month"] if row["month_at"] == datetime(2024, month, 1)]
        assert sum(span["amount"] for span in stood) == sum(row["closing"] for row in rows)


def test_the_doctor_names_the_currency_and_the_day_without_a_rate(company: Company) -> None:
    history = History().ticket("1", "2024-05-01 09:00")
    pays(history, "a", "2024-05-03 00:00", "10", "start", currency="EUR")
    pays(history, "b", "2023-11-03 00:00", "10", "start", currency="GBP")
    place = company(history, RATES)
    [check] = [check for check in place.doctor() if check.name == "money"]
    assert not check.is_well
    assert "No rate of GBP to USD is known for 2023-11-30" in check.found
    [check] = [
        check for check in company(year().ticket("1", "2024-01-01 09:00"), RATES).doctor() if check.name == "money"
    ]
    assert check.found == "amounts are in USD; 2 rates, none missing"
