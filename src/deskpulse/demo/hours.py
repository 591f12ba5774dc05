"""When people work and when customers are awake: moments moved on by time that only runs then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from deskpulse.demo.threads import Flags, Ints
from deskpulse.time.business import segments
from deskpulse.time.schedule import DAYS, Schedule, weekly
from deskpulse.time.zone import from_epoch, to_epoch

MARGIN = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Open stretches as epoch seconds, with the open seconds before each."""

    start: Ints
    length: Ints
    before: Ints

    def worked(self, at: Ints) -> Ints:
        """Open seconds up to each moment."""
        stretch = np.maximum(np.searchsorted(self.start, at, "right") - 1, 0)
        worked: Ints = self.before[stretch] + np.clip(at - self.start[stretch], 0, self.length[stretch])
        return worked

    def is_open(self, at: Ints) -> Flags:
        """Whether each moment lies in an open stretch."""
        stretch = np.maximum(np.searchsorted(self.start, at, "right") - 1, 0)
        return (at >= self.start[stretch]) & (at < self.start[stretch] + self.length[stretch])

    def after(self, at: Ints, seconds: Ints | int) -> Ints:
        """The moment at which so many open seconds have passed; never before the next opening."""
        due = self.worked(at) + seconds
        stretch = np.searchsorted(self.before, due, "right") - 1
        return np.maximum(self.start[stretch] + due - self.before[stretch], at)


def hours(schedule: Schedule, first: int, last: int) -> Hours:
    """The hours of a schedule between two moments, and some weeks beyond."""
    found = segments(schedule, from_epoch(first), from_epoch(last) + MARGIN)
    edges = np.array([(to_epoch(start), to_epoch(end)) for start, end in found], np.int64)
    length = edges[:, 1] - edges[:, 0]
    return Hours(start=edges[:, 0], length=length, before=np.cumsum(length) - length)


def awake(zone: str) -> Schedule:
    """When customers write."""
    return Schedule(name="awake", zone=zone, week=weekly({day: ["07:30-22:30"] for day in DAYS}))
