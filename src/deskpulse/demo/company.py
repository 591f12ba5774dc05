"""Hollow Pine Audio, an invented maker of headphones and speakers: eight months of its support, made up by the seed.

The same seed and end give the same history. What happened in it is told in ``deskpulse.demo.stories``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.connector import Batch
from deskpulse.demo.articles import article_events, articles, shelf
from deskpulse.demo.calls import Calls
from deskpulse.demo.columns import Columns, batch, instants, named, numbered
from deskpulse.demo.desk import DAY, MERGE, VALUES, Desk
from deskpulse.demo.engagement import engagement_answers
from deskpulse.demo.ledgers import revenue, spend
from deskpulse.demo.life import live
from deskpulse.demo.old_line import intervals
from deskpulse.demo.people import announcements, customers, memberships, people, segments
from deskpulse.demo.plans import subscription_changes
from deskpulse.demo.ratings import surveys
from deskpulse.demo.reviews import reviews
from deskpulse.demo.shifts import agent_states
from deskpulse.demo.staff import PEOPLE
from deskpulse.demo.threads import IDS_PER_TICKET, Ints
from deskpulse.demo.words import BRANDS, CHANNELS, PRIORITIES, SEGMENTS, TEAMS, TEXTS, TOPICS
from deskpulse.events.change import FIELDS
from deskpulse.events.message import KINDS
from deskpulse.events.ticket import STATUSES
from deskpulse.time.zone import to_epoch

SOURCE = "demo"
TICKETS_PER_DAY = 50
POLICY = "Partner agreement"
POLICY_TARGETS = (("first_response", 2 * 3600), ("resolution", 16 * 3600))


def company(*, seed: int, end: datetime, days: int = 240) -> Iterator[Batch]:
    """The company's events of the ``days`` before ``end`` (naive UTC), about fifty tickets a day, table by table."""
    last = to_epoch(end)
    desk = Desk(np.random.default_rng(seed), begins=last - days * DAY, end=last, tickets=TICKETS_PER_DAY * days)
    live(desk)
    calls = Calls(desk)

    def part(number: int) -> np.random.Generator:
        """Numbers of its own for each part, so that one more part leaves the others as they are."""
        return np.random.default_rng((seed, number))

    books = shelf(desk, part(6))
    plans = subscription_changes(desk, part(7))
    made: dict[str, Columns] = {
        "person": people(desk),
        "membership": memberships(desk),
        "customer": customers(desk),
        "customer_segment": segments(desk),
        "annotation": announcements(desk),
        "ticket": _tickets(desk),
        "message": _messages(desk, part(11)),
        "change": _changes(desk),
        "policy_target": _policy_targets(desk),
        "survey": surveys(desk, calls, part(2)),
        "call": calls.calls(),
        "call_leg": calls.legs(),
        "call_interval": intervals(desk, part(1)),
        "agent_state": agent_states(desk, calls, part(9)),
        "engagement_answer": engagement_answers(desk, part(10)),
        "article": articles(books, part(3)),
        "article_event": article_events(desk, books, part(4)),
        "review": reviews(desk, part(5)),
        "subscription_change": plans,
        "spend_month": spend(desk),
        "revenue_month": revenue(desk, plans, part(8)),
    }
    for table, columns in made.items():
        yield batch(table, columns, source=SOURCE, observed_at=last)


def _tickets(desk: Desk) -> Columns:
    nothing = np.zeros(desk.size, np.int64)
    return {
        "source_id": numbered(np.arange(desk.size) + 1),
        "created_at": instants(desk.created),
        "channel": named(desk.channel, CHANNELS),
        "customer": numbered(desk.customer + 1),
        "subject": named(desk.topic, tuple(topic.opening for topic in TOPICS)),
        "status": named(nothing, STATUSES),
        "team": named(desk.opening_team, TEAMS),
        "tier": named(nothing, ("1",)),
        "priority": named(desk.priority, PRIORITIES),
        "type": named(desk.topic, tuple(topic.type for topic in TOPICS)),
        "topic": named(desk.topic, tuple(topic.name for topic in TOPICS)),
        "brand": named((desk.customer % 9 == 0).astype(np.int64), BRANDS),
        "is_test": pa.array(desk.is_test),
        "is_spam": pa.array(desk.is_spam & (np.arange(desk.size) % 2 == 0)),
    }


def _ids(columns: dict[str, Ints]) -> Columns:
    """The columns messages and changes share."""
    ticket = columns["index"] + 1
    return {
        "source_id": numbered(ticket * IDS_PER_TICKET + columns["place"]),
        "ticket": numbered(ticket),
        "at": instants(columns["at"]),
        "seq": pa.array(columns["seq"]),
    }


def _messages(desk: Desk, random: np.random.Generator) -> Columns:
    """Only the chat tool knows how many contacts somebody works on at once."""
    columns = desk.threads.messages.columns()
    is_chat = (desk.channel[columns["index"]] == CHANNELS.index("chat")) & (columns["work"] >= 0)
    return {
        **_ids(columns),
        "author": _authors(desk, columns["author"]),
        "author_kind": named(columns["kind"], KINDS),
        "is_public": pa.array(columns["public"] == 1),
        "is_deleted": pa.array(desk.rng.random(len(columns["at"])) < 0.0015 * (columns["place"] > 0)),
        "text": named(columns["text"], TEXTS),
        "work_seconds": pa.array(columns["work"].astype(np.float64), mask=columns["work"] < 0),
        "concurrency": pa.array(1.0 + random.binomial(2, 0.5, len(is_chat)), mask=~is_chat),
    }


def _changes(desk: Desk) -> Columns:
    columns = desk.threads.changes.columns()
    twin = numbered(columns["index"], columns["new"] == MERGE)
    return {
        **_ids(columns),
        "field": named(columns["field"], FIELDS),
        "old": named(columns["old"], VALUES),
        "new": pc.coalesce(named(columns["new"], VALUES).dictionary_decode(), twin),
        "by": _authors(desk, columns["by"]),
        "by_kind": named(columns["kind"], KINDS),
    }


def _authors(desk: Desk, codes: Ints) -> pa.Array:
    """People by their ids; a customer's is the number of the customer."""
    return named(codes, (*PEOPLE, *map(str, range(1, desk.customers + 1))))


def _policy_targets(desk: Desk) -> Columns:
    """Partners were promised more: targets their tickets got when they were opened."""
    partner = np.flatnonzero((desk.segment == SEGMENTS.index("partner")) & ~desk.is_spam)
    index = np.repeat(partner, len(POLICY_TARGETS))
    which = np.tile(np.arange(len(POLICY_TARGETS)), len(partner))
    return {
        "source_id": numbered((index + 1) * 10 + which),
        "ticket": numbered(index + 1),
        "at": instants(desk.created[index]),
        "policy": named(np.zeros(len(index), np.int64), (POLICY,)),
        "metric": named(which, tuple(metric for metric, _ in POLICY_TARGETS)),
        "target_seconds": pa.array(np.array([seconds for _, seconds in POLICY_TARGETS])[which]),
        "clock": named(np.zeros(len(index), np.int64), ("business",)),
    }
