"""The invented company's help centre: its articles, who read them, what they searched for and whether it helped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.columns import Columns, instants, named, numbered, stacked
from deskpulse.demo.desk import CHAT, DAY, HOUR, PHONE, Desk
from deskpulse.demo.draws import around
from deskpulse.demo.phrases import PRODUCTS
from deskpulse.demo.threads import Flags, Ints
from deskpulse.demo.words import TOPICS
from deskpulse.events.knowledge import article_event

ACTIONS = article_event.column("action").one_of
ARTICLES = 120
LANGUAGES = ("en", "de")
TITLES = (
    "Getting started: {} and {}",
    "Step by step: {} with the {}",
    "Questions about {} and the {}",
    "Tips for {}: {}",
)
OLDEST = 900
"""Days before the end when each topic's first article was written; these stay published."""
VISITS_A_DAY = 75
"""Visits that no ticket is known to follow."""
KNOWN = 0.45
"""Share of these whose reader has logged in."""
READ_FIRST = 0.22
"""Share of the people who write that have looked into the help centre before."""
SEARCHES, FAILED, FAILED_IN_RELEASE = 0.5, 0.1, 0.6
VOTES, HELPED, HELPED_BEFORE_WRITING = 0.14, 0.78, 0.25
LINKS = 0.15
"""Share of first replies that link an article."""
VISITORS = 10_000_000
"""Readers who have not logged in are numbered from here."""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The articles: topic and moments of each; number ``topic`` is the topic's first and always there."""

    topic: Ints
    published: Ints
    updated: Ints
    removed: Ints

    def pick(self, rng: np.random.Generator, topic: Ints, at: Ints) -> Ints:
        """An article about each topic that stood published then."""
        order = np.argsort(self.topic, kind="stable")
        sizes = np.bincount(self.topic, minlength=len(TOPICS))
        drawn = (rng.random(len(topic)) ** 1.7 * sizes[topic]).astype(np.int64)
        found = order[(np.cumsum(sizes) - sizes)[topic] + drawn]
        stands = (self.published[found] <= at) & ((self.removed[found] == 0) | (at < self.removed[found]))
        return np.where(stands, found, topic)


def shelf(desk: Desk, rng: np.random.Generator) -> Shelf:
    """The articles; the last one is the answer to the bad release."""
    topics = len(TOPICS)
    shares = np.array([topic.share for topic in TOPICS])
    topic = np.concatenate([np.arange(topics), rng.choice(topics, ARTICLES - topics, p=shares)])
    age = np.concatenate([np.full(topics, OLDEST), rng.integers(5, OLDEST, ARTICLES - topics)])
    names = [t.name for t in TOPICS]
    topic[-1], age[-1] = names.index(stories.BAD_RELEASE.topic or ""), stories.ARTICLE_BEGINS
    published = desk.end - age * DAY
    reviewed = rng.random(ARTICLES) < 0.7
    updated = published + (rng.random(ARTICLES) ** 0.5 * age * DAY).astype(np.int64) * reviewed
    removed = np.where(rng.random(ARTICLES) < 0.08, desk.end - (rng.random(ARTICLES) * age * DAY).astype(np.int64), 0)
    removed[:topics], removed[-1] = 0, 0
    return Shelf(topic=topic, published=published, updated=np.minimum(updated, desk.end), removed=removed)


def articles(books: Shelf, rng: np.random.Generator) -> Columns:
    """The articles as rows."""
    size = len(books.topic)
    titles = [
        TITLES[n % len(TITLES)].format(TOPICS[topic].name, PRODUCTS[n % len(PRODUCTS)]) + f" ({n + 1})"
        for n, topic in enumerate(books.topic.tolist())
    ]
    language = (rng.random(size) < 0.3).astype(np.int64)
    language[: len(TOPICS)] = language[-1] = 0
    return {
        "source_id": numbered(np.arange(size) + 1),
        "published_at": instants(books.published),
        "updated_at": instants(books.updated, books.updated > books.published),
        "unpublished_at": instants(books.removed, books.removed > 0),
        "title": pa.array([*titles[:-1], stories.ARTICLE_TITLE]),
        "topic": named(books.topic, tuple(topic.name for topic in TOPICS)),
        "language": named(language, LANGUAGES),
    }


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Visits: when each began, about what, by whom (``customer`` -1: unknown), and who wrote after it."""

    at: Ints
    topic: Ints
    visitor: Ints
    customer: Ints
    writes: Flags


def visits(desk: Desk, rng: np.random.Generator) -> Visits:
    """People who read and then write, and people who only read; at the hours at which others write."""
    wrote = (desk.channel != PHONE) & ~desk.is_outbound & ~desk.is_spam & (rng.random(desk.size) < READ_FIRST)
    before = np.flatnonzero(wrote)
    count = VISITS_A_DAY * (desk.end - int(desk.created[0])) // DAY
    like = rng.integers(0, desk.size, count)
    at = desk.created[like] + rng.integers(-HOUR, HOUR, count)
    customer = np.where(rng.random(count) < KNOWN, rng.integers(0, desk.customers, count), -1)
    kept = at < desk.end - HOUR
    return Visits(
        at=np.concatenate([desk.created[before] - around(rng, len(before), 900, 0.6) - 300, at[kept]]),
        topic=np.concatenate([desk.topic[before], desk.topic[like][kept]]),
        visitor=np.concatenate(
            [desk.customer[before], np.where(customer < 0, VISITORS + np.arange(count), customer)[kept]]
        ),
        customer=np.concatenate([desk.customer[before], customer[kept]]),
        writes=np.concatenate([np.ones(len(before), np.bool_), np.zeros(int(kept.sum()), np.bool_)]),
    )


def article_events(desk: Desk, books: Shelf, rng: np.random.Generator) -> Columns:
    """Searches, views and votes of the visits, what the bot showed, and articles that agents linked."""
    seen = visits(desk, rng)
    parts = [*_searches(desk, seen, rng), *_readings(seen, books, rng), *_by_bot(desk, books, rng)]
    replied = np.flatnonzero((desk.first_replied_at > 0) & (rng.random(desk.size) < LINKS))
    none = np.full(len(replied), -1)
    at = desk.first_replied_at[replied]
    parts.append(_rows("linked", at, books.pick(rng, desk.topic[replied], at), none, none))
    rows = stacked(*parts)
    return {"source_id": numbered(np.arange(len(rows["at"])) + 1), **rows}


def _searches(desk: Desk, seen: Visits, rng: np.random.Generator) -> list[Columns]:
    searched = rng.random(len(seen.at)) < SEARCHES
    traits: stories.Traits = {"topic": seen.topic}
    lost = stories.BAD_RELEASE.holds(seen.at, desk.end, traits) & (seen.at < desk.end - stories.ARTICLE_BEGINS * DAY)
    failed = searched & (rng.random(len(seen.at)) < np.where(lost, FAILED_IN_RELEASE, FAILED))
    found = searched & ~failed
    return [
        _rows(action, seen.at[who], np.full(int(who.sum()), -1), seen.visitor[who], seen.customer[who])
        for action, who in (("search", found), ("failed_search", failed))
    ]


def _readings(seen: Visits, books: Shelf, rng: np.random.Generator) -> list[Columns]:
    """One to four articles, each perhaps with a vote at the end."""
    parts, at = [], seen.at.copy()
    goes_on = np.ones(len(at), np.bool_)
    for _ in range(4):
        at = at + around(rng, len(at), 60, 0.6)
        article = books.pick(rng, seen.topic, at)
        who = np.flatnonzero(goes_on)
        parts.append(_rows("view", at[who], article[who], seen.visitor[who], seen.customer[who]))
        voted = goes_on & (rng.random(len(at)) < VOTES)
        helped = rng.random(len(at)) < np.where(seen.writes, HELPED_BEFORE_WRITING, HELPED)
        for action, some in (("helpful", voted & helped), ("unhelpful", voted & ~helped)):
            parts.append(_rows(action, at[some] + 20, article[some], seen.visitor[some], seen.customer[some]))
        goes_on &= rng.random(len(at)) < 0.35
    return parts


def _by_bot(desk: Desk, books: Shelf, rng: np.random.Generator) -> list[Columns]:
    """The article the bot showed in chats it solved: read, and taken for solved."""
    index = np.flatnonzero(desk.is_bot_solved & (desk.first_solved_at > 0) & (desk.channel == CHAT))
    at, customer = desk.first_solved_at[index], desk.customer[index]
    article = books.pick(rng, desk.topic[index], at - 60)
    return [
        _rows("view", at - 40, article, customer, customer),
        _rows("bot_resolved", at, article, customer, customer),
    ]


def _rows(action: str, at: Ints, article: Ints, visitor: Ints, customer: Ints) -> Columns:
    return {
        "at": instants(at),
        "article": numbered(article + 1, article >= 0),
        "visitor": numbered(visitor + 1, visitor >= 0),
        "customer": numbered(customer + 1, customer >= 0),
        "action": named(np.full(len(at), ACTIONS.index(action)), ACTIONS),
    }
