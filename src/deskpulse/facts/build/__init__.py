"""Facts from events. Each step is an expression that any engine can run; ``stage`` keeps what several steps read."""

from __future__ import annotations

from collections.abc import Mapping

from deskpulse.facts.build.assembly import reply_rows, solve_rows, span_rows, ticket_rows
from deskpulse.facts.build.calls import call_rows, handle_rows
from deskpulse.facts.build.conversation import clocked, message_sums, replies, spoken, turns
from deskpulse.facts.build.moments import moments
from deskpulse.facts.build.people import memberships, names, with_team_then
from deskpulse.facts.build.solves import solves
from deskpulse.facts.build.states import OPENING, states, with_clock
from deskpulse.facts.build.surveys import survey_rows
from deskpulse.facts.build.workshop import Events, Stage, Workshop, workshop
from deskpulse.metrics.fact import Table
from deskpulse.settings import Settings
from deskpulse.time.business import BusinessCalendar


def build_facts(events: Events, stage: Stage, settings: Settings, calendar: BusinessCalendar) -> Mapping[str, Table]:
    """The facts ticket, reply, span and solve of a batch of tickets.

    ``events`` holds a table per event table; those bound to a ticket carry ``ticket_key`` and ``owner_key`` (the
    ticket that survived a merge), and ``ticket_everywhere`` is the ticket table of the whole workspace.
    """
    shop = workshop(events, stage, settings, calendar)
    stretch = stage("states", with_clock(stage("carried", states(events, settings, calendar, shop.slots))))
    messages = stage("spoken", spoken(events))
    sums = stage("message_sums", message_sums(messages))
    answered = stage("replies", _replies(shop, stretch, messages, sums))
    solved = stage("solves", with_team_then(solves(stretch), memberships(events), agent="agent", at="at", team="team"))
    labels = names(events)
    tickets = stage("tickets", ticket_rows(moments(shop, stretch, messages, sums, answered, solved), labels, calendar))
    return {
        "ticket": tickets,
        "reply": reply_rows(answered, tickets, labels),
        "span": span_rows(stretch, tickets, labels, calendar),
        "solve": solve_rows(solved, tickets, labels),
    }


def build_whole(events: Events, tickets: Table) -> Mapping[str, Table]:
    """The facts that are not kept per ticket: survey, call and handle. ``tickets`` is the whole fact of tickets."""
    labels = names(events)
    stretches = memberships(events)
    return {
        "survey": survey_rows(events["survey"], tickets, stretches, labels),
        "call": call_rows(events, stretches, labels),
        "handle": handle_rows(events, stretches, labels),
    }


def _replies(shop: Workshop, stretch: Table, messages: Table, sums: Table) -> Table:
    begun = stretch.filter(stretch.ord == OPENING).select("ticket_key", created_at="at", created_k="k")
    openings = begun.left_join(sums.select("ticket_key", "first_ord", "opened_by"), "ticket_key")
    runs = shop.stage("runs", clocked(turns(messages), stretch, shop.slots, shop.calendar))
    rows = replies(runs, shop.stage("reply_openings", openings.drop("ticket_key_right")))
    stays = stretch.select("ticket_key", begin="at", end="next_at", team=stretch.team.nullif(""))
    in_stay = [
        rows.ticket_key == stays.ticket_key,
        rows["at"] >= stays.begin,
        stays.end.isnull() | (rows["at"] < stays.end),
    ]
    then = rows.left_join(stays, in_stay).drop("ticket_key_right", "begin", "end")
    return with_team_then(then, memberships(shop.events), agent="author", at="at", team="team")
