"""The shops' old telephone line: a switchboard that counted calls per half hour and kept no single one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from deskpulse.demo import stories
from deskpulse.demo.columns import Columns, instants, numbered
from deskpulse.demo.desk import DAY, Desk
from deskpulse.demo.threads import Ints, Numbers

QUEUE = "Trade line"
HALF_HOUR = 1800
USUAL = 1.3
"""Calls of a usual half hour."""
WITHIN = 20


def intervals(desk: Desk, rng: np.random.Generator) -> Columns:
    """Counts of every half hour the office was open, until the line was switched off."""
    start = np.arange(int(desk.created[0]) // HALF_HOUR * HALF_HOUR, desk.end - stories.OLD_LINE_ENDS * DAY, HALF_HOUR)
    start = start[desk.office.is_open(start)]
    peak = np.where(stories.PEAK.holds(start, desk.end, {}), stories.PEAK.volume, 1.0)
    offered = rng.poisson(USUAL * peak)
    abandoned = rng.binomial(offered, 0.06 * peak)
    answered = offered - abandoned
    return {
        "source_id": numbered(np.arange(len(start)) + 1),
        "interval_start": instants(start),
        "interval_seconds": pa.array(np.full(len(start), HALF_HOUR)),
        "queue": pa.repeat(QUEUE, len(start)),
        "offered": pa.array(offered),
        "answered": pa.array(answered),
        "answered_within": pa.array(rng.binomial(answered, 0.8 / peak)),
        "threshold_seconds": pa.array(np.full(len(start), WITHIN)),
        "abandoned": pa.array(abandoned),
        "abandoned_short": pa.array(rng.binomial(abandoned, 0.25)),
        **{f"{part}_seconds": pa.array(_sum(rng, answered, mean)) for part, mean in MEANS.items()},
    }


MEANS = {"queue": 14.0, "talk": 240.0, "hold": 12.0, "wrap": 65.0}


def _sum(rng: np.random.Generator, calls: Ints, mean: float) -> Numbers:
    """The sum over so many calls of times with this mean, in whole seconds."""
    drawn: Numbers = np.floor(rng.gamma(np.maximum(calls, 1) * 2.0, mean / 2.0)) * (calls > 0)
    return drawn
