"""Surveys of the invented company: who is asked, who answers, and what moves the score."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.columns import Columns, instants, named, numbered, stacked
from deskpulse.demo.desk import CHAT, DAY, HOUR, PHONE, Desk
from deskpulse.demo.staff import AGENTS, BOT, PEOPLE
from deskpulse.demo.threads import Flags, Ints, Numbers
from deskpulse.demo.words import CHANNELS, COMMENTS, TEAMS
from deskpulse.events.survey import SURVEY_KINDS

MEAN_SCORE = 5.65
PER_DOUBLED_HOUR = -0.22
"""Points lost each time the first wait, in hours plus one, doubles."""
REOPENED = -1.0
ANSWERS = 0.28


def surveys(desk: Desk) -> Columns:
    """Invitations and answers: satisfaction after a solve, 'was it resolved?' after a call, and a yearly NPS."""
    can_be_asked = (desk.first_solved_at > 0) & ~desk.is_spam & ~desk.is_test
    rated = np.flatnonzero(can_be_asked & (desk.channel != PHONE) & desk.chance(0.75))
    called = np.flatnonzero(can_be_asked & (desk.channel == PHONE) & desk.chance(0.6))
    return stacked(
        _invitations(desk, rated, kind="csat", scores=_satisfaction(desk)[rated], scale=(1, 5)),
        _invitations(desk, called, kind="resolved", scores=_resolved(desk)[called], scale=(0, 1)),
        _loyalty(desk),
    )


def expected_score(desk: Desk) -> Numbers:
    """The mean score each ticket deserves, before the customer's mood and the bounds of the scale."""
    waited = np.maximum(desk.first_replied_at - desk.created, 0) / HOUR
    score: Numbers = MEAN_SCORE + PER_DOUBLED_HOUR * np.log2(1 + waited) + REOPENED * desk.was_reopened
    score += np.where(desk.is_bot_solved, stories.BOT_RATING, desk.staff.skill[desk.agent])
    score += stories.rating(desk.created, desk.end, desk.traits)
    return score


def _satisfaction(desk: Desk) -> Numbers:
    mood = desk.rng.gumbel(0.25, 0.85, desk.size)
    scores: Numbers = np.clip(np.round(expected_score(desk) - mood), 1, 5)
    return scores


def _resolved(desk: Desk) -> Numbers:
    return (desk.rng.random(desk.size) < np.where(desk.was_reopened, 0.3, 0.82)).astype(np.float64)


def _loyalty(desk: Desk) -> Columns:
    """Whether a customer would recommend the company, 0 to 10, asked of some a day after a solve."""
    asked = np.flatnonzero((desk.first_solved_at > 0) & ~desk.is_spam & desk.chance(0.12))
    scores = np.clip(np.round(4.3 + 0.75 * expected_score(desk)[asked] + desk.rng.normal(0, 1.9, len(asked))), 0, 10)
    return _invitations(desk, asked, kind="nps", scores=scores, scale=(0, 10), delay=DAY)


def _invitations(
    desk: Desk, index: Ints, *, kind: str, scores: Numbers, scale: tuple[int, int], delay: int = HOUR
) -> Columns:
    """The invitation of each ticket of ``index``, the answers of some, and the second answers of a few."""
    offered_at = desk.first_solved_at[index] + delay
    is_offered = offered_at <= desk.end
    likely = ANSWERS * np.where((scores == scale[0]) | (scores == scale[1]), 1.15, 0.8)
    answered_at = offered_at + desk.around(5 * HOUR, 1.3)[: len(index)]
    is_answered = is_offered & (desk.rng.random(len(index)) < likely) & (answered_at <= desk.end)
    again_at = answered_at + desk.around(DAY, 0.6)[: len(index)]
    is_again = is_answered & (desk.rng.random(len(index)) < 0.06) & (again_at <= desk.end)
    step = (scale[1] - scale[0]) // 4 or 1
    second = np.clip(scores + np.where(desk.rng.random(len(index)) < 0.6, step, -step), *scale)
    return stacked(
        _rows(desk, index, offered_at, is_offered, kind=kind, place=0),
        _rows(desk, index, answered_at, is_answered, kind=kind, place=1, scores=scores, scale=scale),
        _rows(desk, index, again_at, is_again, kind=kind, place=2, scores=second, scale=scale),
    )


def _rows(
    desk: Desk,
    index: Ints,
    at: Ints,
    kept: Flags,
    *,
    kind: str,
    place: int,
    scores: Numbers | None = None,
    scale: tuple[int, int] = (0, 0),
) -> Columns:
    """The rows of one kind and place; without scores they are invitations."""
    row, size = index[kept], int(kept.sum())
    survey = (row + 1) * 10 + SURVEY_KINDS.index(kind)
    given = np.zeros(size) if scores is None else scores[kept]
    unknown = np.full(size, scores is None)
    is_about_ticket = np.full(size, kind != "nps")
    agent = np.where(desk.is_bot_solved[row], BOT, np.minimum(desk.agent[row], AGENTS - 1))
    return {
        "source_id": numbered(survey * 10 + place),
        "survey": numbered(survey),
        "action": named(np.full(size, int(place > 0)), ("offered", "answered")),
        "at": instants(at[kept]),
        "kind": named(np.full(size, SURVEY_KINDS.index(kind)), SURVEY_KINDS),
        "ticket": numbered(row + 1, is_about_ticket),
        "customer": numbered(desk.customer[row] + 1),
        "agent": named(np.where(is_about_ticket, agent, -1), PEOPLE),
        "team": named(np.where(is_about_ticket, desk.team[row], -1), TEAMS),
        "channel": named(np.where(desk.channel[row] == CHAT, CHAT, 0), CHANNELS),
        "score": pa.array(given, mask=unknown),
        "scale_low": pa.array(np.full(size, float(scale[0])), mask=unknown),
        "scale_high": pa.array(np.full(size, float(scale[1])), mask=unknown),
        "comment": _comments(desk, given, scale, unknown | (kind != "csat")),
    }


def _comments(desk: Desk, scores: Numbers, scale: tuple[int, int], without: Flags) -> pa.Array:
    """Words for a third of the answers, by score."""
    silent = without | (desk.rng.random(len(scores)) < 0.65)
    return named(np.where(silent, -1, (scores - scale[0]).astype(np.int64)), COMMENTS)
