"""Business time of many intervals, as facts compute it, against a plain difference of instants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.block import END, SPAN
from deskpulse.facts.build.clock import lay_out
from deskpulse.settings import load_settings
from deskpulse.time.business import business_calendar
from deskpulse.time.zone import from_epoch


def business_times(intervals: int, times: int, cpu: Callable[[Callable[[], Any]], float]) -> dict[str, float]:
    """CPU of business durations and of elapsed ones, and of making the calendar."""
    rng = np.random.default_rng(5)
    start = rng.integers(END - SPAN, END, intervals)
    end = start + rng.integers(0, 14 * 86400, intervals)
    settings = load_settings(Path(__file__).with_name("settings.toml"))
    schedule = rng.integers(1, len(settings.schedules) + 1, intervals)
    first, last = from_epoch(END - SPAN), from_epoch(END) + timedelta(days=30)
    made = cpu(lambda: business_calendar(settings.schedules, first, last))
    clock = lay_out(settings, business_calendar(settings.schedules, first, last))
    return {
        "cpu": median(
            cpu(lambda: clock.business(end, schedule) - clock.business(start, schedule)) for _ in range(times)
        ),
        "cpu:elapsed": median(cpu(lambda: end - start) for _ in range(times)),
        "cpu:calendar": made,
    }
