"""A ticket's life as a bar: each stretch with its part of the whole, what it was, and whether it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskpulse import units
from deskpulse.answers.ticket_segments import Segment
from deskpulse.language import gettext, named
from deskpulse.present.words import time_words

LEAST_PERCENT = 1.5
"""A stretch is never thinner than this, so that it can be seen and pointed at."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One stretch as people read it; ``percent`` is its width."""

    percent: float
    begins: str
    ends: str
    status: str
    who: str
    schedule: str
    counts: bool
    reason: str
    elapsed: str
    business: str


def timeline(segments: Sequence[Segment], zone: str) -> tuple[Stretch, ...]:
    """The stretches in order; widths follow the square root of their length, so that short ones stay visible."""
    roots = [max(one.calendar_seconds, 1) ** 0.5 for one in segments]
    whole = sum(roots) or 1.0
    return tuple(
        _stretch(one, max(100 * root / whole, LEAST_PERCENT), zone) for one, root in zip(segments, roots, strict=True)
    )


def _stretch(one: Segment, percent: float, zone: str) -> Stretch:
    return Stretch(
        percent=round(percent, 2),
        begins=time_words(one.from_at, zone, seconds=True),
        ends=time_words(one.to_at, zone, seconds=True) or gettext("still runs"),
        status=named(one.status or "no status"),
        who=" · ".join(filter(None, (one.agent, one.team))) or gettext("nobody"),
        schedule=one.schedule or gettext("none"),
        counts=one.counted,
        reason=one.reason or "",
        elapsed=units.format_duration(one.calendar_seconds),
        business=gettext("no schedule")
        if one.business_seconds is None
        else units.format_duration(one.business_seconds),
    )
