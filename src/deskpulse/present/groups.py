"""A scorecard group by group, as a table of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.profile import NONE
from deskpulse.language import declared
from deskpulse.present.card import Spark, spark
from deskpulse.present.tile import Tile, tile
from deskpulse.present.words import NO_DATA, NO_VALUE, title_of


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column: the KPI it leads to."""

    kpi: str
    title: str
    statistic: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """A row: the group by its name, as a filter's value, its values in the order of headings, its tickets over time."""

    name: str
    value: str
    tiles: tuple[Tile | None, ...]
    spark: Spark


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Groups by KPIs."""

    headings: tuple[Heading, ...]
    rows: tuple[Group, ...]


def grid(dimension: str, answers: Sequence[Answer], volumes: Answer | None) -> Grid:
    """The groups with most tickets first; one without a name last."""
    found = {one.kpi: {row.dimensions[dimension]: row for row in one.rows} for one in answers}
    names = dict.fromkeys(name for rows in found.values() for name in rows)
    first = next(iter(found.values()), {})
    ordered = sorted(names, key=lambda name: (name is None, -_size(first.get(name)), name or ""))
    return Grid(
        headings=tuple(_heading(one) for one in answers),
        rows=tuple(
            Group(
                name=name if name is not None else declared(NO_VALUE),
                value=name if name is not None else NONE,
                tiles=tuple(_tile(found[one.kpi].get(name), one) for one in answers),
                spark=_spark(volumes, dimension, name),
            )
            for name in ordered
        ),
    )


def _size(row: Row | None) -> int:
    return row.n if row else 0


def _heading(answer: Answer) -> Heading:
    statistic = answer.statistic if answer.statistic in ("median", "mean", "p90") else ""
    return Heading(kpi=answer.kpi, title=title_of(answer), statistic=declared(statistic))


def _tile(row: Row | None, answer: Answer) -> Tile | None:
    return tile(row, answer) if row else None


def _spark(volumes: Answer | None, dimension: str, name: str | None) -> Spark:
    rows = volumes.rows if volumes else ()
    return spark([row.value for row in rows if row.dimensions[dimension] == name])


@dataclass(frozen=True, kw_only=True)
class BesideLine:
    """One group's KPI beside that of all."""

    kpi: str
    title: str
    own: Tile | None
    all: str


def beside_line(answer: Answer, own: Row | None, every: Row | None) -> BesideLine:
    """One KPI of a group, written; ``every`` is the row of all."""
    return BesideLine(
        kpi=answer.kpi,
        title=title_of(answer),
        own=tile(own, answer) if own else None,
        all=tile(every, answer).value if every else declared(NO_DATA),
    )
