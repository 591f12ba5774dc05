"""How the invented company's agents feel about their work: a short survey every two months, without names."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa

from deskpulse.demo.columns import Columns, instants, numbered
from deskpulse.demo.desk import DAY, HOUR, Desk
from deskpulse.demo.staff import STINTS
from deskpulse.demo.words import TEAMS

WAVES = (225, 165, 105, 45)
"""Days before the end of each survey."""
QUESTIONS = ("enps", "energy", "tools")
"""Would you recommend working here; do you have the energy; do you have the tools."""
MEANS = {"Orders": 7.9, "Billing": 7.2, "Technical": 6.8}
ANSWERS = 0.92
LEADS = "Team leads"
"""A group of two, asked once: too few to be shown."""


def engagement_answers(desk: Desk, rng: np.random.Generator) -> Columns:
    """Scores of 1 to 10 by team; the partner's people are not asked."""
    rows = [
        (desk.end - days * DAY, team, question, rng.normal(MEANS[team], 1.6))
        for days in WAVES
        for team in TEAMS
        for _ in range(_present(team, days))
        for question in QUESTIONS
        if rng.random() < ANSWERS
    ]
    rows += [(desk.end - WAVES[-1] * DAY, LEADS, question, 8.0) for question in QUESTIONS for _ in range(2)]
    at, team, question, score = zip(*rows, strict=True)
    moments = np.array(at) // DAY * DAY + 10 * HOUR + rng.integers(0, 6 * HOUR, len(rows))
    whole = [Decimal(int(min(max(round(value), 1), 10))) for value in score]
    return {
        "source_id": numbered(np.arange(len(rows)) + 1),
        "at": instants(moments),
        "team": pa.array(team),
        "question": pa.array(question),
        "score": pa.array(whole, pa.decimal128(18, 4)),
    }


def _present(team: str, days: int) -> int:
    """How many of the company's own people were in a team so many days before the end."""
    own = [stint for stint in STINTS if stint.team == team and stint.partner is None]
    return sum((s.begins is None or s.begins >= days) and (s.ends is None or s.ends < days) for s in own)
