"""What support costs, by hand: any period of months that are booked as a whole, and only months both sides know."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from history import History, at

from deskpulse.workspace import Workspace
from tests.golden.test_golden_money import only, pays
from tests.traps.conftest import Company
from tests.traps.workspaces import fact

SETTINGS = """
[workspace]
zone = "America/New_York"

[money]
currency = "USD"
gross_margin = 0.5
discount_rate = 0
lifetime_cap_months = 2

[[money.rates]]
currency = "EUR"
valid_from = 2024-01-01
rate = 1.25
"""


def spend(history: History, month: date, amount: str, **values: Any) -> None:
    """A month's cost."""
    history.add("spend_month", month=month, amount=Decimal(amount), **{"currency": "USD", **values})


@pytest.fixture(scope="module")
def desk(company: Company) -> Workspace:
    """January 3,100 for 31 tickets, 10 of them by chat; February 1,000 and 80 EUR for 10; March 5 tickets, no cost."""
    history = History()
    for name, days, month in (("a", 31, 1), ("b", 10, 2), ("c", 5, 3)):
        for day in range(1, days + 1):
            ticket = f"{name}{day}"
            history.ticket(ticket, f"2024-{month:02}-{day:02} 12:00", channel="chat" if day <= 10 else "email")
            if day <= 5:
                history.changes(ticket, f"2024-{month:02}-{day:02} 13:00", "status", "solved", by="ann")
    spend(history, date(2024, 1, 1), "3000", item="pay")
    spend(history, date(2024, 1, 1), "100", item="chat tool", channel="chat")
    spend(history, date(2024, 2, 1), "1000", item="pay")
    spend(history, date(2024, 2, 1), "80", item="pay", currency="eur")
    spend(history, date(2024, 2, 1), "9", item="pay", currency="GBP")
    for month, amount in ((1, "31000"), (2, "9000"), (4, "5000")):
        history.add("revenue_month", month=date(2024, month, 1), amount=Decimal(amount), currency="USD")
    history.add("revenue_month", month=date(2024, 2, 1), amount=Decimal(2000), currency="USD", kind="one_off")
    return company(history, SETTINGS)


def test_cost_per_conversation_of_a_month(desk: Workspace) -> None:
    row = only(desk, "cost_per_conversation", period="2024-01")
    assert (row.value, row.n) == (100, 31)  # 3100 / 31
    assert only(desk, "cost_per_conversation:resolution", period="2024-01").value == 620  # 3100 / 5


def test_other_currencies_and_amounts_without_a_rate(desk: Workspace) -> None:
    assert only(desk, "cost_per_conversation", period="2024-02").value == 110  # (1000 + 80 x 1.25) / 10
    left = {row["left_out"] for row in fact(desk, "spend_day") if row["amount"] == 0}
    assert left == {"no rate"}


def test_a_month_without_cost_is_unknown_not_free(desk: Workspace) -> None:
    row = only(desk, "cost_per_conversation", period="2024-03")
    assert (row.value, row.n) == (None, 0)
    assert list(row.left_out.values()) == [5]
    row = only(desk, "cost_per_conversation", start="2024-01-01", end="2024-04-01")
    assert (row.value, row.n) == (4200 / 41, 41)
    assert sum(row.left_out.values()) == 5


def test_the_interval_comes_of_the_months(desk: Workspace) -> None:
    """(3100, 31) and (1100, 10): R = 4200/41; residuals -75.6098 and 75.6098; t(1) = 12.7062.

    Margin 12.7062 x sqrt(2 x 75.6098^2 x 2) / 41 = 46.86.
    """
    row = only(desk, "cost_per_conversation", start="2024-01-01", end="2024-03-01")
    assert row.high - row.value == pytest.approx(12.706204736432095 * 2 * 75.60975609756098 / 41)


def test_a_part_of_a_month_costs_its_days(desk: Workspace) -> None:
    """Ten of January's 31 days cost 1000, and ten tickets came."""
    row = only(desk, "cost_per_conversation", start="2024-01-01", end="2024-01-11")
    assert row.value == pytest.approx(100, abs=1e-4)
    days = [row for row in fact(desk, "spend_day") if row["spend"] == "desk:1"]
    assert (len(days), sum(day["amount"] for day in days)) == (31, Decimal(3000))
    assert min(day["spent_at"] for day in days) == at("2024-01-01 05:00")  # midnight in New York


def test_by_channel_only_what_was_booked_to_it(desk: Workspace) -> None:
    found = {r.dimensions["channel"]: r for r in desk.ask("cost_per_conversation", by="channel", period="2024-01").rows}
    assert (found["chat"].value, found["chat"].n) == (10, 10)  # 100 / 10
    assert (found["email"].value, list(found["email"].left_out.values())) == (None, [21])
    assert found[None].value is None


def test_support_cost_to_revenue_of_the_same_months(desk: Workspace) -> None:
    """January 3100 / 31000 and February 1100 / 11000, one-off revenue too; April has no cost and is left out."""
    row = only(desk, "support_cost_to_revenue", period="2024")
    assert row.value == pytest.approx(4200 / 42000)
    assert row.low is None
    assert sum(row.left_out.values()) == 30  # the days of April


def test_lifetime_value_by_hand(company: Company) -> None:
    """Two accounts pay 10 and 30 from January. One leaves in February, one goes on to the end of April.

    At risk: February both, March and April one. Margin 50 % of (10 + 30 x 3) = 50 over 4 months, 12.5 a month.
    Simple: 50 / 1 departure. Survival: 1, then 1/2; capped at two months: 12.5 x 1.5.
    """
    history = History().ticket("1", "2024-01-01 12:00")
    pays(history, "a", "2024-01-10 00:00", "10", "start")
    pays(history, "a", "2024-02-10 00:00", "0", "end")
    pays(history, "b", "2024-01-10 00:00", "30", "start")
    place = company(history, SETTINGS, as_of=at("2024-04-30 12:00"))
    assert only(place, "customer_lifetime_value:simple").value == 50
    row = only(place, "customer_lifetime_value")
    assert (row.value, row.n) == (18.75, 2)
    assert place.ask("customer_lifetime_value").notes[-1] == "Amounts are in USD."
