"""Who was asked when: so that a survey goes to the right customer, and not too often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deskpulse.answers.profile import fact_table
from deskpulse.facts import survey, ticket


def customer_of(backend: Any, name: str) -> str | None:
    """The customer (``source:id``) of a ticket, where it is published already."""
    table = fact_table(backend, ticket.FACT)
    found = backend.to_pyarrow(table.filter(table["ticket"] == name).select("customer").limit(1)).to_pylist()
    return found[0]["customer"] if found else None


def last_offered(backend: Any, customer: str) -> datetime | None:
    """When a customer was last invited to any survey, as far as it is published (UTC)."""
    table = fact_table(backend, survey.FACT)
    last = table.filter(table["customer"] == customer)["offered_at"].max()
    found: datetime | None = backend.to_pyarrow(last).as_py()
    return found
