"""The axes of charts: round durations, shares in per cent, dates at buckets alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil, floor, inf, isfinite
from typing import Any

from deskpulse import units
from deskpulse.answers.answer import Answer, Row
from deskpulse.language import template

# How an axis writes a value of each unit, as a Vega expression on datum.value.
AXIS_LABELS: Mapping[str, str] = {
    "share": "format(datum.value * 100, '.1~f') + ' %'",
    "net": "format(datum.value * 100, '+.0f')",
}
BELOW = {"s": 60, "m": 3600, "h": 172_800, "d": inf}
"""Up to how many seconds an axis of durations counts in a unit."""
DATES: Mapping[str, str] = {"hour": "%-d %b %H:%M", "month": "%b %Y", "quarter": "%b %Y", "year": "%Y"}
DAY = "%-d %b"
MOST_DATES = 8
LENGTHS = (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 345600, 604800, 1209600)
"""Between the lines of an axis of durations, in seconds: what clocks and calendars are read by."""
MOST_LINES = 6


def local_start(row: Row) -> str:
    """When a row's bucket starts on the wall clock, for an axis of time."""
    assert row.period_start is not None
    return row.period_start.replace(tzinfo=None).isoformat()


def time_axis(answer: Answer) -> dict[str, Any]:
    """An axis of the buckets of an answer."""
    grain = answer.question.grain or "day"
    form = {"grid": False, "format": template(DATES.get(grain, DAY)), "labelOverlap": "greedy", "labelSeparation": 12}
    # Ticks stand at buckets alone: between them they would repeat a month or name a day nothing is of.
    starts = list(dict.fromkeys(local_start(row) for row in answer.rows))
    return {**form, "values": starts[:: ceil(len(starts) / MOST_DATES) or 1]}


def value_axis(answer: Answer, *more: float | None, limits: bool = True) -> dict[str, Any]:
    """An axis that writes values in the unit of their answer, with room for ``more``; ``limits``: for intervals too."""
    numbers = [number for row in answer.rows for number in (row.value, *((row.low, row.high) if limits else ()))]
    numbers += more
    expression = duration_label() if answer.unit == "seconds" else AXIS_LABELS.get(answer.unit)
    labels = {"labelExpr": expression} if expression else {}
    lines = {"values": duration_ticks(numbers)} if answer.unit == "seconds" else {"tickCount": 5}
    return {"title": None, **lines, **labels}


def duration_label() -> str:
    """How an axis writes a duration in the language that is written, as a Vega expression on datum.value."""
    cases = (f"datum.value < {end} ? {_in_unit(unit)} : " for unit, end in BELOW.items() if isfinite(end))
    return "".join(cases) + _in_unit("d")


def _in_unit(unit: str) -> str:
    words = units.SECONDS_ALONE if unit == "s" else units.LENGTHS[unit]
    before, after = template(words).split("%s")
    form = ".1~f" if unit in ("h", "d") else ".0f"
    return f"{before!r} + format(datum.value / {units.SECONDS[unit]}, '{form}') + {after!r}"


def duration_ticks(numbers: Iterable[float | None]) -> list[float]:
    """Round lengths of time around some durations in seconds, few enough to be read."""
    known = [number for number in numbers if number is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    step = next((one for one in LENGTHS if (high - low) / one <= MOST_LINES - 1), None)
    step = step or ceil((high - low) / LENGTHS[-1] / (MOST_LINES - 1)) * LENGTHS[-1]
    return [place * step for place in range(floor(low / step), ceil(high / step) + 1)]
