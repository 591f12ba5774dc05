"""Leaderboards: what each unit did in each stratum, added up by the engine, and the units' ranks within each group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deskpulse.answers.group import Group, Key, labelled
from deskpulse.answers.plan import Plan
from deskpulse.answers.scope import Scope
from deskpulse.metrics.formula import Measure
from deskpulse.metrics.ranking import UNITS, Placed, Ranking, ShareRanking, Tally

Stratum = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a key has: per stratum rows, hits and squares, and why rows were left out."""

    strata: dict[Stratum, tuple[float, float, float]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)


Cells = Mapping[Key, Cell]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One unit among the others of its group. ``observed`` and ``expected`` are hits of its ``n`` rows (of a rate: its
    rows, and what is usual for as many days); ``usual`` is the value of all units together. A value of ``size`` rows
    (of a rate: days) varies around it with variance ``variance / size``.

    ``adjusted`` is the share (rate) the unit would have with everybody's mix, drawn towards the others as far as its
    rows are few, with limits. Null, like the ranks, where it has too few to be ranked.
    """

    key: Key
    unit: str
    n: int
    observed: float
    expected: float
    usual: float
    size: float
    variance: float
    adjusted: float | None = None
    adjusted_low: float | None = None
    adjusted_high: float | None = None
    rank: float | None = None
    rank_low: float | None = None
    rank_high: float | None = None
    is_share: bool = True


def strata_names(measure: Measure) -> list[str]:
    """The columns an engine adds up by, beside the keys."""
    return [column.name for column in measure.strata] if isinstance(measure, Ranking) else []


def ranked_groups(where: Scope, found: Iterable[Mapping[str, Any]]) -> dict[Key, Group]:
    """The rank of every unit, by key, from the sums per key and stratum."""
    cells = cells_of(where, found)
    standing = {one.key: one for one in standings_of(where.plan, cells)}
    return {key: _group(cell, standing.get(key)) for key, cell in cells.items()}


def cells_of(where: Scope, found: Iterable[Mapping[str, Any]]) -> Cells:
    """An engine's rows by key and stratum."""
    names = strata_names(where.plan.measure)
    reasons = [(f"left_{place}", reason) for place, reason in enumerate(where.reasons, 1)]
    keys: dict[tuple[Any, ...], Key] = {}
    cells: dict[Key, Cell] = {}
    for row in found:
        raw = tuple(row[name] for name in where.keys)
        key = keys[raw] if raw in keys else keys.setdefault(raw, labelled(where, row))
        cell = cells.setdefault(key, Cell())
        if row["n"]:
            cell.strata[tuple(row[name] for name in names)] = (row["n"], row["hits"] or 0, row["squares"] or 0)
        for column, reason in reasons:
            if row[column]:
                cell.left_out[reason] = cell.left_out.get(reason, 0) + int(row[column])
    return cells


def standings_of(plan: Plan, cells: Cells) -> Iterator[Standing]:
    """Every unit that has rows, group by group; the best first, those without a rank last."""
    place = unit_place(plan.question.by)
    members: dict[Any, list[Key]] = defaultdict(list)
    for start, dimensions in cells:
        if dimensions[place] is not None and cells[start, dimensions].strata:
            members[start, dimensions[:place] + dimensions[place + 1 :]].append((start, dimensions))
    for keys in members.values():
        ordered = sorted(keys, key=lambda key: str(key[1][place]))
        yield from sorted(_standings(plan, {key: cells[key] for key in ordered}, place), key=_order)


def best_first(by: tuple[str, ...], groups: Mapping[Key, Group]) -> dict[Key, Group]:
    """Rows in the order of a leaderboard: by bucket and the other dimensions as they come, then by rank."""
    place = unit_place(by)
    of = [(start, dimensions[:place] + dimensions[place + 1 :]) for start, dimensions in groups]
    first = {group: number for number, group in reversed(list(enumerate(of)))}

    def order(at: tuple[int, Key]) -> tuple[int, bool, float]:
        value = groups[at[1]].estimate.value
        return (first[of[at[0]]], value is None, value or 0.0)

    return {key: groups[key] for _, key in sorted(enumerate(groups), key=order)}


def unit_place(by: tuple[str, ...]) -> int:
    """Which of the dimensions asked for is ranked: the finest of those that can be."""
    return min((UNITS.index(name), place) for place, name in enumerate(by) if name in UNITS)[1]


def _order(one: Standing) -> tuple[bool, float, float]:
    return (one.rank is None, one.rank or 0.0, -(one.adjusted or 0.0))


def _standings(plan: Plan, cells: Cells, place: int) -> Iterator[Standing]:
    assert isinstance(plan.measure, Ranking)
    placed = plan.measure.placed(_tally(cells))
    position = 0
    for number, (key, cell) in enumerate(cells.items()):
        ranks: dict[str, float] = {}
        if placed.is_ranked[number]:
            ranks = _ranks(placed, position)
            position += 1
        yield Standing(
            key=key,
            unit=str(key[1][place]),
            n=placed.n[number],
            observed=float(sum(hits for _, hits, _ in cell.strata.values())),
            expected=placed.expected[number],
            usual=placed.usual,
            size=placed.size[number],
            variance=placed.variance,
            is_share=isinstance(plan.measure, ShareRanking),
            **ranks,
        )


def _ranks(placed: Placed, position: int) -> dict[str, float]:
    assert placed.ranked is not None
    adjusted, low, high = placed.adjusted[position]
    return {
        "adjusted": adjusted,
        "adjusted_low": low,
        "adjusted_high": high,
        "rank": float(placed.ranked.rank[position]),
        "rank_low": float(placed.ranked.rank_low[position]),
        "rank_high": float(placed.ranked.rank_high[position]),
    }


def _tally(cells: Cells) -> Tally:
    """The units' sums as matrices, unit x stratum; strata in an order that does not depend on the engine."""
    import numpy as np

    strata = sorted({stratum for cell in cells.values() for stratum in cell.strata}, key=_stratum_order)
    column = {stratum: number for number, stratum in enumerate(strata)}
    sums = np.zeros((3, len(cells), len(strata)))
    for number, cell in enumerate(cells.values()):
        for stratum, parts in cell.strata.items():
            sums[:, number, column[stratum]] = parts
    levels = np.array([_codes(strata, place) for place in range(len(strata[0]))], dtype=float).reshape(-1, len(strata))
    return Tally(rows=sums[0], hits=sums[1], squares=sums[2], levels=levels.T)


def _codes(strata: list[Stratum], place: int) -> list[int]:
    names = {value: code for code, value in enumerate(dict.fromkeys(stratum[place] for stratum in strata))}
    return [names[stratum[place]] for stratum in strata]


def _stratum_order(stratum: Stratum) -> list[tuple[bool, str]]:
    return [(value is None, value or "") for value in stratum]


def _group(cell: Cell, standing: Standing | None) -> Group:
    if standing is None:
        return Group(sums={"n": 0}, left_out=cell.left_out)
    if standing.rank is None or standing.rank_low is None or standing.rank_high is None:
        return Group(sums={"n": standing.n}, left_out=cell.left_out)
    ranks = {"rank": standing.rank, "low": standing.rank_low, "high": standing.rank_high}
    return Group(sums={"n": standing.n, **ranks}, left_out=cell.left_out)
