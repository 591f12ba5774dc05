"""What a ticket's row is put together from: its instants, their business clocks, and the durations between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from deskpulse.facts.build.batch import History
from deskpulse.facts.build.clock import Clock
from deskpulse.facts.build.columns import NONE, Ints, coalesce, earlier, minus, place
from deskpulse.facts.build.conversation import Replies, Talk, last_reply_before
from deskpulse.facts.build.solves import Solves, first_assignment, handoff, last_reopening_before, waits
from deskpulse.facts.build.stretches import Stretches, clock_at


@dataclass(frozen=True, kw_only=True, eq=False)
class Pieces:
    """What a ticket's row is put together from."""

    history: History
    rows: Stretches
    said: Talk
    answered: Replies
    solved: Solves
    clock: Clock
    customers: Mapping[str, Any]
    policies: pa.Table

    @property
    def size(self) -> int:
        """Number of tickets."""
        return len(self.history.tickets)


def instants_of(of: Pieces) -> dict[str, Ints]:
    """Every instant a duration needs, in seconds, with its business clock in ``_k``."""
    size, answered, solved, rows = of.size, of.answered, of.solved, of.rows
    created = of.history.tickets.created_at
    first = answered.is_first
    found = {"created_at": created, "created_k": rows.k[rows.first]}
    for name, values in (("asked", (answered.asked_at, answered.asked_k)), ("replied", (answered.at, answered.k))):
        for suffix, column in zip(("at", "k"), values, strict=True):
            found[f"{name}_{suffix}"] = place(size, answered.ticket[first], column[first], NONE)
    for name, kept in (("first_solved", solved.position == 1), ("solved", solved.reopened_at == NONE)):
        for suffix, column in (("at", solved.at), ("k", solved.k)):
            found[f"{name}_{suffix}"] = place(size, solved.ticket[kept], column[kept], NONE)
    found["assigned_at"], found["assigned_k"] = first_assignment(rows, of.history, size)
    reopened = last_reopening_before(rows, found["replied_at"], size)
    for suffix, column in zip(("at", "k"), reopened, strict=True):
        found[f"restarted_{suffix}"] = np.where(column == NONE, found[f"asked_{suffix}"], column)
        found[f"restarted_{suffix}"] = np.maximum(found[f"restarted_{suffix}"], found[f"asked_{suffix}"])
    found["started_at"] = coalesce(found["asked_at"], _waiting_since(of.said, created))
    found["handed_at"] = handoff(rows, of.history.changes, of.said, size)
    found["last_reply_at"] = last_reply_before(of.history.messages, found["solved_at"], size)
    bot_at = np.where(of.said.first_bot_answer_at >= found["started_at"], of.said.first_bot_answer_at, NONE)
    found["answered_at"] = earlier(bot_at, found["replied_at"])
    for name, known in (("started", "asked"), ("handed", ""), ("last_reply", ""), ("answered", "replied")):
        found[f"{name}_k"] = _clock(of, found, name, known)
    return found


def _clock(of: Pieces, found: Mapping[str, Ints], name: str, known: str) -> Ints:
    """The business clock at ``<name>_at``, looked up only where it is not that of ``<known>_at``."""
    at = found[f"{name}_at"]
    same = (at == found[f"{known}_at"]) if known else np.zeros(of.size, np.bool_)
    looked_up = clock_at(of.rows, of.clock, np.arange(of.size), np.where(same, NONE, at))
    return np.where(same, found[f"{known}_k"], looked_up) if known else looked_up


def _waiting_since(said: Talk, created: Ints) -> Ints:
    """When the customer began to wait: null for a ticket an agent opened in public and nobody answered."""
    first = said.first_customer_at
    return np.where(said.is_outbound, first, np.where(said.is_noted | (first == NONE), created, first))


SPANS = {
    "first_response": ("asked", "replied"),
    "response_after_handoff": ("handed", "replied"),
    "response_after_assignment": ("assigned", "replied"),
    "response_after_reopening": ("restarted", "replied"),
    "first_answer": ("started", "answered"),
    "resolution": ("created", "solved"),
    "first_resolution": ("created", "first_solved"),
    "resolution_to_last_reply": ("created", "last_reply"),
}


def durations(of: Pieces, instants: Mapping[str, Ints]) -> dict[str, Ints]:
    """Every duration of the ticket fact on both clocks."""
    both = {}
    for name, (start, end) in SPANS.items():
        elapsed = minus(instants[f"{end}_at"], instants[f"{start}_at"])
        business = minus(instants[f"{end}_k"], instants[f"{start}_k"])
        both[f"{name}_seconds"] = elapsed
        both[f"{name}_business_seconds"] = np.where(elapsed == NONE, NONE, business)
    sums = waits(of.rows, of.size)
    for clock, solved_on in (("seconds", instants["solved_at"]), ("business_seconds", instants["solved_k"])):
        solved = solved_on != NONE
        for name in ("requester_wait", "agent_wait", "on_hold"):
            both[f"{name}_{clock}"] = np.where(solved, sums[f"{name}_{clock}"], NONE)
        whole = both[f"resolution_{clock}"]
        both[f"resolution_without_customer_wait_{clock}"] = minus(whole, sums[f"agent_wait_{clock}"])
    return both
