"""Published benchmarks beside an answer: compared only where the definitions match, else the reason why not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from importlib.resources import files
from typing import Any, Literal

from deskpulse.answers.answer import Answer, Row
from deskpulse.language import composed, declared

BenchmarkUnit = Literal["share", "seconds", "net", "money"]
Bound = Literal["at least", "at most", "over"]
Standing = Literal["below", "within", "above", "not distinguishable", "no data"]
INDICATIVE = ("weak", "conflicting")
"""Qualities that are shown as indicative only."""

YEAR = timedelta(days=364), timedelta(days=367)


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """One published figure: a value, or a range; shares 0-1, times in seconds, money in ``currency``.

    ``variant``, ``statistic`` and ``clock`` say which of ours it is a figure of (null: any); ``period`` ``year`` that
    it is of a year. ``differs`` says why it is none of ours. ``row`` is its place in the table of sources, from 1.
    """

    row: int
    kpi: str | None
    topic: str
    segment: str
    definition: str
    unit: BenchmarkUnit
    value: float | None
    low: float | None
    high: float | None
    bound: Bound | None
    variant: str | None
    statistic: str | None
    clock: str | None
    period: str | None
    differs: str | None
    source: str
    year: int | None
    sample: str | None
    quality: str
    remark: str | None
    currency: str | None

    @property
    def is_indicative(self) -> bool:
        """Whether the source is too weak for more than a hint."""
        return self.quality in INDICATIVE


@dataclass(frozen=True, kw_only=True)
class Match:
    """A benchmark of the same definition, and where the answer's interval lies seen from it."""

    benchmark: Benchmark
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A benchmark that must not be compared with the answer, and why."""

    benchmark: Benchmark
    reason: str


@dataclass(frozen=True, kw_only=True)
class Benchmarked:
    """An answer of one row beside what is published."""

    answer: Answer
    matches: tuple[Match, ...]
    refusals: tuple[Refused, ...]


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """Every published figure, in the order of the sources' table."""
    text = files("deskpulse.insights").joinpath("benchmarks.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["rows"]
    return tuple(_figure(place, row, figure) for place, row in enumerate(rows, 1) for figure in row["figures"])


def benchmarks_of(kpi: str) -> tuple[Benchmark, ...]:
    """The figures published for a KPI."""
    return tuple(each for each in benchmarks() if each.kpi == kpi)


def _figure(place: int, row: Mapping[str, Any], figure: Mapping[str, Any]) -> Benchmark:
    said = {**row, **row.get("matches", {}), **figure}
    names = ("kpi", "value", "low", "high", "bound", "variant", "statistic", "clock", "period", "differs", "year",
             "sample", "remark", "currency")  # fmt: skip
    return Benchmark(
        row=place,
        topic=said.get("topic") or said["kpi"],
        segment=said["segment"],
        definition=said["definition"],
        unit=said["unit"],
        source=said["source"],
        quality=said["quality"],
        **{name: said.get(name) for name in names},
    )


def compare(answer: Answer, *, currency: str | None = None) -> Benchmarked:
    """The benchmarks of the answer's KPI that may be compared with its first row, and the others with the reason.

    ``currency`` is that of the answer's amounts.
    """
    matches: list[Match] = []
    refusals: list[Refused] = []
    for each in benchmarks_of(answer.kpi):
        reason = next(_reasons(each, answer, currency), None)
        if reason:
            refusals.append(Refused(benchmark=each, reason=reason))
        else:
            matches.append(Match(benchmark=each, standing=standing(answer.rows[0], each)))
    return Benchmarked(answer=answer, matches=tuple(matches), refusals=tuple(refusals))


def _reasons(each: Benchmark, answer: Answer, currency: str | None) -> Iterator[str]:
    if each.differs:
        yield each.differs
    if each.variant and each.variant != answer.variant:
        yield composed("It is of another formula: ask %(kpi)s.", kpi=f"{answer.kpi}:{each.variant}")
    if each.statistic and each.statistic != answer.statistic:
        yield composed(
            "It is a %(published)s, not a %(own)s: ask for the %(published)s.",
            published=partial(declared, each.statistic),
            own=partial(declared, answer.statistic),
        )
    if each.clock and each.clock != answer.clock:
        yield composed("It is in %(clock)s time: ask for that clock.", clock=partial(declared, each.clock))
    if each.period == "year" and not _is_year(answer):
        yield composed("It is of a year: ask for a whole year.")
    if each.unit == "money" and each.currency != currency:
        yield composed(
            "It is in %(published)s, the workspace counts in %(own)s.",
            published=each.currency,
            own=currency or composed("no currency it knows"),
        )


def _is_year(answer: Answer) -> bool:
    question = answer.question
    if question.start is None or question.end is None:
        return False
    return YEAR[0] <= question.end - question.start <= YEAR[1]


def standing(row: Row, each: Benchmark) -> Standing:
    """Where a row's interval lies: all of it below, within or above the figure, or not distinguishable from it."""
    if row.value is None:
        return "no data"
    least = each.value if each.low is None else each.low
    most = each.value if each.high is None else each.high
    assert least is not None and most is not None
    low = row.low if row.low is not None or row.high is not None else row.value
    high = row.high if row.low is not None or row.high is not None else row.value
    if high is not None and high < least:
        return "below"
    if low is not None and low > most:
        return "above"
    if low is not None and high is not None and least <= low and high <= most:
        return "within"
    return "not distinguishable"
