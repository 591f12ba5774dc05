"""Which changes are worth a sentence: only those that are more than noise, the largest first, and never a cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf, log

from deskpulse.answers.answer import Answer, Row

LEAST_N = 20
"""Rows of fewer are not reported, however large the change."""


def notable(answers: Iterable[Answer], *, most: int = 5) -> tuple[tuple[Answer, Row], ...]:
    """At most ``most`` distinguishable changes, by size relative to where they started, at most two of one KPI."""
    ranked = sorted(_changes(answers), key=lambda change: -_size(change[1], change[0]))
    chosen: list[tuple[Answer, Row]] = []
    for answer, row in ranked:
        if sum(other.kpi == answer.kpi for other, _ in chosen) < 2:
            chosen.append((answer, row))
    return tuple(chosen[:most])


def _changes(answers: Iterable[Answer]) -> Iterator[tuple[Answer, Row]]:
    for answer in answers:
        for row in answer.rows:
            if row.is_distinguishable and row.n >= LEAST_N and None not in (row.value, row.previous):
                yield answer, row


def _size(row: Row, answer: Answer) -> float:
    """How far apart two values are: the difference for scores and nets, else the absolute log of their ratio."""
    value, previous = row.value or 0.0, row.previous or 0.0
    if answer.unit in ("net", "points"):
        return abs(value - previous)
    if value <= 0 or previous <= 0:
        return inf if value != previous else 0.0
    return abs(log(value / previous))
