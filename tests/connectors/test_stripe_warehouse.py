"""Stripe's warehouse tables: hand-made ones worked out here, and the published samples for their shapes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from connectors.reading import Read, read_with

from deskpulse.connectors.connector import preset
from deskpulse.errors import InputError

TABLES = {
    "subscription": (
        "id,customer_id,status,created,start_date,ended_at,canceled_at,trial_end,current_period_start,livemode\n"
        "s1,c1,active,2024-01-01 09:00:00,2024-01-01 09:00:00,,,2024-01-15 09:00:00,2024-06-15 09:00:00,TRUE\n"
        "s2,c2,canceled,2024-02-01 00:00:00,2024-02-01 00:00:00,2024-05-01 00:00:00,2024-04-20 00:00:00,,,TRUE\n"
        "s3,c3,paused,2024-03-01 00:00:00,2024-03-01 00:00:00,,,,2024-04-01 00:00:00,TRUE\n"
        "s4,c4,incomplete_expired,2024-03-01 00:00:00,2024-03-01 00:00:00,,,,,TRUE\n"
        "s5,c5,active,2024-03-01 00:00:00,2024-03-01 00:00:00,,,,,FALSE\n"
    ),
    "subscription_item": (
        "id,subscription_id,plan_id,quantity,created\n"
        "i1,s1,monthly,3,2024-01-01 09:00:00\n"
        "i2,s1,yearly,1,2024-03-01 00:00:00\n"
        "i3,s2,quarter_yen,2,\n"
        "i4,s3,weekly,1,\n"
        "i5,s4,monthly,1,\n"
        "i6,s5,monthly,1,\n"
        "i7,s1,tiered,1,\n"
        "i8,s1,used,1,\n"
        "i9,s1,nowhere,1,\n"
        "i10,s99,monthly,1,\n"
    ),
    "plan": (
        "id,amount,currency,interval,interval_count,billing_scheme,usage_type,nickname,product_id\n"
        "monthly,1999,usd,month,1,per_unit,licensed,Basic,\n"
        "quarter_yen,9000,jpy,month,3,per_unit,licensed,,p1\n"
        "tiered,,usd,month,1,tiered,licensed,,\n"
        "used,10,usd,month,1,per_unit,metered,,\n"
    ),
    "price": (
        "id,unit_amount,unit_amount_decimal,currency,recurring_interval,recurring_interval_count,"
        "recurring_usage_type,billing_scheme,nickname,product_id\n"
        "yearly,10000,10000,usd,year,1,licensed,per_unit,Gold,\n"
        "weekly,100,100,eur,week,1,licensed,per_unit,,\n"
    ),
    "product": "id,name\np1,Yen plan\n",
    "coupon": (
        "id,percent_off,amount_off,currency,duration\n"
        "ten,10,,,forever\nonce,50,,,once\nfive,,500,usd,repeating\nwrong,,500,eur,forever\n"
    ),
    "subscription_discount": (
        "id,subscription_id,coupon_id,start,end\n"
        "d1,s1,ten,2024-02-01 00:00:00,2024-04-01 00:00:00\nd2,s1,once,2024-02-01 00:00:00,\n"
        "d3,s1,wrong,2024-02-01 00:00:00,\n"
    ),
    "invoice": (
        "id,customer_id,status,created,livemode\n"
        "in1,c1,paid,2024-01-31 23:00:00,TRUE\nin2,c1,void,2024-02-01 00:00:00,TRUE\n"
    ),
    "invoice_line_item": (
        "id,invoice_id,amount,currency,subscription_id,livemode\n"
        "l1,in1,5997,usd,s1,TRUE\nl2,in1,2500,usd,,TRUE\nl3,in2,100,usd,,TRUE\n"
    ),
    "customer": "id,name,email,livemode\nc1,Acme,,TRUE\nc2,,info@example.org,TRUE\n",
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("stripe")
    for name, text in TABLES.items():
        (folder / f"{name}_data.csv").write_text(text)
    return read_with(preset("stripe_warehouse"), folder)


def changes(read: Read, item: str) -> list[tuple[datetime, Decimal, str]]:
    """When, how much, why."""
    rows = read.rows("subscription_change", "subscription", "at", "monthly_amount", "reason")
    return [row[1:] for row in rows if row[0] == item]


def test_a_trial_then_paid_with_a_coupon_for_two_months(read: Read) -> None:
    """Three at 19.99 are 59.97 a month; 10 % off from February to April: 53.973."""
    assert changes(read, "i1") == [
        (datetime(2024, 1, 1, 9), Decimal("59.97"), "trial"),
        (datetime(2024, 1, 15, 9), Decimal("59.97"), "start"),
        (datetime(2024, 2, 1), Decimal("53.973"), "change"),
        (datetime(2024, 4, 1), Decimal("59.97"), "change"),
    ]


def test_a_yearly_item_added_later_counts_a_twelfth(read: Read) -> None:
    """100 / 12 = 8.3333; 10 % off until April: 7.5."""
    assert changes(read, "i2") == [
        (datetime(2024, 3, 1), Decimal("7.5"), "start"),
        (datetime(2024, 4, 1), Decimal("8.3333"), "change"),
    ]


def test_a_quarter_in_yen_which_has_no_decimals_until_it_ended(read: Read) -> None:
    """Two at 9000 for 3 months are 6000 a month."""
    assert changes(read, "i3") == [
        (datetime(2024, 2, 1), Decimal(6000), "start"), (datetime(2024, 5, 1), Decimal(0), "end"),
    ]  # fmt: skip


def test_a_paused_weekly_one(read: Read) -> None:
    """1.00 x 52 / 12 = 4.3333."""
    assert changes(read, "i4") == [
        (datetime(2024, 3, 1), Decimal("4.3333"), "start"), (datetime(2024, 4, 1), Decimal(0), "pause"),
    ]  # fmt: skip


def test_plans_customers_and_currencies(read: Read) -> None:
    rows = set(read.rows("subscription_change", "subscription", "customer", "plan", "currency"))
    assert rows == {
        ("i1", "c1", "Basic", "USD"), ("i2", "c1", "Gold", "USD"), ("i3", "c2", "Yen plan", "JPY"),
        ("i4", "c3", "weekly", "EUR"),
    }  # fmt: skip
    assert sorted(read.rows("customer", "source_id", "name", "account")) == [
        ("c1", "Acme", "Acme"), ("c2", "info@example.org", "c2"),
    ]  # fmt: skip


def test_lines_of_paid_invoices_are_revenue_recurring_or_not(read: Read) -> None:
    assert sorted(read.rows("revenue_month", "month", "customer", "kind", "amount", "currency")) == [
        (date(2024, 1, 1), "c1", "one_off", Decimal(25), "USD"),
        (date(2024, 1, 1), "c1", "recurring", Decimal("59.97"), "USD"),
    ]


def test_what_has_no_worth_is_put_aside_with_the_reason(read: Read) -> None:
    found = {aside.raw.split(",")[0]: aside.reason for aside in read.aside}
    assert set(found) == {"s5", "i7", "i8", "i9", "i10"}
    assert "tiers" in found["i7"] and "usage" in found["i8"]
    assert found["i9"] == "its price is not there"
    assert found["i10"] == "its subscription is not there"


def test_ids_are_unique(read: Read) -> None:
    for name in read.tables:
        ids = read.rows(name, "source_id")
        assert len(set(ids)) == len(ids), name


def test_a_folder_without_the_tables(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the tables"):
        read_with(preset("stripe_warehouse"), tmp_path)


def test_the_published_sample_tables(shared_data: Path) -> None:
    """Both subscriptions ended on 19 February 2021 and their items were added in 2024; 12 items are of others."""
    read = read_with(preset("stripe_warehouse"), shared_data / "fivetran" / "stripe")
    assert read.rows("subscription_change", "at") == []
    reasons = [aside.reason for aside in read.aside if aside.file.endswith("subscription_item")]
    assert reasons.count("it was added after its subscription ended") == 2
    assert reasons.count("its subscription is not there") == 12
    assert len(read.rows("customer", "source_id")) == 12
