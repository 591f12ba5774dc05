"""Customers: who asked, how often, how it went, and what the account is worth where that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import ibis
from ibis.common.exceptions import TableNotFound

from deskpulse.answers.filtered import Selection, counted, filtered, holding, paged, within
from deskpulse.answers.profile import fact_table
from deskpulse.answers.question import Filter
from deskpulse.answers.visible import visible
from deskpulse.errors import UnknownNameError
from deskpulse.facts import account_month, survey, ticket
from deskpulse.metrics.fact import Table

MOST_TICKETS = "tickets"
# By what name, in which words, by which column.
ORDERS: Mapping[str, tuple[str, str]] = {
    MOST_TICKETS: ("most tickets first", "tickets"),
    "unsolved": ("most unsolved first", "unsolved"),
    "reopened": ("most often reopened first", "reopenings"),
    "low": ("most low ratings first", "low_ratings"),
    "latest": ("latest ticket first", "last_at"),
}
COUNTS = ("tickets", "unsolved", "reopenings", "ratings", "low_ratings")


@dataclass(frozen=True, kw_only=True)
class CustomerSummary:
    """A customer with the tickets of a period; ``name`` and ``account`` where the source tells them."""

    customer: str
    name: str | None
    account: str | None
    segment: str | None
    tickets: int
    unsolved: int
    reopenings: int
    ratings: int
    low_ratings: int
    last_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CustomerPage:
    """Some of the customers found, and how many there are."""

    rows: tuple[CustomerSummary, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What an account pays: monthly recurring revenue now, its plan, since when, and whether it left."""

    mrr: Decimal
    plan: str | None
    since: datetime
    is_churned: bool


@dataclass(frozen=True, kw_only=True)
class CustomersSought(Selection):
    """Which customers: those with tickets of the period that pass, holding ``words``, in one of ``ORDERS``."""

    order: str = MOST_TICKETS
    only: str | None = None


def find_customers(backend: Any, sought: CustomersSought, *, most: int = 50, after: int = 0) -> CustomerPage:
    """A page of customers; raises UnknownNameError for an order or dimension there is none of."""
    if sought.order not in ORDERS:
        raise UnknownNameError("order of customers", sought.order, ORDERS)
    table = holding(_customers(backend, sought), sought.words, ("customer", "name", "account"))
    column = ORDERS[sought.order][1]
    rows = paged(backend, table.order_by([ibis.desc(column), "customer"]), most, after)
    return CustomerPage(rows=tuple(CustomerSummary(**row) for row in rows), total=counted(backend, table))


def customer_named(backend: Any, customer: str, rules: tuple[Filter, ...] = ()) -> CustomerSummary:
    """One customer over all time; raises UnknownNameError, also for one whose tickets ``rules`` hide."""
    found = find_customers(backend, CustomersSought(rules=rules, only=customer), most=1).rows
    if not found:
        raise UnknownNameError("customer", customer, ())
    return found[0]


def _customers(backend: Any, sought: CustomersSought) -> Table:
    asked = _asked(backend, sought).left_join(_rated(backend, sought), "customer").drop("customer_right")
    named = asked.left_join(_named(backend), "customer").drop("customer_right")
    return named.mutate(**{name: named[name].fill_null(0).cast("int64") for name in COUNTS}).select(
        "customer", "name", "account", "segment", *COUNTS, "last_at"
    )


def _asked(backend: Any, sought: CustomersSought) -> Table:
    rows = visible(fact_table(backend, ticket.FACT), sought.rules)
    rows = filtered(rows, ticket.FACT, ticket.created_at, sought.where)
    rows = within(rows, ticket.created_at, sought.start, sought.end)
    rows = rows.filter(rows["left_out"].isnull(), rows["customer"].notnull())
    if sought.only is not None:
        rows = rows.filter(rows["customer"] == sought.only)
    is_unsolved = (~rows["is_solved"].fill_null(False)).ifelse(1, 0)
    return rows.group_by("customer").aggregate(
        tickets=rows.count(),
        unsolved=is_unsolved.sum(),
        reopenings=rows["reopenings"].sum(),
        last_at=rows["created_at"].max(),
    )


def _rated(backend: Any, sought: CustomersSought) -> Table:
    rows = fact_table(backend, survey.FACT)
    rows = filtered(rows, survey.FACT, survey.rated_at, (), sought.rules)
    rows = within(rows, survey.rated_at, sought.start, sought.end)
    rows = rows.filter(rows["left_out"].isnull(), rows["score"].notnull(), rows["customer"].notnull())
    low = rows["is_dissatisfied"].fill_null(False).ifelse(1, 0)
    return rows.group_by("customer").aggregate(ratings=rows.count(), low_ratings=low.sum())


def _named(backend: Any) -> Table:
    rows = backend.table("event_customer")
    return rows.select("name", "account", "segment", customer=rows["source"] + ":" + rows["source_id"])


def worth_of(backend: Any, customer: CustomerSummary) -> Worth | None:
    """What the customer's account pays, by its newest month; null where nothing is known of it."""
    source = customer.customer.partition(":")[0]
    names = [customer.customer, *([f"{source}:{customer.account}"] if customer.account else [])]
    try:
        months = fact_table(backend, account_month.FACT)
    except TableNotFound:
        return None
    months = months.filter(months["account"].isin(names), months["left_out"].isnull())
    rows = backend.to_pyarrow(months.order_by("month_at").select("month_at", "closing", "plan")).to_pylist()
    if not rows:
        return None
    paid = [row for row in rows if row["closing"]]
    newest = rows[-1]
    return Worth(
        mrr=newest["closing"],
        plan=(paid or rows)[-1]["plan"],
        since=rows[0]["month_at"],
        is_churned=not newest["closing"],
    )
