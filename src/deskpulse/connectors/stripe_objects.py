"""Stripe's objects as canonical rows: the same worth per month as of its warehouse tables, with its past kept.

An object is what a subscription was at one moment, so it tells what every item was worth then. A list tells all that
the terms explain up to that moment; an event, which comes at each change, adds what the items are worth from it on.
Rows are numbered by item and moment: the same change told twice, by a list and by an event, is one row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.stripe_worth import (
    Change,
    Discount,
    Life,
    changes,
    discount_of,
    exact,
    life_of,
    major,
    price_of,
)

TEST_DATA = "it is test data, not live"
EXPLAINED = timedelta(hours=1)
"""A change of status that the terms date so shortly before the event that tells of it is dated as the terms say."""

OF_WORTH = {"items", "quantity", "plan", "status", "discount", "discounts", "trial_end", "ended_at", "start_date"}
"""What of a subscription changes its worth: an event that changes nothing of it adds nothing."""

SUBSCRIPTIONS = tuple(
    f"customer.subscription.{word}" for word in ("created", "updated", "deleted", "paused", "resumed")
)
CUSTOMERS = ("customer.created", "customer.updated")
PAID = ("invoice.paid",)
EVENTS = (*SUBSCRIPTIONS, *CUSTOMERS, *PAID)
"""The events that are read."""

Names = Mapping[str, str]
Object = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an item of a subscription is worth and what comes off, with the words for it."""

    item: Object
    price: Object
    life: Life
    worth: Fraction
    off: tuple[Discount, ...]

    @property
    def changes(self) -> Iterator[Change]:
        """Its whole life, as the present terms explain it."""
        return changes(self.life, _moment(self.item.get("created")), self.worth, self.off)


def read_event(rows: Rows, names: Names, event: Object) -> None:
    """The rows of an event of one of ``EVENTS``, from the API or sent to a webhook; nothing of any other."""
    kind, told, at = event["type"], event["data"]["object"], int(event["created"])
    if kind in SUBSCRIPTIONS:
        before = event["data"].get("previous_attributes")
        if kind == "customer.subscription.created":
            subscription(rows, names, told, seen=at)
        elif before is None or kind != "customer.subscription.updated" or OF_WORTH & set(before):
            is_status = before is None or kind != "customer.subscription.updated" or "status" in before
            _now_worth(rows, names, told, at, is_explained=is_status)
            _removed(rows, names, told, before or {}, at)
    elif kind in CUSTOMERS:
        customer(rows, told, seen=at)
    elif kind in PAID:
        invoice(rows, told, seen=at)


def subscription(rows: Rows, names: Names, told: Object, *, seen: int, after: int | None = None) -> None:
    """All that the terms explain until ``seen`` (seconds since 1970), or only what comes later than ``after``."""
    for terms in _terms(rows, told):
        for change in terms.changes:
            if (after is None or _epoch(change.at) > after) and _epoch(change.at) <= seen:
                _add(rows, names, told, terms, change, seen)


def relisted(rows: Rows, names: Names, told: Object, *, seen: int, after: int) -> None:
    """A subscription met again after a time of which nothing is known: what it is worth now counts from now on."""
    subscription(rows, names, told, seen=seen, after=after)
    _now_worth(rows, names, told, seen, is_explained=False)


def next_change(told: Object, seen: int) -> int | None:
    """When the terms themselves change it next (a trial that ends, a coupon that runs out); null if they do not."""
    quiet = Rows("", datetime(1970, 1, 1), page="")
    later = [_epoch(change.at) for terms in _terms(quiet, told) for change in terms.changes]
    return min((at for at in later if at > seen), default=None)


def products(told: Object) -> set[str]:
    """The products of its items, by id."""
    found = {_price(item).get("product") for item in _items(told)}
    return {product for product in found if isinstance(product, str)}


def customer(rows: Rows, told: Object, *, seen: int) -> None:
    """A customer: an account of its own."""
    if _is_test(rows, told):
        return
    name = told.get("name")
    rows.add("customer", told["id"], seen, name=name or told.get("email"), account=name or told["id"])


def invoice(rows: Rows, told: Object, *, seen: int) -> None:
    """The lines of a paid invoice that came with it."""
    if not _is_test(rows, told):
        rows.each(told["lines"]["data"], partial(invoice_line, rows, told, seen))


def invoice_line(rows: Rows, told: Object, seen: int, line: Object) -> None:
    """A line of a paid invoice, in the month (UTC) it was made; of no subscription, it does not come back."""
    currency = line["currency"]
    rows.add(
        "revenue_month", f"{told['id']}:{line['id']}", seen, month=_made(told).date().replace(day=1),
        customer=told.get("customer"), kind="recurring" if _subscription_of(line) else "one_off",
        amount=exact(major(Fraction(line["amount"]), currency)), currency=currency.upper(),
    )  # fmt: skip


def _terms(rows: Rows, told: Object) -> Iterator[Terms]:
    if _is_test(rows, told):
        return
    life = life_of(_life_row(told))
    items = _items(told)
    for item in items if life else ():
        price = _price(item)
        found = price_of(_price_row(price))
        if isinstance(found, str):
            rows.refuse(item, found.replace("in the tables", "known"), "price")
        else:
            worth = major(found * Fraction(item.get("quantity") or 1), price["currency"])
            off = _discounts(told, price["currency"], len(items))
            assert life is not None
            yield Terms(item=item, price=price, life=life, worth=worth, off=tuple(off))


def _now_worth(rows: Rows, names: Names, told: Object, at: int, *, is_explained: bool) -> None:
    """A row per item of what it is worth from the event on, or from when the terms say, if they explain it."""
    for terms in _terms(rows, told):
        last = max((one for one in terms.changes if _epoch(one.at) <= at), key=lambda one: one.at, default=None)
        if last is None:
            continue
        moment = _moment(at)
        assert moment is not None
        is_told = is_explained and moment - last.at <= EXPLAINED
        reason = last.reason if is_told or last.amount == 0 or last.reason == "trial" else "change"
        change = Change(at=last.at if is_told else moment, amount=last.amount, reason=reason)
        _add(rows, names, told, terms, change, at)


def _removed(rows: Rows, names: Names, told: Object, before: Object, at: int) -> None:
    """Items that the event took away."""
    left = {item["id"] for item in _items(told)}
    for item in _items(before):
        if item.get("id") and item["id"] not in left and not _is_test(rows, told):
            _row(rows, names, told, item, at=at, seen=at, amount=0, reason="end")


def _add(rows: Rows, names: Names, told: Object, terms: Terms, change: Change, seen: int) -> None:
    _row(
        rows, names, told, terms.item, at=_epoch(change.at), seen=seen, amount=change.amount, reason=change.reason
    )  # fmt: skip


def _row(rows: Rows, names: Names, told: Object, item: Object, *, at: int, seen: int, amount: Any, reason: str) -> None:
    price = _price(item)
    plan = price.get("nickname") or names.get(str(price.get("product"))) or price.get("id")
    rows.add(
        "subscription_change", f"{item['id']}:{at}", seen, at=_moment(at), subscription=item["id"],
        customer=told["customer"], plan=plan, monthly_amount=amount, currency=price["currency"].upper(), reason=reason,
    )  # fmt: skip


def _is_test(rows: Rows, told: Object) -> bool:
    if told.get("livemode") is False:
        rows.refuse({"id": told.get("id"), "livemode": False}, TEST_DATA, "livemode")
        return True
    return False


def _items(told: Object) -> list[Object]:
    found: list[Object] = (told.get("items") or {}).get("data") or []
    if not isinstance(found, list):
        raise TypeError("its items are no list")
    return found


def _price(item: Object) -> Object:
    price: Object = item.get("price") or item["plan"]
    return price


def _price_row(price: Object) -> Object:
    """Prices and the older plans alike, as their tables have them."""
    recurring = price.get("recurring") or price
    amount = price.get("unit_amount_decimal") or price.get("unit_amount")
    return {
        "billing_scheme": price.get("billing_scheme"),
        "usage_type": recurring.get("usage_type"),
        "interval": recurring.get("interval"),
        "interval_count": recurring.get("interval_count"),
        "amount": amount if amount is not None else price.get("amount"),
    }


def _life_row(told: Object) -> Object:
    """The moments of a subscription; newer versions of the API tell the present period by item."""
    moments = ("start_date", "created", "trial_end", "ended_at", "canceled_at", "current_period_start")
    period = next((item.get("current_period_start") for item in _items(told)), None)
    row = {"current_period_start": period, **told}
    return {"status": told.get("status"), **{name: _moment(row.get(name)) for name in moments}}


def _discounts(told: Object, currency: str, items: int) -> Iterator[Discount]:
    """The coupons that came whole: newer versions tell only their ids in a list."""
    known = told.get("discounts") or ()
    told_of = [one for one in (told.get("discount"), *known) if isinstance(one, dict)]
    for discount in {one["id"]: one for one in told_of}.values():
        coupon = discount.get("coupon") or (discount.get("source") or {}).get("coupon")
        if isinstance(coupon, dict):
            row = {"amount_off": None, "percent_off": None, "currency": None, **coupon}
            spans = {"start": _moment(discount.get("start")), "end": _moment(discount.get("end"))}
            found = discount_of({**row, **spans}, currency, items)
            if found is not None:
                yield found


def _subscription_of(line: Object) -> Any:
    parent = line.get("parent") or {}
    return line.get("subscription") or (parent.get("subscription_item_details") or {}).get("subscription")


def _made(told: Object) -> datetime:
    made = _moment(told.get("created") or told["period_end"])
    assert made is not None
    return made


def _moment(seconds: Any) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC).replace(tzinfo=None)


def _epoch(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())
