"""Further contacts: when the same customer came back about the same topic."""

from __future__ import annotations

import ibis

from deskpulse.facts.build.instants import seconds
from deskpulse.metrics.fact import Table


def next_tickets(tickets: Table) -> Table:
    """Per ticket, when its customer next opened one of the same topic, or one where either topic is unknown.

    ``tickets`` are all of the workspace's, not one batch's. Tests and spam are no contacts. Columns: ticket_key, next_at.
    """
    real = tickets.filter(
        tickets.customer.notnull() & ~tickets.is_test.fill_null(False) & ~tickets.is_spam.fill_null(False)
    )
    rows = real.select("ticket_key", "source", "customer", "topic", at=seconds(real.created_at))
    later = {"order_by": ["at", "ticket_key"], "following": (1, None)}
    of_customer = ibis.window(group_by=["source", "customer"], **later)
    of_topic = ibis.window(group_by=["source", "customer", "topic"], **later)
    unknown = rows.topic.isnull().ifelse(rows["at"], ibis.null("int64"))
    found = rows.mutate(
        any_at=rows["at"].min().over(of_customer),
        same_at=rows["at"].min().over(of_topic),
        unknown_at=unknown.min().over(of_customer),
    )
    about_same = ibis.least(found.same_at, found.unknown_at)
    return found.select("ticket_key", next_at=found.topic.isnull().ifelse(found.any_at, about_same))
