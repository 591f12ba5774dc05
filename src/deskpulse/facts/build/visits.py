"""The fact of visits to the help centre, and of the contact that followed."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts import visit
from deskpulse.facts.build.articles import titles
from deskpulse.facts.build.instants import first_by, last_by, moment, seconds
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Table, Value

NO_CONTACT = ("test", "spam", "deleted")
HOUR = 3_600


def visit_rows(events: Mapping[str, Table], tickets: Table, calls: Table) -> Table:
    """One row per visit: what one visitor did without a pause of half an hour; rows of nobody are none.

    The customer is told from any visit of the visitor, where it is always the same. A contact is theirs by the same
    source and customer: a ticket that is no test, spam or deleted, or an inbound call.
    """
    acts = _in_visits(events["article_event"])
    known = titles(events["article"])
    rows = acts.left_join(known, [acts.source == known.source, acts.article == known.article_key])
    summed = _summed(rows.drop("source_right"))
    named = summed.mutate(
        visit=summed.source + ":" + summed.visitor + ":" + summed.begin.cast("string"),
        customer=summed.source + ":" + summed.customer,
    )
    followed = _with_contact(named, contacts(tickets, calls))
    final = followed.mutate(
        began_at=moment(followed.begin),
        ended_at=moment(followed.end),
        contacted_at=moment(followed.contact),
        left_out=ibis.null("string"),
    )
    return shaped(final, visit.FACT)


def _in_visits(events: Table) -> Table:
    """What visitors did, with the number of the visit it belongs to."""
    named = events.mutate(visitor=ibis.coalesce(events.visitor, events.customer))
    rows = named.filter(named.visitor.notnull()).mutate(since=seconds(named["at"]), did=named.action.cast("string"))
    by_time = ibis.window(group_by=["source", "visitor"], order_by=["since", "source_id"])
    before = rows.since.lag().over(by_time)
    begins = (before.isnull() | (rows.since - before > visit.PAUSE_SECONDS)).ifelse(1, 0)
    marked = rows.mutate(begins=begins, place=ibis.row_number().over(by_time))
    number = marked.begins.sum().over(
        ibis.cumulative_window(group_by=["source", "visitor"], order_by=["since", "source_id"])
    )
    whole = ibis.window(group_by=["source", "visitor"])
    alone = marked.customer.min().over(whole) == marked.customer.max().over(whole)
    return marked.mutate(
        number=number,
        customer=ibis.coalesce(
            marked.customer, alone.ifelse(marked.customer.max().over(whole), ibis.null("string"))
        ),
    )  # fmt: skip


def _summed(rows: Table) -> Table:
    none = ibis.null("int64")
    read = rows.article.notnull().ifelse(rows.place, none)
    voted = rows.did.isin(["helpful", "unhelpful"])
    found = rows.group_by(["source", "visitor", "number"]).agg(
        begin=rows.since.min(),
        end=rows.since.max(),
        customer=rows.customer.max(),
        article=first_by(ibis.coalesce(rows.title, rows.article), read),
        topic=first_by(rows.about, read),
        language=first_by(rows.language, read),
        views=_times(rows, "view"),
        failed_searches=_times(rows, "failed_search"),
        vote=last_by(rows.did, voted.ifelse(rows.place, none)),
        bots=_times(rows, "bot_resolved"),
    )
    return found.mutate(is_helpful=(found.vote == "helpful").fill_null(False), is_bot_resolved=found.bots > 0)


def _times(rows: Table, action: str) -> Value:
    return (rows.did == action).ifelse(rows["count"].fill_null(1), 0).sum()


def contacts(tickets: Table, calls: Table) -> Table:
    """contacting, contact: who asked a person for help, and when (whole seconds)."""
    counted = tickets.filter(tickets.left_out.isnull() | ~tickets.left_out.isin(NO_CONTACT))
    rung = calls.filter(calls.left_out.isnull() & (calls.direction.fill_null("inbound") == "inbound"))
    asked = counted.select(contacting="customer", contact=seconds(counted.created_at)).union(
        rung.select(contacting="customer", contact=seconds(rung.offered_at))
    )
    return asked.filter(asked.contacting.notnull())


def _with_contact(visits: Table, asked: Table) -> Table:
    until = visits.end + visit.HOURS_TO_CONTACT * HOUR
    bounded = visits.mutate(until=until)
    near = bounded.inner_join(
        asked,
        [bounded.customer == asked.contacting, asked.contact >= bounded.begin, asked.contact <= bounded.until],
    )
    first = near.group_by("visit").agg(contact=near.contact.min())
    return visits.left_join(first, "visit")
