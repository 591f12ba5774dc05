"""A trend without axes, in one line: how high each value lies between the least and the greatest."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS, GAP = "▁▂▃▄▅▆▇█", " "


def heights(values: Sequence[float | None]) -> list[float | None]:
    """From 0, the least value, to 1, the greatest; a flat line is in the middle, and a gap stays one."""
    known = [value for value in values if value is not None]
    least, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    return [None if value is None else (value - least) / span if span else 0.5 for value in values]


def sparkline(values: Sequence[float | None]) -> str:
    """Block characters from the least to the greatest value; a gap where there is none, nothing without values."""
    if all(value is None for value in values):
        return ""
    return "".join(GAP if height is None else BLOCKS[round(height * (len(BLOCKS) - 1))] for height in heights(values))
