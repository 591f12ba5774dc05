"""How old the data on a page are, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from deskpulse import units
from deskpulse.time.zone import to_local

STALE = timedelta(hours=26)
"""Older data are pointed out: a source that is read once a day was missed."""
MINUTE, JUST_NOW = timedelta(minutes=1), timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """``until`` is the instant the data are as of, in the reader's zone; ``age`` how long ago that is."""

    until: str
    age: str
    is_stale: bool


def freshness(as_of: datetime, now: datetime, zone: str) -> Freshness:
    """How old data as of an instant are (both naive UTC)."""
    age = now - as_of
    minutes = age // MINUTE * MINUTE
    return Freshness(
        until=to_local(as_of, zone).strftime("%-d %b %Y, %H:%M"),
        age="just now" if age < JUST_NOW else f"{units.format_duration(minutes.total_seconds())} old",
        is_stale=age >= STALE,
    )
