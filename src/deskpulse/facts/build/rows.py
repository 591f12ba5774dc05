"""The facts of replies, spans and solves: what belongs to a ticket, with the ticket's dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from deskpulse.facts.build.batch import STATUSES
from deskpulse.facts.build.columns import NONE, Ints, arrow, numbered, position, total
from deskpulse.facts.build.moments import Pieces
from deskpulse.facts.build.stretches import is_done
from deskpulse.facts.build.tickets import credited

OF_TICKET = ("ticket_key", "ticket", "left_out", "source", "channel", "type", "topic", "priority")


def _of_ticket(columns: dict[str, Any], ticket: Ints) -> dict[str, Any]:
    """The ticket's own columns, repeated for each of its rows; texts are pointed at, not copied."""
    index = arrow(ticket)
    repeated = {}
    for name in OF_TICKET:
        values = columns[name]
        if isinstance(values, np.ndarray):
            repeated[name] = values[ticket]
        elif isinstance(values, pa.DictionaryArray):
            repeated[name] = pa.DictionaryArray.from_arrays(values.indices.take(index), values.dictionary, safe=False)
        else:
            repeated[name] = pa.DictionaryArray.from_arrays(index, values.combine_chunks(), safe=False)
    return repeated


def reply_columns(of: Pieces, tickets: dict[str, Any]) -> dict[str, Any]:
    """Every column of the reply fact."""
    rows = of.answered
    agent, team, partner = credited(of.history, rows)
    words = of.history.staff.words
    waits = {"wait": rows.wait, "wait_business": rows.business_wait}
    means = {f"ticket_mean_{name}_seconds": _mean_of_later(of, values) for name, values in waits.items()}
    return _of_ticket(tickets, rows.ticket) | {
        "agent": words.text(agent),
        "team": words.text(team),
        "partner": words.text(partner),
        "turn": rows.turn,
        "asked_at": rows.asked_at,
        "replied_at": rows.at,
        "is_first": rows.is_first,
        **{f"{name}_seconds": values for name, values in waits.items()},
        **means,
    }


def _mean_of_later(of: Pieces, values: Ints) -> Ints:
    """The mean wait of a ticket's turns after the first, to the nearest second, on its last turn."""
    rows = of.answered
    later = (rows.turn > 1) & (values != NONE)
    sums = total(of.size, rows.ticket, values, later)
    turns = np.maximum(np.bincount(rows.ticket[later], minlength=of.size), 1)
    is_last = np.ones(len(rows.ticket), np.bool_)
    is_last[:-1] = rows.ticket[1:] != rows.ticket[:-1]
    mean = np.floor(sums / turns + 0.5).astype(np.int64)
    known = np.bincount(rows.ticket[later], minlength=of.size) > 0
    return np.where(is_last & (rows.turn > 1) & known[rows.ticket], mean[rows.ticket], NONE)


def span_columns(of: Pieces, tickets: dict[str, Any]) -> dict[str, Any]:
    """Every column of the span fact."""
    rows, history = of.rows, of.history
    unsolved = ~is_done(rows.status)
    words = history.staff.words
    length = np.where(rows.next_at == NONE, NONE, rows.next_at - rows.at)
    return _of_ticket(tickets, rows.ticket) | {
        "position": position(rows.first),
        "status": numbered(rows.status, tuple(STATUSES)),
        "agent": words.text(history.staff.label(history.source[rows.ticket], rows.assignee)),
        "team": words.text(rows.team),
        "partner": words.text(
            history.staff.partner_then(history.source[rows.ticket], rows.assignee, rows.at, rows.team)
        ),
        "tier": words.text(rows.tier),
        "schedule": numbered(rows.schedule, of.clock.schedules),
        "ticket_created_at": history.tickets.created_at[rows.ticket],
        "from_at": rows.at,
        "to_at": rows.next_at,
        "stretch_seconds": np.where(length < 0, NONE, length),
        "stretch_business_seconds": rows.length,
        "is_unsolved": unsolved,
        "is_unassigned": unsolved & (rows.assignee < 0),
    }


def solve_columns(of: Pieces, tickets: dict[str, Any]) -> dict[str, Any]:
    """Every column of the solve fact."""
    rows = of.solved
    agent, team, partner = credited(of.history, rows)
    words = of.history.staff.words
    return _of_ticket(tickets, rows.ticket) | {
        "agent": words.text(agent),
        "team": words.text(team),
        "partner": words.text(partner),
        "position": rows.position,
        "solved_at": rows.at,
        "reopened_at": rows.reopened_at,
    }
