"""A tile with its small drawings: a sparkline as points of an SVG, and a bar of how far a value is from its target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deskpulse import catalog
from deskpulse.answers.answer import Answer, Row
from deskpulse.language import declared
from deskpulse.present.sparkline import heights
from deskpulse.present.tile import Tile, tile
from deskpulse.present.words import comparison_words

SPARK_WIDTH, SPARK_HEIGHT = 96, 28
MARGIN = 3
WHOLE = {"share": (0.0, 1.0), "net": (-1.0, 1.0)}
"""Where a bar begins and ends in units that have ends."""
ROOM = 1.25
"""How much longer than the larger of value and target a bar is in units that have none."""


@dataclass(frozen=True, kw_only=True)
class Spark:
    """A trend without axes: a line (``points`` of an SVG polyline) per stretch without gaps, and where it ends."""

    lines: tuple[str, ...]
    end: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class Bullet:
    """A bar filled to ``filled`` per cent, with a mark for each bound of the target."""

    filled: float
    marks: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a tile of a page shows; ``against`` names the period it is compared with."""

    tile: Tile
    spark: Spark | None
    bullet: Bullet | None
    against: str


def card(answer: Answer, trend: Answer | None = None) -> Card:
    """The first row of an answer with the trend of the same question."""
    row = answer.rows[0]
    return Card(
        tile=tile(row, answer, trend),
        spark=spark([one.value for one in trend.rows]) if trend else None,
        bullet=bullet(row, answer),
        against=comparison_words(answer) if answer.question.compare else "",
    )


def spark(values: Sequence[float | None]) -> Spark:
    """The line from the least to the greatest value; without values there is none."""
    step = (SPARK_WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    points = [
        None if height is None else (round(MARGIN + place * step, 1), _from_top(height))
        for place, height in enumerate(heights(values))
    ]
    lines = (" ".join(f"{x},{y}" for x, y in stretch) for stretch in _stretches(points))
    return Spark(lines=tuple(lines), end=points[-1] if points else None)


def _from_top(height: float) -> float:
    return round(SPARK_HEIGHT - MARGIN - height * (SPARK_HEIGHT - 2 * MARGIN), 1)


def _stretches(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    stretch: list[tuple[float, float]] = []
    for point in (*points, None):
        if point is not None:
            stretch.append(point)
        elif stretch:
            yield stretch
            stretch = []


def bullet(row: Row, answer: Answer) -> Bullet | None:
    """The bar of a row that has a value and a target."""
    if row.value is None or row.target is None:
        return None
    bounds = [bound for bound in (row.target.at_least, row.target.at_most) if bound is not None]
    begin, end = WHOLE.get(answer.unit) or _reach([row.value, *bounds])
    return Bullet(filled=_percent(row.value, begin, end), marks=tuple(_percent(one, begin, end) for one in bounds))


def _reach(values: Sequence[float]) -> tuple[float, float]:
    least, most = min(0.0, *values), max(0.0, *values)
    return least * ROOM, most * ROOM or 1.0


def _percent(value: float, begin: float, end: float) -> float:
    return round(100 * min(max((value - begin) / (end - begin), 0.0), 1.0), 1)


def empty_card(kpi: str, reason: str) -> Card:
    """The card of a KPI that could not be asked, with the reason in place of a number."""
    name, variant = catalog.parted(kpi)
    known = catalog.kpi(name)
    nothing = Tile(
        kpi=name, variant=variant or known.default, title=declared(known.title), label="", statistic="", value="",
        interval="", n=declared(reason), previous="", change="", verdict="unknown", left_out="",
    )  # fmt: skip
    return Card(tile=nothing, spark=None, bullet=None, against="")
