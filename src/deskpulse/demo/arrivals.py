"""When requests arrive and what they are about: weekly and daily profile in the company's zone, times the stories."""

from __future__ import annotations

import numpy as np

from deskpulse.demo import stories
from deskpulse.demo.threads import Ints
from deskpulse.demo.words import TEAMS, TOPICS
from deskpulse.time.zone import offset_at

HOUR = 3600
BY_WEEKDAY = np.array([1.25, 1.15, 1.05, 1.0, 0.95, 0.5, 0.45])
BY_HOUR = np.array([1, 1, 1, 1, 1, 2, 5, 12, 26, 40, 46, 42, 36, 38, 42, 42, 38, 32, 26, 24, 22, 16, 8, 3])
GROWTH = 0.15
"""How much more arrives at the end than at the beginning, stories apart."""
TEAM_OF_TOPIC = np.array([TEAMS.index(topic.team) for topic in TOPICS])


def arrivals(rng: np.random.Generator, *, begins: int, end: int, zone: str, tickets: int) -> tuple[Ints, Ints]:
    """Moments in order, and the topic of each; about ``tickets`` of them."""
    hours = np.arange(begins // HOUR * HOUR, end, HOUR)
    local = hours + np.array([offset_at(zone, int(hour)) for hour in hours])
    weekday, hour = (local // 86400 + 3) % 7, local // HOUR % 24
    profile = BY_WEEKDAY[weekday] * BY_HOUR[hour] * np.linspace(1, 1 + GROWTH, len(hours))
    topics = np.arange(len(TOPICS))
    traits: stories.Traits = {"topic": topics, "team": TEAM_OF_TOPIC, "channel": np.full(len(TOPICS), -1)}
    rate = profile[:, None] * np.array([topic.share for topic in TOPICS])
    rate *= stories.factor("volume", hours[:, None], end, traits)
    counts = rng.poisson(rate * tickets / rate.sum())
    hour_index, topic = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    at = np.clip(hours[hour_index] + rng.integers(0, HOUR, len(hour_index)), begins, end - 1)
    order = np.argsort(at, kind="stable")
    return at[order], topic[order]
