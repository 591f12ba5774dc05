"""Who spoke when: the customer's turns, the replies of people to them, and what each ticket's messages add up to."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts.build.clock import business_clock
from deskpulse.facts.build.instants import elapsed, first_by, order_of, seconds
from deskpulse.metrics.fact import Table
from deskpulse.time.business import BusinessCalendar


def spoken(events: Mapping[str, Table]) -> Table:
    """Every message that was not deleted, under the ticket that survived a merge."""
    message = events["message"]
    kept = message.filter(~message.is_deleted.fill_null(False))
    at = seconds(kept.at)
    return kept.select(
        "source",
        "author",
        ticket_key=kept.owner_key,
        at=at,
        ord=order_of(at, kept.seq),
        kind=kept.author_kind.cast("string"),
        is_public=kept.is_public.fill_null(True),
        work_seconds=kept.work_seconds,
    )


def message_sums(messages: Table) -> Table:
    """One row per ticket: counts by kind of author, first and last moments, who opened it and how."""
    public = messages.is_public
    customer, agent, bot = (public & (messages.kind == kind) for kind in ("customer", "agent", "bot"))
    how = messages.kind + ibis.ifelse(public, ":public", ":note")
    sums = messages.group_by("ticket_key").agg(
        opened_by=first_by(how, messages.ord),
        first_ord=messages.ord.min(),
        first_customer_at=messages["at"].min(where=customer),
        last_agent_at=messages["at"].max(where=agent),
        last_agent_ord=messages.ord.max(where=agent),
        customer_messages=messages.count(where=customer),
        agent_messages=messages.count(where=agent),
        bot_messages=messages.count(where=bot),
        work_seconds=messages.work_seconds.sum(),
        authors=messages.author.collect(where=(messages.kind == "agent") & public, distinct=True),
    )
    bots = messages.filter(bot).select("ticket_key", "at", "ord")
    later = bots.inner_join(sums.select("ticket_key", "first_ord"), "ticket_key")
    first_bot = later.filter(later.ord > later.first_ord).group_by("ticket_key").agg(first_bot_at=later["at"].min())
    return sums.left_join(first_bot, "ticket_key").drop("ticket_key_right")


def clocked(messages: Table, states: Table, slots: Table, calendar: BusinessCalendar) -> Table:
    """Adds ``k``, the ticket's business clock, to messages with ``ticket_key`` and ``at``."""
    last = states.filter(states.next_at.isnull()).select("ticket_key", "number", "is_mixed", "is_known")
    joined = messages.left_join(last, "ticket_key").drop("ticket_key_right")
    is_single = ~joined.is_mixed.fill_null(True)
    single = business_clock(joined.filter(is_single), slots, calendar, at="at", number="number", into="k")
    mixed = _clock_in_stretch(joined.filter(~is_single).drop("number"), states, slots, calendar)
    kept = (*messages.columns, "k")
    return single.select(*kept).union(mixed.select(*kept))


def _clock_in_stretch(messages: Table, states: Table, slots: Table, calendar: BusinessCalendar) -> Table:
    """The clock of messages of tickets whose schedule changes: that of their stretch, from its start on."""
    stretches = states.filter(states.is_mixed.fill_null(True)).select(
        "ticket_key", "number", "b_from", state_at="at", state_next_at="next_at", state_k="k"
    )
    known = stretches.select(
        "ticket_key",
        "number",
        "b_from",
        "state_k",
        begin=stretches.state_at,
        end=stretches.state_next_at,
    )
    joined = messages.left_join(
        known,
        [
            messages.ticket_key == known.ticket_key,
            messages["at"] >= known.begin,
            known.end.isnull() | (messages["at"] < known.end),
        ],
    ).drop("ticket_key_right")
    looked_up = business_clock(joined, slots, calendar, at="at", number="number", into="b")
    return looked_up.mutate(k=looked_up.state_k + looked_up.b - looked_up.b_from)


def turns(messages: Table) -> Table:
    """Where the speaker changes between the customer and people, in public: one row per run of messages."""
    heard = messages.filter(messages.is_public & messages.kind.isin(("customer", "agent")))
    by_ticket = ibis.window(group_by="ticket_key", order_by="ord")
    marked = heard.mutate(previous_kind=heard.kind.lag().over(by_ticket))
    return marked.filter(marked.previous_kind.isnull() | (marked.kind != marked.previous_kind))


def replies(runs: Table, openings: Table) -> Table:
    """One row per reply: ticket_key, turn, asked_at, at, k's of both, author.

    ``openings`` has per ticket: first_ord, opened_by, created_at, created_k. A run of a person's messages answers the
    customer's run before it. With nothing before it, it answers the creation, unless it opened the ticket itself.
    """
    by_ticket = ibis.window(group_by="ticket_key", order_by="ord")
    paired = runs.mutate(run_asked_at=runs["at"].lag().over(by_ticket), run_asked_k=runs.k.lag().over(by_ticket))
    answers = paired.filter(paired.kind == "agent")
    joined = answers.left_join(openings, "ticket_key").drop("ticket_key_right")
    is_outbound = joined.previous_kind.isnull() & (joined.ord == joined.first_ord)
    kept = joined.filter(~is_outbound)
    from_creation = kept.previous_kind.isnull()
    answered = kept.select(
        "ticket_key",
        "source",
        "author",
        "at",
        "k",
        "ord",
        asked_at=from_creation.ifelse(kept.created_at, kept.run_asked_at),
        asked_k=from_creation.ifelse(kept.created_k, kept.run_asked_k),
    )
    numbered = _from_noted_request(answered.mutate(turn=ibis.row_number().over(by_ticket) + 1), openings)
    return numbered.mutate(
        wait=elapsed(numbered.asked_at, numbered["at"]),
        business_wait=elapsed(numbered.asked_k, numbered.k),
    )


def _from_noted_request(replies: Table, openings: Table) -> Table:
    """A request an agent noted down (by phone, say) waits from the ticket's creation."""
    noted = openings.filter(openings.opened_by == "agent:note").select("ticket_key", "created_at", "created_k")
    joined = replies.left_join(noted, "ticket_key").drop("ticket_key_right")
    is_noted = (joined.turn == 1) & joined.created_at.notnull()
    return joined.mutate(
        asked_at=is_noted.ifelse(joined.created_at, joined.asked_at),
        asked_k=is_noted.ifelse(joined.created_k, joined.asked_k),
    ).drop("created_at", "created_k")
