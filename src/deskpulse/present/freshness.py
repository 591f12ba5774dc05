"""How old the data on a page are, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from deskpulse import units
from deskpulse.language import gettext, template
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
        until=to_local(as_of, zone).strftime(template("%-d %b %Y, %H:%M")),
        age=_age(minutes.total_seconds()) if age >= JUST_NOW else gettext("just now"),
        is_stale=age >= STALE,
    )


def _age(seconds: float) -> str:
    return gettext("%(age)s old", age=units.format_duration(seconds))
