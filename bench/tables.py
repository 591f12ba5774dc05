"""The bench's blocks as columns of the canonical events."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.block import (
    AGENTS,
    BOT,
    BRANDS,
    CHANNELS,
    CUSTOMERS_FROM,
    END,
    PRIORITIES,
    SPAN,
    TEAMS,
    TOPICS,
    TYPES,
    VALUES,
    Block,
)
from deskpulse.demo.columns import Columns, instants, named, numbered
from deskpulse.demo.threads import IDS_PER_TICKET, Ints
from deskpulse.events.change import FIELDS
from deskpulse.events.message import KINDS
from deskpulse.events.ticket import STATUSES


def _ids(block: Block, columns: dict[str, Ints]) -> Columns:
    """The columns messages and changes share."""
    ticket = block.first + 1 + columns["index"]
    return {
        "source_id": numbered(ticket * IDS_PER_TICKET + columns["place"]),
        "ticket": numbered(ticket),
        "at": instants(columns["at"]),
        "seq": pa.array(columns["seq"]),
    }


def tickets(block: Block) -> Columns:
    """The tickets as they were opened."""
    return {
        "source_id": numbered(block.first + 1 + np.arange(block.size)),
        "created_at": instants(block.created),
        "channel": named(block.channel, CHANNELS),
        "customer": numbered(block.customer),
        "status": named(np.zeros(block.size, np.int64), STATUSES),
        "team": named(block.opening_team, TEAMS),
        "tier": named(np.zeros(block.size, np.int64), ("1",)),
        "priority": named(block.priority, PRIORITIES),
        "type": named(block.topic % 4, TYPES),
        "topic": named(block.topic, TOPICS),
        "brand": named(block.topic % 2, BRANDS),
        "is_test": pa.array(block.chance(0.001)),
        "is_spam": pa.array(block.chance(0.007)),
    }


def messages(block: Block) -> Columns:
    """What was said."""
    columns = block.threads.messages.columns()
    return {
        **_ids(block, columns),
        "author": numbered(columns["author"], columns["author"] >= 0),
        "author_kind": named(columns["kind"], KINDS),
        "is_public": pa.array(columns["public"] == 1),
        "is_deleted": pa.array(np.zeros(len(columns["at"]), np.bool_)),
        "work_seconds": pa.array(columns["work"].astype(np.float64), mask=columns["work"] < 0),
    }


def changes(block: Block) -> Columns:
    """What was changed; a merged ticket goes into the one before it."""
    columns = block.threads.changes.columns()
    new = named(columns["new"], VALUES).cast(pa.string())
    is_merge = columns["new"] == -2
    target = numbered(block.first + columns["index"], is_merge)
    return {
        **_ids(block, columns),
        "field": named(columns["field"], FIELDS),
        "old": named(columns["old"], VALUES),
        "new": pc.coalesce(new, target),
        "by": numbered(columns["by"], columns["by"] >= 0),
        "by_kind": named(columns["kind"], KINDS),
    }


def surveys(block: Block) -> Columns:
    """An invitation an hour after the first solve for some, an answer a while later for a third of these."""
    offered = np.flatnonzero((block.solved_at > 0) & (block.solved_at < END - 8 * 86400) & block.chance(0.4))
    answered = offered[block.rng.random(len(offered)) < 0.3]
    index = np.concatenate([offered, answered])
    is_answer = np.arange(len(index)) >= len(offered)
    at = block.solved_at[index] + 3600 + is_answer * block.rng.integers(60, 86400 * 5, len(index))
    score = block.rng.choice(5, len(index), p=(0.1, 0.06, 0.1, 0.24, 0.5)) + 1.0
    ticket = block.first + 1 + index
    return {
        "source_id": numbered(ticket * 2 + is_answer),
        "survey": numbered(ticket),
        "action": named(is_answer.astype(np.int64), ("offered", "answered")),
        "at": instants(at),
        "kind": named(np.zeros(len(index), np.int64), ("csat",)),
        "ticket": numbered(ticket),
        "customer": numbered(block.customer[index]),
        "score": pa.array(score, mask=~is_answer),
        "scale_low": pa.array(np.ones(len(index)), mask=~is_answer),
        "scale_high": pa.array(np.full(len(index), 5.0), mask=~is_answer),
    }


def people() -> Columns:
    """The agents and the bot."""
    number = np.arange(1, BOT + 1)
    return {
        "source_id": numbered(number),
        "name": pc.binary_join_element_wise("Agent", numbered(number), " "),
        "kind": named((number == BOT).astype(np.int64), ("agent", "bot")),
        "hired_at": instants(np.full(BOT, END - SPAN)),
    }


def memberships() -> Columns:
    """Each agent's team; every fifth came from another one half-way through."""
    agent, half = np.arange(1, AGENTS + 1), END - SPAN // 2
    movers = agent[agent % 5 == 0]
    person = np.concatenate([agent, movers])
    is_past = np.arange(len(person)) >= AGENTS
    moved = person % 5 == 0
    return {
        "source_id": numbered(person * 2 + is_past),
        "person": numbered(person),
        "valid_from": instants(np.where(moved & ~is_past, half, END - SPAN)),
        "valid_to": instants(np.full(len(person), half), is_past),
        "team": named((person - 1 + is_past) % len(TEAMS), TEAMS),
        "tier": named((person // len(TEAMS)) % 2, ("1", "2")),
    }


def customers(first: int, count: int) -> Columns:
    """``count`` customers from the ``first``, four to an account."""
    number = CUSTOMERS_FROM + first + np.arange(count)
    return {
        "source_id": numbered(number),
        "account": numbered(number // 4),
        "segment": named(number // 4 % 3, ("small", "medium", "large")),
    }
