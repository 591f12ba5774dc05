"""A Stripe account: objects as they are, and an event with the object as it was then for every change."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told

KEY = "rk_live_1"
PRODUCT = {"id": "prod_gold", "object": "product", "name": "Gold", "livemode": True}


def epoch(moment: datetime) -> int:
    """Seconds since 1970 of an instant in UTC."""
    return int(moment.replace(tzinfo=UTC).timestamp())


def price(id_: str, amount: int, interval: str = "month", currency: str = "usd", **more: Any) -> dict[str, Any]:
    """A price of so many cents."""
    return {
        "id": id_, "object": "price", "billing_scheme": "per_unit", "currency": currency, "nickname": None,
        "product": "prod_gold", "unit_amount": amount, "unit_amount_decimal": str(amount),
        "recurring": {"interval": interval, "interval_count": 1, "usage_type": "licensed"}, **more,
    }  # fmt: skip


def item(id_: str, of: dict[str, Any], quantity: int, made: datetime) -> dict[str, Any]:
    """An item of a subscription."""
    return {"id": id_, "object": "subscription_item", "price": of, "quantity": quantity, "created": epoch(made)}


class FakeStripe(Fake):
    """``size`` objects a page; the newest first, as Stripe lists them."""

    def __init__(self, *, size: int = 100) -> None:
        super().__init__()
        self.size = size
        self.objects: dict[str, dict[str, dict[str, Any]]] = {
            "products": {"prod_gold": PRODUCT}, "customers": {}, "subscriptions": {}, "invoices": {},
        }  # fmt: skip
        self.events: list[dict[str, Any]] = []
        self.forgotten: set[str] = set()
        self.forbidden: set[str] = set()

    def tell(self, kind: str, told: dict[str, Any], at: datetime, before: dict[str, Any] | None = None) -> None:
        """An event with the object as it is now."""
        data = {"object": deepcopy(told), **({"previous_attributes": before} if before is not None else {})}
        self.events.append(
            {
                "id": f"evt_{len(self.events) + 1:04}", "object": "event", "type": kind, "created": epoch(at),
                "livemode": True, "data": data,
            }
        )  # fmt: skip

    def customer(self, id_: str, name: str, at: datetime) -> None:
        """Somebody new."""
        made = {"id": id_, "object": "customer", "name": name, "created": epoch(at), "livemode": True}
        self.objects["customers"][id_] = made
        self.tell("customer.created", made, at)

    def subscribe(
        self, id_: str, customer: str, items: list[dict[str, Any]], at: datetime, **more: Any
    ) -> dict[str, Any]:
        """A new subscription."""
        made = {
            "id": id_, "object": "subscription", "customer": customer, "status": "active", "created": epoch(at),
            "start_date": epoch(at), "ended_at": None, "canceled_at": None, "trial_end": None, "livemode": True,
            "current_period_start": epoch(at), "discount": None, "items": {"data": items, "has_more": False}, **more,
        }  # fmt: skip
        self.objects["subscriptions"][id_] = made
        self.tell("customer.subscription.created", made, at)
        return made

    def change(self, id_: str, at: datetime, kind: str = "updated", **changed: Any) -> None:
        """Sets what of a subscription is new, and tells of it."""
        told = self.objects["subscriptions"][id_]
        before = {name: deepcopy(told.get(name)) for name in changed}
        told.update(changed)
        self.tell(f"customer.subscription.{kind}", told, at, before if kind == "updated" else None)

    def pay(self, id_: str, customer: str, lines: list[dict[str, Any]], at: datetime) -> None:
        """A paid invoice; more than two lines do not come with it."""
        whole = {
            "id": id_, "object": "invoice", "customer": customer, "status": "paid", "created": epoch(at),
            "livemode": True, "lines": {"data": lines, "has_more": False},
        }  # fmt: skip
        self.objects["invoices"][id_] = whole
        self.tell("invoice.paid", self._short(whole), at)

    @staticmethod
    def _short(one: dict[str, Any]) -> dict[str, Any]:
        if one.get("object") != "invoice":
            return one
        lines = one["lines"]["data"]
        return {**one, "lines": {"data": lines[:2], "has_more": len(lines) > 2}}

    def answer(self, asked: Asked) -> Told:
        """The list or object asked for."""
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return Told(status=401, data={"error": {"type": "invalid_request_error"}})
        name, *rest = asked.path.strip("/").split("/")
        if name in self.forbidden:
            return Told(status=403, data={"error": {"type": "invalid_request_error"}})
        if name == "events":
            types = set(asked.query.get("types[]") or [one["type"] for one in self.events])
            return self._list([one for one in reversed(self.events) if one["type"] in types], asked)
        if rest[1:] == ["lines"]:
            return self._list(self.objects[name][rest[0]]["lines"]["data"], asked)
        if rest:
            found = self.objects[name].get(rest[0])
            return Told(data=found) if found else Told(status=404, data={"error": {"code": "resource_missing"}})
        newest_first = reversed(list(self.objects[name].values()))
        status = asked.one("status")
        wanted = [one for one in newest_first if status in (None, "all", one.get("status"))]
        return self._list([self._short(one) for one in wanted], asked)

    def _list(self, found: list[dict[str, Any]], asked: Asked) -> Told:
        """A page after an object, or the page next before it."""
        size = min(self.size, int(asked.one("limit") or 10))
        ids = [one["id"] for one in found]
        after, before = asked.one("starting_after"), asked.one("ending_before")
        place = after or before
        if place is not None and (place in self.forgotten or place not in ids):
            return Told(status=400, data={"error": {"code": "resource_missing", "message": f"No such object: {place}"}})
        if before is not None:
            end = ids.index(before)
            page, more = found[max(0, end - size) : end], end > size
        else:
            begin = ids.index(after) + 1 if after else 0
            page, more = found[begin : begin + size], len(found) > begin + size
        return Told(data={"object": "list", "data": page, "has_more": more})


def seeded() -> Seeded:
    """Customers that buy, change their mind, pay for more than goes on one page, and leave."""
    fake, start, day = FakeStripe(size=4), datetime(2026, 1, 5), timedelta(days=1)
    for number in range(9):
        at = start + number * day
        fake.customer(f"c{number}", f"Customer {number}", at)
        first = item(f"i{number}", price("p20", 2000), 1, at)
        trial = epoch(at + 7 * day) if number % 3 == 0 else None
        fake.subscribe(f"s{number}", f"c{number}", [first], at, trial_end=trial)
        lines = [{"id": f"l{line}", "amount": 900, "currency": "usd", "subscription": None} for line in range(number)]
        fake.pay(f"in{number}", f"c{number}", lines, at + day)
        if number % 2:
            fake.change(f"s{number}", at + 9 * day, items={"data": [{**first, "quantity": 3}]})
        if number % 4 == 0:
            fake.change(
                f"s{number}", at + 20 * day, kind="deleted", status="canceled", ended_at=epoch(at + 20 * day)
            )  # fmt: skip
    return Seeded(connector="stripe", fake=fake, secrets={"key": KEY})
