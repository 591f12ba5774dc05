"""The invented company's staff and customers as events, with what they belonged to and when, and what was announced."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa

from deskpulse.demo.columns import Columns, instants, named, numbered, stacked
from deskpulse.demo.desk import DAY, Desk
from deskpulse.demo.staff import (
    AGENTS,
    BOT_NAME,
    COST_CURRENCY,
    COST_PER_HOUR,
    NAMES,
    PARTNER_COST,
    PARTNER_CURRENCY,
    PEOPLE,
    STINTS,
    Stint,
)
from deskpulse.demo.stories import STORIES
from deskpulse.demo.threads import Ints
from deskpulse.demo.words import SEGMENTS, TEAMS

HIRED = 900
"""Days before the end when those joined who were there all along."""
UPGRADED = 90
"""Days before the end when some consumers became shops."""


def people(desk: Desk) -> Columns:
    """The agents and the bot; who left has a last day."""
    joined, left = desk.end - HIRED * DAY, np.zeros(AGENTS + 1, np.int64)
    begins = np.full(AGENTS + 1, joined)
    for agent in range(AGENTS):
        stints = [stint for stint in STINTS if stint.agent == agent]
        if all(stint.begins is not None for stint in stints):
            begins[agent] = desk.end - max(stint.begins or 0 for stint in stints) * DAY
        if all(stint.ends is not None for stint in stints):
            left[agent] = desk.end - min(stint.ends or 0 for stint in stints) * DAY
    return {
        "source_id": pa.array(PEOPLE),
        "name": pa.array((*NAMES, BOT_NAME)),
        "kind": pa.array(("agent",) * AGENTS + ("bot",)),
        "hired_at": instants(begins),
        "left_at": instants(left, left > 0),
    }


def memberships(desk: Desk) -> Columns:
    """The stints."""
    begins = np.array([HIRED if stint.begins is None else stint.begins for stint in STINTS])
    ends = np.array([-1 if stint.ends is None else stint.ends for stint in STINTS])
    return {
        "source_id": numbered(np.arange(len(STINTS)) + 1),
        "person": named(np.array([stint.agent for stint in STINTS]), PEOPLE),
        "valid_from": instants(desk.end - begins * DAY),
        "valid_to": instants(desk.end - ends * DAY, ends >= 0),
        "team": named(np.array([TEAMS.index(stint.team) for stint in STINTS]), TEAMS),
        "tier": pa.array([stint.tier for stint in STINTS]),
        "partner": pa.array([stint.partner for stint in STINTS], pa.string()),
        "cost_per_hour": pa.array([Decimal(_cost(stint)[0]) for stint in STINTS], pa.decimal128(18, 4)),
        "currency": pa.array([_cost(stint)[1] for stint in STINTS]),
    }


def _cost(stint: Stint) -> tuple[str, str]:
    """What an hour costs, and the currency it is paid in."""
    return (COST_PER_HOUR[stint.tier], COST_CURRENCY) if stint.partner is None else (PARTNER_COST, PARTNER_CURRENCY)


def customers(desk: Desk) -> Columns:
    """Everybody who could ask, and the one who pays for them: an account is called by its first customer's id."""
    number = np.arange(desk.customers)
    segment = _segment(desk)
    return {
        "source_id": numbered(number + 1),
        "name": named(number, [f"Customer {n + 1}" for n in number]),
        "account": numbered(desk.account + 1),
        "segment": named(segment, SEGMENTS),
    }


def segments(desk: Desk) -> Columns:
    """The dated segments: every eighth shop was a consumer until a while ago."""
    number, segment = np.arange(desk.customers), _segment(desk)
    shop = SEGMENTS.index("shop")
    risen = np.flatnonzero((segment == shop) & (number % 8 == 0))
    turned, joined = desk.end - UPGRADED * DAY, desk.end - HIRED * DAY
    since = np.where(np.isin(number, risen), turned, joined)
    return stacked(_stretch(number, segment, since, None), _stretch(risen, np.zeros_like(risen), joined, turned))


def _stretch(customer: Ints, segment: Ints, since: Ints | int, until: int | None) -> Columns:
    size = len(customer)
    return {
        "source_id": numbered(customer * 2 + 2 + (until is not None)),
        "customer": numbered(customer + 1),
        "valid_from": instants(np.broadcast_to(since, size)),
        "valid_to": instants(np.full(size, until or 0), np.full(size, until is not None)),
        "segment": named(segment, SEGMENTS),
    }


def _segment(desk: Desk) -> Ints:
    """The segment of each customer today."""
    return desk.segment_of(np.arange(desk.customers))


def announcements(desk: Desk) -> Columns:
    """What the company wrote down about itself."""
    announced = [story for story in STORIES if story.is_announced]
    return {
        "source_id": numbered(np.arange(len(announced)) + 1),
        "at": instants(np.array([desk.end - (story.begins or 0) * DAY for story in announced])),
        "title": pa.array([story.title for story in announced]),
        "team": pa.array([story.team for story in announced], pa.string()),
        "channel": pa.array([story.channel for story in announced], pa.string()),
    }
