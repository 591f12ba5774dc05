"""Stripe from the tables warehouse loaders write: subscriptions with their items and prices, and invoice lines.

What the loaders leave open is read so:

- Each item of a subscription is followed by itself, from when it was added; a change of price or quantity of the same
  item is not in the tables, so its past has its present price.
- A subscription pays from the end of its trial to the moment it ended. One that is past due still counts, one that was
  never paid (incomplete) does not, and a paused one counts until its present period began.
- Prices with tiers and metered ones have no worth per month in these tables: they are put aside, with the reason.
- Coupons that last take off what they say; those for one invoice take nothing off what recurs.
- Lines of paid invoices that belong to no subscription are one-off revenue, the others recurring: in the month (UTC)
  the invoice was made. Draft, void and unpaid invoices are no revenue; refunds and credit notes are not taken off.
- Test data (not in live mode) is put aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa

from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.rows import Origin
from deskpulse.connectors.stripe_worth import Discount, Life, changes, discount_of, exact, life_of, major, price_of
from deskpulse.connectors.warehouse import Columns, open_warehouse
from deskpulse.events import EVENT_TABLES

TABLES: dict[str, Columns] = {
    "subscription": {
        "id": "text", "customer_id": "text", "status": "text", "created": "instant", "start_date": "instant",
        "ended_at": "instant", "canceled_at": "instant", "trial_end": "instant", "current_period_start": "instant",
        "livemode": "boolean",
    },
    "subscription_item": {
        "id": "text", "subscription_id": "text", "plan_id": "text", "price_id": "text", "quantity": "text",
        "created": "instant",
    },
    "plan": {
        "id": "text", "amount": "text", "currency": "text", "interval": "text", "interval_count": "integer",
        "billing_scheme": "text", "usage_type": "text", "nickname": "text", "product_id": "text",
    },
    "price": {
        "id": "text", "unit_amount": "text", "unit_amount_decimal": "text", "currency": "text",
        "recurring_interval": "text", "recurring_interval_count": "integer", "recurring_usage_type": "text",
        "billing_scheme": "text", "nickname": "text", "product_id": "text",
    },
    "product": {"id": "text", "name": "text"},
    "coupon": {
        "id": "text", "percent_off": "text", "amount_off": "text", "currency": "text", "duration": "text",
    },
    "subscription_discount": {
        "id": "text", "subscription_id": "text", "coupon_id": "text", "start": "instant", "end": "instant",
    },
    "invoice": {
        "id": "text", "customer_id": "text", "status": "text", "created": "instant", "period_end": "instant",
        "livemode": "boolean",
    },
    "invoice_line_item": {
        "id": "text", "invoice_id": "text", "amount": "text", "currency": "text", "subscription_id": "text",
        "type": "text", "livemode": "boolean",
    },
    "customer": {"id": "text", "name": "text", "email": "text", "livemode": "boolean"},
}  # fmt: skip
REQUIRED = {
    "subscription": ("id", "customer_id"),
    "subscription_item": ("id", "subscription_id"),
    "plan": ("id",),
    "price": ("id",),
    "invoice": ("id",),
    "invoice_line_item": ("id", "invoice_id", "amount", "currency"),
    "customer": ("id",),
}
TEST_DATA = "it is test data, not live"
Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class StripeWarehouse:
    """Reads Stripe's warehouse tables from a folder, a DuckDB file or an Ibis address."""

    title: str = "Stripe tables of a warehouse loader (folder, DuckDB file or address)"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield canonical rows; raises InputError when an input has none of the tables."""
        origin = Origin(source=source, observed_at=observed_at)
        for address in inputs:
            warehouse = open_warehouse(address, TABLES, REQUIRED, schema="stripe")
            yield from warehouse.refused
            tables = {name: table.to_pyarrow().to_pylist() for name, table in warehouse.tables.items()}
            reading = Reading(tables=tables, address=address)
            yield from reading.aside()
            yield from _batches(origin, reading)


def _batches(origin: Origin, reading: Reading) -> Iterator[Batch]:
    for table, rows in (
        ("subscription_change", reading.subscription_changes()),
        ("revenue_month", reading.revenue()),
        ("customer", reading.customers()),
    ):
        schema = EVENT_TABLES[table].schema
        names = ["source_id", *(column.name for column in EVENT_TABLES[table].own)]
        own = pa.schema([schema.field(name) for name in names])
        yield origin.from_table(table, pa.Table.from_pylist(list(rows), schema=own))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The tables of one address as rows, and what becomes of them."""

    tables: dict[str, Rows]
    address: str

    def live(self, table: str) -> Rows:
        """The rows that are no test data; what does not say is live."""
        return [row for row in self.tables[table] if row.get("livemode") is not False]

    def aside(self) -> Iterator[Quarantined]:
        """Test data, and items without a worth per month, with the reason."""
        for table in ("subscription", "invoice", "invoice_line_item"):
            for row in self.tables[table]:
                if row["livemode"] is False:
                    yield self._refused(table, "livemode", TEST_DATA, row)
        known = {row["id"]: row for row in self.tables["subscription"]}
        prices = self._prices()
        for item in self.tables["subscription_item"]:
            price = prices.get(item["price_id"] or item["plan_id"])
            if item["subscription_id"] not in known:
                yield self._refused("subscription_item", "subscription_id", "its subscription is not there", item)
            elif price is None:
                yield self._refused("subscription_item", "plan_id", "its price is not there", item)
            elif isinstance(found := price_of(price), str):
                yield self._refused("subscription_item", "plan_id", found, item)
            elif _is_late(item, life_of(known[item["subscription_id"]])):
                yield self._refused("subscription_item", "created", "it was added after its subscription ended", item)

    def _refused(self, table: str, column: str, reason: str, row: dict[str, Any]) -> Quarantined:
        raw = ",".join("" if value is None else str(value) for value in row.values())
        return Quarantined(file=f"{self.address}: {table}", line=None, column=column, reason=reason, raw=raw)

    def _prices(self) -> dict[str, dict[str, Any]]:
        """Plans and prices alike, by id."""
        products = {row["id"]: row["name"] for row in self.tables["product"]}
        plans = [{**row, "name": row["nickname"]} for row in self.tables["plan"]]
        prices = [
            {
                **row,
                "amount": row["unit_amount_decimal"] or row["unit_amount"],
                "interval": row["recurring_interval"],
                "interval_count": row["recurring_interval_count"],
                "usage_type": row["recurring_usage_type"],
                "name": row["nickname"],
            }
            for row in self.tables["price"]
        ]
        named = [{**row, "name": row["name"] or products.get(row["product_id"]) or row["id"]} for row in plans + prices]
        return {row["id"]: row for row in named}

    def subscription_changes(self) -> Iterator[dict[str, Any]]:
        """A row per change of what an item is worth."""
        subscriptions = {row["id"]: row for row in self.live("subscription")}
        prices, items = self._prices(), self._items()
        for name, row in subscriptions.items():
            life = life_of(row)
            for item in items[name] if life else ():
                price = prices.get(item["price_id"] or item["plan_id"])
                found = price_of(price) if price else ""
                if life is None or price is None or isinstance(found, str):
                    continue
                worth = major(found * Fraction(item["quantity"] or 1), price["currency"])
                off = self._discounts(name, price["currency"], len(items[name]))
                for number, change in enumerate(changes(life, item["created"], worth, off)):
                    yield {
                        "source_id": f"{item['id']}:{number}",
                        "at": change.at,
                        "subscription": item["id"],
                        "customer": row["customer_id"],
                        "plan": price["name"],
                        "monthly_amount": change.amount,
                        "currency": price["currency"].upper(),
                        "reason": change.reason,
                    }

    def _items(self) -> defaultdict[str, Rows]:
        items: defaultdict[str, Rows] = defaultdict(list)
        for item in self.tables["subscription_item"]:
            items[item["subscription_id"]].append(item)
        return items

    def _discounts(self, subscription: str, currency: str, items: int) -> list[Discount]:
        coupons = {row["id"]: row for row in self.tables["coupon"]}
        found = [
            discount_of({**coupons[row["coupon_id"]], "start": row["start"], "end": row["end"]}, currency, items)
            for row in self.tables["subscription_discount"]
            if row["subscription_id"] == subscription and row["coupon_id"] in coupons
        ]
        return [discount for discount in found if discount is not None]

    def revenue(self) -> Iterator[dict[str, Any]]:
        """A row per line of a paid invoice."""
        paid = {row["id"]: row for row in self.live("invoice") if row["status"] == "paid"}
        for line in self.live("invoice_line_item"):
            invoice = paid.get(line["invoice_id"])
            made = invoice and (invoice["created"] or invoice["period_end"])
            if invoice and made:
                yield {
                    "source_id": f"{invoice['id']}:{line['id']}",
                    "month": made.date().replace(day=1),
                    "customer": invoice["customer_id"],
                    "kind": "recurring" if line["subscription_id"] else "one_off",
                    "amount": _amount(line),
                    "currency": line["currency"].upper(),
                }

    def customers(self) -> Iterator[dict[str, Any]]:
        """A row per customer: an account of its own."""
        for row in self.live("customer"):
            yield {"source_id": row["id"], "name": row["name"] or row["email"], "account": row["name"] or row["id"]}


def _is_late(item: dict[str, Any], life: Life | None) -> bool:
    return bool(life and life.ended and item["created"] and item["created"] >= life.ended)


def _amount(line: dict[str, Any]) -> Decimal:
    return exact(major(Fraction(line["amount"]), line["currency"]))


CONNECTOR = StripeWarehouse()
