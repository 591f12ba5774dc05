"""Facts that are built whole, brought up to date for a few touched tickets. What one query finds for the next is put on
the desk under a fixed name, so that the texts of both can be kept."""

from __future__ import annotations

from functools import partial

from deskpulse.facts.build.agent_days import (
    OLDEST,
    SINCE,
    Chosen,
    Told,
    agent_day_rows,
    begin_of,
    day_of,
    days_told,
    told,
)
from deskpulse.facts.build.customer_contacts import bearing_tickets, contact_rows, stale_contacts, touched_customers
from deskpulse.facts.build.people import memberships, names
from deskpulse.facts.build.sources import Sources, Touched, Update
from deskpulse.facts.build.surveys import survey_rows, touched_surveys
from deskpulse.facts.build.touched_days import stale_days, touched_days
from deskpulse.metrics.fact import Table, Value
from deskpulse.store.blanks import Left, blank
from deskpulse.store.texts import Asked

TOUCHED_SURVEYS, TOUCHED_DAYS = "touched_surveys", "touched_days"
TOUCHED_CUSTOMERS, BEARING_TICKETS = "touched_customers", "bearing_tickets"


def some_surveys(sources: Sources, touched: Touched) -> Update | None:
    """The surveys about touched tickets; none where answers are weighted: then all depend on all."""
    if sources.settings.population:
        return None
    events, fact = sources.events, sources.fact

    def stale() -> Table:
        return touched_surveys(events["survey"], fact("survey"), fact("ticket"), touched())

    def rows() -> Table:
        told, chosen = events["survey"], sources.desk.table(TOUCHED_SURVEYS)
        mine = told.semi_join(chosen, told.source + ":" + told.survey == chosen.survey)
        return survey_rows(mine, fact("ticket"), memberships(events), names(events))

    sources.desk.put(TOUCHED_SURVEYS, Asked(name=TOUCHED_SURVEYS, build=stale))
    put_down = Asked(name="stale surveys", build=lambda: sources.desk.table(TOUCHED_SURVEYS))
    return Update(rows=Asked(name="some surveys", build=rows), stale=put_down)


def some_agent_days(sources: Sources, touched: Touched) -> Update | None:
    """The days since the last build, and those on which touched tickets have other replies or solves."""
    events, fact, zone, desk = sources.events, sources.fact, sources.settings.zone, sources.desk
    last, former = sources.built_as_of, sources.former
    days = days_told(desk, events, fact, zone, sources.as_of)
    first = desk.fetch(Asked(name="first day of agents", build=lambda: _first_day(fact("agent_day"))))["day_at"][0]
    # Who did nothing has days from the first one anybody is known to have worked: when that moves, all are others.
    if last is None or former is None or not first.is_valid or day_of(first.as_py(), zone) != days.first:
        return None
    since = day_of(min(last, sources.as_of), zone)

    def known(oldest: Value | None = None) -> Told:
        return told(events, fact, days, oldest)

    def chosen() -> Chosen:
        return Chosen(since=blank(SINCE, "int64"), earlier=desk.table(TOUCHED_DAYS))

    earlier = partial(touched_days, events, fact=fact, former=former)
    desk.put(TOUCHED_DAYS, days.asked(TOUCHED_DAYS, lambda: earlier(known(), touched=touched()), **{SINCE: since}))
    moved = desk.fetch(Asked(name="oldest touched day", build=lambda: _oldest(desk.table(TOUCHED_DAYS))))["day"][0]
    oldest = blank(OLDEST, "timestamp(6)")
    values: dict[str, Left] = {SINCE: since, OLDEST: begin_of(min(since, moved.as_py() or since), zone)}
    return Update(
        rows=days.asked("some agents' days", lambda: agent_day_rows(events, known(oldest), chosen()), **values),
        stale=days.asked("stale agents' days", lambda: stale_days(known(), fact("agent_day"), chosen()), **values),
    )


def _first_day(days: Table) -> Table:
    return days.agg(day_at=days.day_at.min())


def _oldest(days: Table) -> Table:
    return days.agg(day=days.day.min())


def some_contacts(sources: Sources, touched: Touched) -> Update | None:
    """The contacts of customers that touched tickets bear on."""
    fact, desk, former = sources.fact, sources.desk, sources.former
    if former is None:
        return None
    put = desk.table

    def whose() -> Table:
        own = fact("ticket").semi_join(touched(), "ticket_key")
        return touched_customers(own, former("ticket"), fact("call"))

    def bearing() -> Table:
        return bearing_tickets(fact("ticket"), touched(), fact("call"), put(TOUCHED_CUSTOMERS))

    def rows() -> Table:
        calls = fact("call").semi_join(put(TOUCHED_CUSTOMERS), "customer")
        return contact_rows(put(BEARING_TICKETS), calls, about=fact("ticket"))

    def stale() -> Table:
        return stale_contacts(fact("contact"), put(BEARING_TICKETS), former("ticket"), put(TOUCHED_CUSTOMERS))

    desk.put(TOUCHED_CUSTOMERS, Asked(name=TOUCHED_CUSTOMERS, build=whose))
    desk.put(BEARING_TICKETS, Asked(name=BEARING_TICKETS, build=bearing))
    return Update(rows=Asked(name="some contacts", build=rows), stale=Asked(name="stale contacts", build=stale))
