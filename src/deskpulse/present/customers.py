"""Customers as rows of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskpulse import units
from deskpulse.answers.customers import CustomerSummary, Worth
from deskpulse.language import gettext, template
from deskpulse.present.words import time_words
from deskpulse.time.zone import to_local


@dataclass(frozen=True, kw_only=True)
class CustomerLine:
    """A customer, written."""

    customer: str
    name: str
    account: str
    segment: str
    tickets: str
    unsolved: str
    reopenings: str
    ratings: str
    last: str


def customer_rows(rows: Sequence[CustomerSummary], zone: str) -> tuple[CustomerLine, ...]:
    """Customers, written; times in ``zone``."""
    return tuple(_line(row, zone) for row in rows)


def _line(row: CustomerSummary, zone: str) -> CustomerLine:
    ratings = units.format_count(row.ratings) if row.ratings else ""
    if row.low_ratings:
        ratings = gettext("%(ratings)s, %(low)s low", ratings=ratings, low=units.format_count(row.low_ratings))
    return CustomerLine(
        customer=row.customer,
        name=row.name or "",
        account=row.account or "",
        segment=row.segment or "",
        tickets=units.format_count(row.tickets),
        unsolved=units.format_count(row.unsolved),
        reopenings=units.format_count(row.reopenings),
        ratings=ratings,
        last=time_words(row.last_at, zone),
    )


def worth_words(worth: Worth | None, currency: str, zone: str) -> str:
    """``4.99 GBP a month, plan Pine Care, since 2025-04``; nothing where it is not known."""
    if worth is None:
        return ""
    since = to_local(worth.since, zone).strftime(template("%Y-%m"))
    pays = gettext("%(sum)s %(currency)s a month", sum=units.format_number(float(worth.mrr)), currency=currency)
    words = (
        gettext("pays nothing any more") if worth.is_churned else pays,
        gettext("plan %(plan)s", plan=worth.plan) if worth.plan else "",
        gettext("since %(month)s", month=since),
    )
    return ", ".join(filter(None, words))
