"""Stripe over its API: customers, subscriptions and paid invoices once, then the events of what changed.

Every event carries the object as it was then, so changes of price and quantity keep their dates. Stripe keeps events
for 30 days: after a longer pause subscriptions are listed again, and what changed meanwhile counts from then on. What
terms do by themselves (a trial that ends, a coupon that runs out) is asked for when its day has come.

Built from memory of Stripe's documentation, without its description at hand: see ``unverified``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

from deskpulse.connectors import stripe_objects as objects
from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.api.understood import learned
from deskpulse.connectors.connector import Batch, Quarantined

BASE = "https://api.stripe.com/v1"
VERSION = "2024-06-20"
SIZE = 100
SETTLED = 60
"""Seconds: an event may turn up behind one that is a little newer."""

LISTS: Mapping[str, Mapping[str, Any]] = {
    "products": {},
    "customers": {},
    "subscriptions": {"status": "all"},
    "invoices": {"status": "paid"},
}
GONE = (400, 404)


class Stripe(ApiConnector):
    """Reads an account of Stripe."""

    title: ClassVar[str] = "Stripe"
    gives: ClassVar[tuple[str, ...]] = ("subscription_change", "revenue_month", "customer")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="key", says="A restricted key that may read, or the secret key, of live mode", is_secret=True),
    )
    scopes: ClassVar[tuple[str, ...]] = (
        "reading customers",
        "reading subscriptions",
        "reading invoices",
        "reading products",
        "reading events",
    )
    maps: ClassVar[Mapping[str, str]] = {
        "subscription_change": "each item of a subscription: its worth per month from its start, trial, pause, end and "
        "every change of price, quantity or coupon on (a year is 12 months, 52 weeks, 365 days)",
        "revenue_month": "lines of paid invoices in the month (UTC) they were made; of no subscription is one-off",
        "customer": "a customer, as an account of its own",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "A subscription's past before it was first read has its present price; from then on changes keep their dates.",
        "After a pause of over 30 days what changed meanwhile counts from the day it is read again.",
        "Prices with tiers and metered ones have no worth per month: they are put aside, with the reason.",
        "Coupons for one invoice take nothing off; those of a customer, of items, or beyond the first are not known.",
        "Past due counts, as does a subscription whose collection is paused; what was never paid does not.",
        "Refunds and credit notes are not taken off. Test data is put aside.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "The running product: names of fields are those of its documented objects, version 2024-06-20.",
        "That 'ending_before' gives the events next to that id, and that a forgotten id is answered by 400 or 404.",
    )

    def open(self, account: Account) -> Client:
        """The client; ``url`` among the options goes before the public address."""
        headers = {"Authorization": f"Bearer {account.secret('key')}", "Stripe-Version": VERSION}
        return Client(str(account.options.get("url") or BASE), source=account.source, headers=headers)

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks for one of each list; a key of test mode reads what does not count."""
        asked = {name: client.get(name, {"limit": 1}, accept=(403,)) for name in (*LISTS, "events")}
        missing = [f"reading {name}" for name, answer in asked.items() if answer.status == 403]
        found = [one for answer in asked.values() if answer.status == 200 for one in answer.data.get("data") or ()]
        is_test = bool(found) and all(one.get("livemode") is False for one in found)
        return (*missing, *(["a key of live mode: this one is of test mode"] if is_test else ()))

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """The lists once, each from its end; then events from the last one read; then what terms change by now."""
        position = Position.read(cursor)
        before = position.known.get("until", 0)
        position.known["until"] = _epoch(now)
        reading = _Reading(client=client, position=position, now=now, before=before)
        yield from reading.lists(None if since is None else _epoch(since))
        yield from reading.events()
        yield from reading.due()

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of any of the lists."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        seen, told = _epoch(page.fetched_at), page.context
        found = [page.data] if page.stream == "subscription" else page.data["data"]
        names = told.get("names") or {}
        if page.stream == "customers":
            rows.each(found, partial(objects.customer, rows, seen=seen))
        elif page.stream == "invoices":
            rows.each(found, partial(objects.invoice, rows, seen=seen))
        elif page.stream == "lines":
            rows.each(found, partial(objects.invoice_line, rows, told["invoice"], seen))
        elif page.stream == "subscriptions" and told.get("after") is not None:
            rows.each(found, partial(objects.relisted, rows, names, seen=seen, after=told["after"]))
        elif page.stream in ("subscriptions", "subscription"):
            rows.each(found, partial(objects.subscription, rows, names, seen=seen, after=told.get("after")))
        elif page.stream == "events":
            rows.each(found, partial(objects.read_event, rows, names))
        yield from rows.batches()


@dataclass(kw_only=True)
class _Reading:
    """One run; ``before`` is when the last one began.

    ``known`` has the last event, the names of products, and when terms change next, by subscription.
    """

    client: Client
    position: Position
    now: datetime
    before: int

    @property
    def known(self) -> dict[str, Any]:
        return self.position.known

    def lists(self, after: int | None) -> Iterator[Page]:
        """Each list to its end, unless that was done; the newest event first, so that nothing falls between."""
        if "event" not in self.known:
            newest = _ids(self._ask_events({"limit": 1}).data["data"])
            self.known.update(event=newest[0] if newest else None, after=after, edges={}, names={})
        for name, params in LISTS.items():
            yield from self._list(name, params)

    def _list(self, name: str, params: Mapping[str, Any]) -> Iterator[Page]:
        here = self.position.lists.setdefault(name, {"after": None, "is_read": False})
        yield from self._lines()
        while not here["is_read"]:
            following = {"starting_after": here["after"]} if here["after"] else {}
            answer = self.client.get(name, {**params, **following, "limit": SIZE})
            found = answer.data["data"]
            ids = _ids(found)
            here.update(after=ids[-1] if ids else None, is_read=not answer.data.get("has_more") or not found)
            self._learn(name, found)
            context = {"names": self._named(found), "after": self.known["after"]} if name == "subscriptions" else {}
            yield self._page(name, answer, context)
            yield from self._lines()

    def _learn(self, name: str, found: list[Any]) -> None:
        if name == "products":
            self.known["names"] |= dict(learned(found, lambda one: (str(one["id"]), one.get("name"))))
        elif name == "subscriptions":
            list(learned(found, self._expect))
        elif name == "invoices":
            list(learned(found, self._await_lines))

    def _await_lines(self, one: Any) -> None:
        """An invoice of which only the first lines came."""
        if _id(one) and (one.get("lines") or {}).get("has_more") and one.get("livemode") is not False:
            told = {name: one.get(name) for name in ("id", "customer", "created", "period_end")}
            self.known.setdefault("lines", []).append(told)

    def _lines(self) -> Iterator[Page]:
        waiting = self.known.setdefault("lines", [])
        while waiting:
            invoice = waiting[0]
            following = {"starting_after": invoice["last"]} if invoice.get("last") else {}
            answer = self.client.get(f"invoices/{invoice['id']}/lines", {**following, "limit": SIZE}, accept=(404,))
            found = answer.data["data"] if answer.status == 200 else []
            if _ids(found) and answer.data.get("has_more"):
                invoice["last"] = _ids(found)[-1]
            else:
                waiting.pop(0)
            if found:
                yield self._page("lines", answer, {"invoice": invoice})

    def events(self) -> Iterator[Page]:
        """The events after the last that is settled; those since then are read again, and kept if any is new."""
        while True:
            answer = self._ask_events({"limit": SIZE, **self._place()})
            if answer.status in GONE:
                yield from self._again()
                return
            found, is_end = answer.data["data"], not answer.data.get("has_more")
            seen = self.known.get("seen", ())
            new = [one for one in found if _id(one) not in seen]
            self._move(found, is_end)
            if new:
                list(learned(new[::-1], self._hear))  # the oldest comes last in the list
                told = list(learned(new, lambda one: one["data"]["object"]))
                yield self._page("events", answer, {"names": self._named(told)})
            yield from self._lines()
            if is_end:
                return

    def _place(self) -> dict[str, str]:
        """After the last event; where there was none yet, from the newest one down."""
        if self.known["event"]:
            return {"ending_before": self.known["event"]}
        return {"starting_after": self.known["down"]} if self.known.get("down") else {}

    def _move(self, found: list[Any], is_end: bool) -> None:
        ids = _ids(found)
        if not ids:
            return
        if self.known["event"] is None:
            top = self.known.get("top") or ids[0]
            self.known.update({"event": top} if is_end else {"top": top, "down": ids[-1]})
            return
        made = dict(learned(found, lambda one: (str(one["id"]), int(one["created"]))))
        settled = [name for name in ids if made.get(name, 0) <= _epoch(self.now) - SETTLED]
        self.known["seen"] = [name for name in ids if name not in settled]
        if settled or not is_end:
            self.known["event"] = settled[0] if is_end else ids[0]

    def _hear(self, event: Any) -> None:
        told = event["data"]["object"]
        if event["type"] in objects.SUBSCRIPTIONS:
            self._expect(told)
        elif event["type"] in objects.PAID:
            self._await_lines(told)

    def _again(self) -> Iterator[Page]:
        """Events were kept for a shorter time than nobody read them: all lists once more."""
        self.known.pop("event")
        for name in LISTS:
            self.position.lists.pop(name, None)
        yield from self.lists(self.before)

    def due(self) -> Iterator[Page]:
        """Subscriptions whose terms changed them by now."""
        for name, at in sorted(self.known["edges"].items()):
            if at <= _epoch(self.now):
                answer = self.client.get(f"subscriptions/{name}", accept=(404,))
                self.known["edges"].pop(name)
                if answer.status == 200:
                    self._expect(answer.data)
                    yield self._page("subscription", answer, {"names": self._named([answer.data]), "after": at - 1})

    def _expect(self, told: Any) -> None:
        self.known["edges"].pop(told["id"], None)
        at = objects.next_change(told, _epoch(self.now))
        if at is not None:
            self.known["edges"][told["id"]] = at

    def _named(self, found: list[Any]) -> dict[str, str]:
        """The names of the products the subscriptions are of; one that is new is asked for."""
        ids = {product for named in learned(found, objects.products) for product in named}
        for product in sorted(ids - set(self.known["names"])):
            answer = self.client.get(f"products/{product}", accept=(403, 404))
            self.known["names"][product] = answer.data.get("name") if answer.status == 200 else None
        return {product: self.known["names"][product] for product in sorted(ids) if self.known["names"][product]}

    def _ask_events(self, params: Mapping[str, Any]) -> Answer:
        return self.client.get("events", {**params, "types[]": list(objects.EVENTS)}, accept=GONE)

    def _page(self, stream: str, answer: Answer, context: Mapping[str, Any]) -> Page:
        cursor, items = self.position.text, len(answer.data.get("data") or [answer.data])
        return Page(
            stream=stream, body=answer.body, cursor=cursor, fetched_at=self.now, context=context, items=items
        )  # fmt: skip


def _id(one: Any) -> str | None:
    found = one.get("id") if isinstance(one, dict) else None
    return found if isinstance(found, str) else None


def _ids(found: list[Any]) -> list[str]:
    return [name for name in map(_id, found) if name]


def _epoch(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


API = Stripe()
