"""Who spoke when: the customer's turns and the replies of people to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deskpulse.facts.build.batch import KINDS, Messages, Tickets
from deskpulse.facts.build.clock import Clock
from deskpulse.facts.build.columns import (
    NONE,
    Codes,
    Ints,
    Mask,
    Numbers,
    before,
    count,
    minus,
    place,
    place_first,
    position,
    starts_of,
)
from deskpulse.facts.build.stretches import Stretches, clock_at, stretch_when

CUSTOMER, AGENT, BOT = KINDS["customer"], KINDS["agent"], KINDS["bot"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Talk:
    """What each ticket's messages add up to; one row per ticket.

    ``opened_by`` is the kind of author of the first message; ``is_noted`` says it was an internal note of an agent (a
    request by phone, written down) and ``is_outbound`` that an agent opened the ticket in public.
    ``first_bot_answer_at`` is when a bot first spoke after the customer. ``work_share_seconds`` is NaN where a part of
    the work has no concurrency.
    """

    is_noted: Mask
    is_outbound: Mask
    first_order: Ints
    first_customer_at: Ints
    first_bot_at: Ints
    first_bot_answer_at: Ints
    customer_messages: Ints
    agent_messages: Ints
    bot_messages: Ints
    work_seconds: Ints
    work_share_seconds: Numbers


def talk(messages: Messages, size: int) -> Talk:
    """Counts and first moments per ticket."""
    first = starts_of(messages.ticket)
    opening_kind = place(size, messages.ticket[first], messages.kind[first], 0)
    opening_public = place(size, messages.ticket[first], messages.is_public[first], False)
    customer, agent, bot = (messages.is_public & (messages.kind == kind) for kind in (CUSTOMER, AGENT, BOT))
    asked = place_first(size, messages.ticket[customer], messages.order[customer], NONE)
    bot_answer = bot & ~first & (messages.order > asked[messages.ticket])
    worked = messages.work_seconds >= 0
    sums = np.bincount(messages.ticket[worked], weights=messages.work_seconds[worked], minlength=size)
    shares = messages.work_seconds[worked] / messages.concurrency[worked]
    has_work = count(size, messages.ticket, worked) > 0
    return Talk(
        is_noted=(opening_kind == AGENT) & ~opening_public,
        is_outbound=(opening_kind == AGENT) & opening_public,
        first_order=place(size, messages.ticket[first], messages.order[first], NONE),
        first_customer_at=place_first(size, messages.ticket[customer], messages.at[customer], NONE),
        first_bot_at=place_first(size, messages.ticket[bot & ~first], messages.at[bot & ~first], NONE),
        first_bot_answer_at=place_first(size, messages.ticket[bot_answer], messages.at[bot_answer], NONE),
        customer_messages=count(size, messages.ticket, customer),
        agent_messages=count(size, messages.ticket, agent),
        bot_messages=count(size, messages.ticket, bot),
        work_seconds=np.where(has_work, np.round(sums), NONE).astype(np.int64),
        work_share_seconds=np.where(has_work, np.bincount(messages.ticket[worked], shares, size), np.nan),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Replies:
    """One row per reply of a person to a turn of the customer; instants in seconds, ``_k`` on the business clock.

    ``team`` is the team the ticket was in then.
    """

    ticket: Ints
    turn: Ints
    asked_at: Ints
    asked_k: Ints
    at: Ints
    k: Ints
    author: Codes
    team: Codes

    @property
    def is_first(self) -> Mask:
        """The reply is its ticket's first."""
        return self.turn == 1

    @property
    def wait(self) -> Ints:
        """Elapsed seconds from the turn's first message."""
        return minus(self.at, self.asked_at)

    @property
    def business_wait(self) -> Ints:
        """Business seconds from the turn's first message; null where the elapsed ones are."""
        return np.where(self.wait == NONE, NONE, minus(self.k, self.asked_k))


def replies(messages: Messages, tickets: Tickets, said: Talk, rows: Stretches, clock: Clock) -> Replies:
    """Public messages of the customer and of people, cut into runs of one speaker; each run of a person is a reply.

    It answers the run of the customer before it: a burst is one turn, waited from its first message. With nothing
    before it, it answers the ticket's creation, unless it opened the ticket itself. A request noted down by an agent
    waits from the ticket's creation.
    """
    heard = np.flatnonzero(messages.is_public & ((messages.kind == CUSTOMER) | (messages.kind == AGENT)))
    ticket, kind = messages.ticket[heard], messages.kind[heard]
    first = starts_of(ticket)
    begins = first | (kind != before(kind, first, 0))
    run = heard[begins]
    ticket, kind, at = messages.ticket[run], messages.kind[run], messages.at[run]
    k = clock_at(rows, clock, ticket, at)
    first = starts_of(ticket)
    asked_at = np.where(first, tickets.created_at[ticket], before(at, first, NONE))
    asked_k = np.where(first, _created_k(rows)[ticket], before(k, first, NONE))
    is_opening = first & (messages.order[run] == said.first_order[ticket]) & said.is_outbound[ticket]
    kept = (kind == AGENT) & ~is_opening
    return _from_noted_request(
        Replies(
            ticket=ticket[kept],
            turn=position(starts_of(ticket[kept])),
            asked_at=asked_at[kept],
            asked_k=asked_k[kept],
            at=at[kept],
            k=k[kept],
            author=messages.author[run][kept],
            team=rows.team[stretch_when(rows, ticket[kept], at[kept], messages.order[run][kept])],
        ),
        tickets,
        said,
        rows,
    )


def _created_k(rows: Stretches) -> Ints:
    return rows.k[rows.first]


def _from_noted_request(found: Replies, tickets: Tickets, said: Talk, rows: Stretches) -> Replies:
    noted = found.is_first & said.is_noted[found.ticket]
    return Replies(
        ticket=found.ticket,
        turn=found.turn,
        asked_at=np.where(noted, tickets.created_at[found.ticket], found.asked_at),
        asked_k=np.where(noted, _created_k(rows)[found.ticket], found.asked_k),
        at=found.at,
        k=found.k,
        author=found.author,
        team=found.team,
    )


def last_reply_before(messages: Messages, solved_at: Ints, size: int) -> Ints:
    """Per ticket, the last public message of a person up to ``solved_at``; null without either."""
    by_agent = messages.is_public & (messages.kind == AGENT) & (messages.at <= solved_at[messages.ticket])
    return place(size, messages.ticket[by_agent], messages.at[by_agent], NONE)
