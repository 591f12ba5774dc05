"""Surveys of the invented company: who is asked, who answers, and what moves the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.calls import Calls
from deskpulse.demo.columns import Columns, instants, named, numbered, stacked
from deskpulse.demo.desk import CHAT, DAY, EMAIL, HOUR, PHONE, Desk
from deskpulse.demo.draws import around
from deskpulse.demo.phrases import COMMENTS
from deskpulse.demo.staff import AGENTS, BOT, PEOPLE
from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.demo.tone import comments
from deskpulse.demo.words import CHANNELS, TEAMS
from deskpulse.events.survey import SURVEY_KINDS

RESPONSE = np.array([stories.RESPONSE[channel] for channel in CHANNELS])
RATED, EFFORT, CHATTED, PHONED, CALLED = 0.6, 0.2, 0.2, 0.6, 0.35
"""Shares of the solved tickets and answered calls that are asked: csat, ces2, resolved after chat, phone, a call."""
AGAIN = 0.06
"""Share of those who answered that think again."""
WRITTEN = 0.5
"""Share of the answers that come with a comment."""
WAVES = (205, 115, 25)
"""Days before the end when customers of the last hundred days were asked by mail whether they recommend the company."""
WAVE_SPAN, WAVE_SHARE = 100, 0.5


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Invitations of one kind: the columns are per invitation; -1 is nobody, nothing."""

    kind: str
    scale: tuple[int, int]
    first: int
    at: Ints
    scores: Numbers
    customer: Ints
    channel: Ints
    request: Ints
    ticket: Ints
    agent: Ints
    team: Ints

    @property
    def survey(self) -> Ints:
        """The numbers of the invitations."""
        return self.first + np.arange(len(self.at))


def surveys(desk: Desk, calls: Calls, rng: np.random.Generator) -> Columns:
    """Satisfaction or effort after a solve, 'was it resolved?' after a chat or a call, and three waves of NPS."""
    solved = (desk.first_solved_at > 0) & ~desk.is_spam & ~desk.is_test
    draw = rng.random(desk.size)
    wrote = solved & (desk.channel != PHONE)
    rated, effort = wrote & (draw < RATED), wrote & (draw >= RATED) & (draw < RATED + EFFORT)
    called = solved & (desk.channel == PHONE) & (draw < PHONED)
    chatted = solved & (desk.channel == CHAT) & (draw > 1 - CHATTED)
    asked = (
        _about_tickets(desk, rated, _satisfaction(desk, rng), kind="csat", scale=(1, 5), first=1_000_000),
        _about_tickets(desk, effort, _effort(desk, rng), kind="ces2", scale=(1, 7), first=2_000_000),
        _about_tickets(desk, called | chatted, _resolved(desk, rng), kind="resolved", scale=(0, 1), first=3_000_000),
        _about_calls(desk, calls, rng),
        *(_wave(desk, rng, days, first=5_000_000 + days * 100_000) for days in WAVES),
    )
    return stacked(*(part for one in asked for part in _invited(one, desk.end, rng)))


def _satisfaction(desk: Desk, rng: np.random.Generator) -> Numbers:
    mood = rng.gumbel(0.25, 0.85, desk.size)
    scores: Numbers = np.clip(np.round(desk.expected_score() - mood), 1, 5)
    return scores


def _effort(desk: Desk, rng: np.random.Generator) -> Numbers:
    """How easy it was, 1 to 7: each further round costs."""
    easy = 1.9 + 0.8 * desk.expected_score() - 0.35 * np.maximum(desk.rounds - 1, 0)
    scores: Numbers = np.clip(np.round(easy + rng.normal(0, 1.3, desk.size)), 1, 7)
    return scores


def _resolved(desk: Desk, rng: np.random.Generator) -> Numbers:
    return (rng.random(desk.size) < np.where(desk.was_reopened, 0.3, 0.82)).astype(np.float64)


def _about_tickets(desk: Desk, who: Flags, scores: Numbers, *, kind: str, scale: tuple[int, int], first: int) -> Asked:
    """One invitation for each ticket, an hour after it was first solved."""
    row = np.flatnonzero(who)
    by = np.where(desk.is_bot_solved[row], BOT, np.minimum(desk.agent[row], AGENTS - 1))
    return Asked(
        kind=kind,
        scale=scale,
        first=first,
        at=desk.first_solved_at[row] + HOUR,
        scores=scores[row],
        customer=desk.customer[row],
        channel=np.where(np.isin(desk.channel[row], (CHAT, PHONE)), desk.channel[row], EMAIL),
        request=desk.channel[row],
        ticket=row,
        agent=by,
        team=desk.team[row],
    )


def _about_calls(desk: Desk, calls: Calls, rng: np.random.Generator) -> Asked:
    """Asked by the telephone right after a call that left no ticket."""
    index = np.flatnonzero(calls.is_answered & ~calls.has_ticket & (rng.random(calls.size) < CALLED))
    ended = (calls.offered_at + calls.wait + calls.dial + calls.talk + calls.hold)[index]
    size, line = len(index), np.full(len(index), PHONE)
    return Asked(
        kind="resolved",
        scale=(0, 1),
        first=4_000_000,
        at=ended + 20,
        scores=(rng.random(size) < 0.78).astype(np.float64),
        customer=calls.customer[index],
        channel=line,
        request=line,
        ticket=np.full(size, -1),
        agent=calls.agent[index],
        team=calls.team[index],
    )


def _wave(desk: Desk, rng: np.random.Generator, days: int, *, first: int) -> Asked:
    """Would they recommend the company, 0 to 10: asked of half of those who had something solved lately."""
    at = desk.end - days * DAY
    recent = (desk.first_solved_at > at - WAVE_SPAN * DAY) & (desk.first_solved_at <= at) & ~desk.is_spam
    customer, row = np.unique(desk.customer[recent][::-1], return_index=True)
    row = np.flatnonzero(recent)[::-1][row]
    kept = rng.random(len(customer)) < WAVE_SHARE
    customer, row, size = customer[kept], row[kept], int(kept.sum())
    score = 4.3 + 0.75 * desk.expected_score()[row] + rng.normal(0, 1.9, size)
    none, mail = np.full(size, -1), np.full(size, EMAIL)
    return Asked(
        kind="nps",
        scale=(0, 10),
        first=first,
        at=at - at % DAY + 9 * HOUR + rng.integers(0, HOUR, size),
        scores=np.clip(np.round(score), 0, 10),
        customer=customer,
        channel=mail,
        request=mail,
        ticket=none,
        agent=none,
        team=none,
    )


def _invited(asked: Asked, end: int, rng: np.random.Generator) -> tuple[Columns, Columns, Columns]:
    """The invitations, the answers of some, and the second answers of a few."""
    size, (low, high) = len(asked.at), asked.scale
    is_extreme = (asked.scores == low) | (asked.scores == high)
    likely = RESPONSE[asked.request] * np.where(is_extreme, 1.15, 0.85)
    wait = np.where(asked.channel == EMAIL, 5 * HOUR, 120)
    answered_at = asked.at + around(rng, size, wait, 1.3)
    is_offered = asked.at <= end
    is_answered = is_offered & (rng.random(size) < likely) & (answered_at <= end)
    again_at = answered_at + around(rng, size, DAY, 0.6)
    thinks_again = is_answered & (rng.random(size) < AGAIN) & (again_at <= end) & (asked.channel != PHONE)
    step = (high - low) // 4 or 1
    second = np.clip(asked.scores + np.where(rng.random(size) < 0.6, step, -step), low, high)
    return (
        _rows(asked, asked.at, is_offered, 0, None, rng),
        _rows(asked, answered_at, is_answered, 1, asked.scores, rng),
        _rows(asked, again_at, thinks_again, 2, second, rng),
    )


def _rows(asked: Asked, at: Ints, kept: Flags, place: int, scores: Numbers | None, rng: np.random.Generator) -> Columns:
    """The rows of one place; without scores they are invitations."""
    size = int(kept.sum())
    unknown = np.full(size, scores is None)
    given = np.zeros(size) if scores is None else scores[kept]
    written = 0.0 if scores is None or asked.kind == "resolved" else WRITTEN
    return {
        "source_id": numbered(asked.survey[kept] * 10 + place),
        "survey": numbered(asked.survey[kept]),
        "action": named(np.full(size, int(place > 0)), ("offered", "answered")),
        "at": instants(at[kept]),
        "kind": named(np.full(size, SURVEY_KINDS.index(asked.kind)), SURVEY_KINDS),
        "ticket": numbered(asked.ticket[kept] + 1, asked.ticket[kept] >= 0),
        "customer": numbered(asked.customer[kept] + 1),
        "agent": named(asked.agent[kept], PEOPLE),
        "team": named(asked.team[kept], TEAMS),
        "channel": named(asked.channel[kept], CHANNELS),
        "score": pa.array(given, mask=unknown),
        "scale_low": pa.array(np.full(size, float(asked.scale[0])), mask=unknown),
        "scale_high": pa.array(np.full(size, float(asked.scale[1])), mask=unknown),
        "comment": named(comments(rng, given, asked.scale, written), COMMENTS),
    }
