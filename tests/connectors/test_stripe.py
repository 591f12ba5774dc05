"""Stripe over its API, worked out by hand: the worth per month of every item, with the dates of its changes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from connectors.fakes.run import Once
from connectors.fakes.serving import BROKEN, CUT_OFF, LIMITED, NO_JSON, serve
from connectors.fakes.stripe import KEY, FakeStripe, epoch, item, price
from connectors.reading import Read

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.hooked import Delivery, hooked_events
from deskpulse.connectors.stripe import API
from deskpulse.errors import RefusedError

JAN, FEB, MAR, APR = (datetime(2026, month, 1) for month in (1, 2, 3, 4))
DAY = timedelta(days=1)
TWENTY = price("p20", 2000)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeStripe]:
    monkeypatch.setenv("DESKPULSE_DESK_KEY", KEY)
    with serve(account := FakeStripe(size=2)):
        yield account


class Reader:
    """Runs one after the other over one account: the cursor of each is where the next goes on."""

    def __init__(self, fake: FakeStripe) -> None:
        self.account = Account(source="desk", options={"url": fake.url})
        self.cursor: str | None = None
        self.items: list[Any] = []

    def run(self, now: datetime) -> Read:
        with API.open(self.account) as client:
            for page in API.pages(client, self.cursor, now=now, since=None):
                self.cursor = page.cursor
                self.items += list(API.to_events(page, self.account))
        return Once(self.items)

    def step(self, now: datetime) -> bool:
        """A run that is stopped after its first page; whether there was none."""
        with API.open(self.account) as client:
            for page in API.pages(client, self.cursor, now=now, since=None):
                self.cursor = page.cursor
                self.items += list(API.to_events(page, self.account))
                return False
        return True


def written(seen: Read) -> dict[str, list[str]]:
    """All rows."""
    return {name: sorted({str(row) for row in table.to_pylist()}) for name, table in seen.tables.items()}


def worth(seen: Read, name: str) -> list[tuple[Any, ...]]:
    """When, how much, why; the newest version of each row."""
    rows = sorted(
        seen.rows("subscription_change", "source_id", "version", "subscription", "at", "monthly_amount", "reason")
    )
    newest = {row[0]: row for row in rows}
    return sorted(row[3:] for row in newest.values() if row[2] == name)


def test_a_subscription_met_as_a_list_tells_its_life_up_to_then(fake: FakeStripe) -> None:
    """20.00 x 3 = 60.00 a month after a trial of a month; yearly 120.00 is 10.00, with 10 % off for March 9.00."""
    off = {"id": "di", "coupon": {"percent_off": 10, "duration": "repeating"}, "start": epoch(MAR), "end": epoch(APR)}
    fake.subscribe("s1", "c1", [item("i1", TWENTY, 3, JAN)], JAN, trial_end=epoch(FEB))
    fake.subscribe("s2", "c1", [item("i2", price("y", 12000, "year"), 1, FEB)], FEB, discount=off)
    fake.subscribe("s3", "c2", [item("i3", TWENTY, 1, JAN)], JAN, status="canceled", ended_at=epoch(MAR))
    fake.subscribe("s4", "c2", [item("i4", TWENTY, 1, JAN)], JAN, status="incomplete_expired")
    seen = Reader(fake).run(MAR + DAY)
    assert worth(seen, "i1") == [(JAN, Decimal(60), "trial"), (FEB, Decimal(60), "start")]
    assert worth(seen, "i2") == [(FEB, Decimal(10), "start"), (MAR, Decimal(9), "change")]
    assert worth(seen, "i3") == [(JAN, Decimal(20), "start"), (MAR, Decimal(0), "end")]
    assert worth(seen, "i4") == []
    columns = ("customer", "plan", "currency")
    assert set(seen.rows("subscription_change", *columns)) == {("c1", "Gold", "USD"), ("c2", "Gold", "USD")}


def test_changes_keep_their_dates(fake: FakeStripe) -> None:
    """Three pieces, five from February on (100.00), then at 25.00 each (125.00); an item that goes is worth nothing."""
    reader = Reader(fake)
    first, second = item("i1", TWENTY, 3, JAN), item("i2", TWENTY, 1, JAN)
    fake.subscribe("s1", "c1", [first, second], JAN)
    reader.run(JAN + DAY)
    fake.change("s1", FEB, items={"data": [{**first, "quantity": 5}, second]})
    fake.change("s1", FEB + DAY, metadata={})
    fake.change("s1", MAR, items={"data": [{**first, "price": price("p25", 2500), "quantity": 5}]})
    reader.run(MAR + DAY)
    fake.change("s1", APR, kind="deleted", status="canceled", ended_at=epoch(APR) - 5)
    seen = reader.run(APR + DAY)
    assert worth(seen, "i1") == [
        (JAN, Decimal(60), "start"),
        (FEB, Decimal(100), "change"),
        (MAR, Decimal(125), "change"),
        (APR - timedelta(seconds=5), Decimal(0), "end"),
    ]
    assert worth(seen, "i2") == [(JAN, Decimal(20), "start"), (FEB, Decimal(20), "change"), (MAR, Decimal(0), "end")]


def test_what_terms_change_by_themselves_is_read_when_its_day_has_come(fake: FakeStripe) -> None:
    """A trial's end is no news before it comes: who cancels during the trial is never worth anything."""
    for name in ("stays", "leaves"):
        fake.subscribe(name, name, [item(f"i-{name}", TWENTY, 1, JAN)], JAN, status="trialing", trial_end=epoch(FEB))
    reader = Reader(fake)
    assert worth(reader.run(JAN + DAY), "i-stays") == [(JAN, Decimal(20), "trial")]
    fake.change("leaves", JAN + 9 * DAY, kind="deleted", status="canceled", ended_at=epoch(JAN + 9 * DAY))
    fake.objects["subscriptions"]["stays"]["status"] = "active"  # and the event of it is late
    seen = reader.run(FEB + DAY)
    assert worth(seen, "i-stays") == [(JAN, Decimal(20), "trial"), (FEB, Decimal(20), "start")]
    assert worth(seen, "i-leaves") == [(JAN, Decimal(20), "trial"), (JAN + 9 * DAY, Decimal(0), "end")]
    fake.change("stays", FEB + timedelta(seconds=9), status="active")
    assert worth(reader.run(FEB + 2 * DAY), "i-stays") == [(JAN, Decimal(20), "trial"), (FEB, Decimal(20), "start")]


def test_lines_of_paid_invoices_all_of_them(fake: FakeStripe) -> None:
    """Four lines of which two came with the invoice: 20.00 and 5.00 that recur, 9.99 and 1.00 that do not."""
    told = [("l1", 2000, "s1"), ("l2", 500, "s1"), ("l3", 999, None), ("l4", 100, None)]
    lines = [{"id": id_, "amount": cents, "currency": "usd", "subscription": of} for id_, cents, of in told]
    parent = {"subscription_item_details": {"subscription": "s1"}}
    newer = [
        {"id": "l9", "amount": 700, "currency": "jpy", "parent": parent}
    ]  # as newer versions tell it; yen have no cents
    fake.pay("in1", "c1", lines, JAN)
    reader = Reader(fake)
    reader.run(JAN + DAY)
    fake.pay("in2", "c1", lines, FEB)
    fake.pay("in3", "c2", newer, FEB)
    seen = reader.run(FEB + DAY)
    of_january = [
        row[1:]
        for row in seen.rows("revenue_month", "month", "source_id", "kind", "amount")
        if row[0] == date(2026, 1, 1)
    ]
    assert sorted(of_january) == [
        ("in1:l1", "recurring", Decimal(20)),
        ("in1:l2", "recurring", Decimal(5)),
        ("in1:l3", "one_off", Decimal("9.99")),
        ("in1:l4", "one_off", Decimal(1)),
    ]
    february = [row for row in seen.rows("revenue_month", "month", "source_id", "amount") if row[0] == date(2026, 2, 1)]
    assert sorted({row[1] for row in february}) == ["in2:l1", "in2:l2", "in2:l3", "in2:l4", "in3:l9"]
    assert (date(2026, 2, 1), "in3:l9", Decimal(700)) in february
    assert ("in3:l9", "recurring", "JPY", "c2") in seen.rows(
        "revenue_month", "source_id", "kind", "currency", "customer"
    )


def test_customers_and_what_has_no_worth(fake: FakeStripe) -> None:
    fake.customer("c1", "Acme", JAN)
    used = price("u", 10, recurring={"interval": "month", "interval_count": 1, "usage_type": "metered"})
    fake.subscribe("s1", "c1", [item("i1", used, 1, JAN)], JAN)
    fake.subscribe("s2", "c1", [item("i2", TWENTY, 1, JAN)], JAN, livemode=False)
    seen = Reader(fake).run(JAN + DAY)
    assert seen.rows("customer", "source_id", "name", "account") == [("c1", "Acme", "Acme")]
    assert seen.rows("subscription_change", "source_id") == []
    assert sorted({aside.reason for aside in seen.aside}) == [
        "it is billed by usage: what it is worth per month is not known",
        "it is test data, not live",
    ]


def test_only_what_is_new_is_read(fake: FakeStripe) -> None:
    reader = Reader(fake)
    fake.customer("c0", "Zero", JAN)
    reader.run(JAN + DAY)
    before = len(fake.asked)
    for number in range(1, 6):
        fake.customer(f"c{number}", f"No {number}", JAN + DAY)
    seen = reader.run(JAN + 2 * DAY)
    assert {asked.path for asked in fake.asked[before:]} == {"/events"}
    assert sorted(row[0] for row in seen.rows("customer", "source_id")) == [f"c{n}" for n in range(6)]
    before = len(fake.asked)
    reader.run(JAN + 3 * DAY)
    assert len(fake.asked) == before + 1


def test_an_account_in_which_nothing_had_happened(fake: FakeStripe) -> None:
    reader = Reader(fake)
    reader.run(JAN)
    for number in range(1, 6):
        fake.customer(f"c{number}", f"No {number}", JAN + DAY)
    assert len(reader.run(JAN + 2 * DAY).rows("customer", "source_id")) == 5
    fake.customer("c6", "No 6", JAN + 2 * DAY)
    assert len(reader.run(JAN + 3 * DAY).rows("customer", "source_id")) == 6


def test_after_events_were_forgotten_what_is_new_counts_from_then_on(fake: FakeStripe) -> None:
    """Bought in January, twice as many since an unknown day of the long pause: known on the first of April."""
    reader = Reader(fake)
    one = item("i1", TWENTY, 1, JAN)
    fake.subscribe("s1", "c1", [one], JAN)
    reader.run(JAN + DAY)
    fake.forgotten.add("evt_0001")
    fake.change("s1", FEB, items={"data": [{**one, "quantity": 2}]})
    fake.subscribe("s2", "c2", [item("i2", TWENTY, 1, MAR)], MAR)
    seen = reader.run(APR)
    assert worth(seen, "i1") == [(JAN, Decimal(20), "start"), (APR, Decimal(40), "change")]
    assert worth(seen, "i2")[0] == (MAR, Decimal(20), "start")


def test_events_sent_in_any_order_and_twice_make_the_rows_that_are_read(fake: FakeStripe) -> None:
    reader = Reader(fake)
    reader.run(JAN)
    one = item("i1", price("p20", 2000, nickname="Basic"), 1, JAN + DAY)
    fake.customer("c1", "Acme", JAN + DAY)
    fake.subscribe("s1", "c1", [one], JAN + DAY)
    fake.change("s1", FEB, items={"data": [{**one, "quantity": 2}]})
    fake.change("s1", MAR, kind="deleted", status="canceled", ended_at=epoch(MAR))
    seen = reader.run(APR)
    sent = fake.events * 2
    random.Random(5).shuffle(sent)
    bodies = [json.dumps(event).encode() for event in sent]
    about = {"source": "desk", "connector": "stripe", "kind": "", "received_at": APR}
    told = Once(row for body in bodies for row in hooked_events(Delivery(**about, body=body)))
    columns = ("source_id", "version", "at", "subscription", "customer", "plan", "monthly_amount", "currency", "reason")
    assert sorted(told.rows("subscription_change", *columns)) == sorted(seen.rows("subscription_change", *columns))
    assert told.rows("customer", "source_id", "version", "name") == seen.rows(
        "customer", "source_id", "version", "name"
    )


def busy(fake: FakeStripe) -> FakeStripe:
    for number in range(5):
        fake.customer(f"c{number}", f"No {number}", JAN + number * DAY)
        fake.subscribe(f"s{number}", f"c{number}", [item(f"i{number}", TWENTY, number + 1, JAN)], JAN + number * DAY)
        lines = [{"id": f"l{line}", "amount": 100, "currency": "usd", "subscription": None} for line in range(number)]
        fake.pay(f"in{number}", f"c{number}", lines, FEB)
    return fake


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskpulse.connectors.api.client.wait", lambda seconds: None)


@pytest.mark.usefixtures("quick")
def test_troubles_lose_nothing_and_a_run_that_is_stopped_goes_on_at_its_page(fake: FakeStripe) -> None:
    clean = Reader(busy(fake)).run(FEB + DAY)
    pages = len(fake.asked)
    fake.asked.clear()
    fake.troubles = {2: LIMITED, 4: BROKEN, 5: CUT_OFF, 8: NO_JSON, 10: LIMITED, 13: BROKEN}
    assert written(Reader(fake).run(FEB + DAY)) == written(clean)
    assert len(fake.asked) == pages + 6
    fake.asked.clear()
    fake.troubles = {}
    stopped = Reader(fake)
    while not stopped.step(FEB + DAY):
        pass
    assert written(Once(stopped.items)) == written(clean)
    assert len(set(fake.addresses)) == len(fake.asked) == pages


def test_a_key_that_may_not_read_all_is_told(fake: FakeStripe, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.forbidden = {"invoices", "events"}
    with API.open(Account(source="desk", options={"url": fake.url})) as client:
        assert API.check(client) == ("reading invoices", "reading events")
    fake.forbidden = set()
    fake.subscribe("s2", "c1", [], JAN, livemode=False)
    fake.objects["products"].clear()
    fake.events.clear()
    with API.open(Account(source="desk", options={"url": fake.url})) as client:
        assert API.check(client) == ("a key of live mode: this one is of test mode",)
    monkeypatch.setenv("DESKPULSE_DESK_KEY", "wrong")
    with API.open(Account(source="desk", options={"url": fake.url})) as client, pytest.raises(RefusedError):
        API.check(client)
