"""What a KPI is looked at beside: its parts by dimension, its other variants, its guardrails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from deskpulse import catalog
from deskpulse.answers.answer import Answer
from deskpulse.metrics.measure import shared_dimensions
from deskpulse.workspace.asked import REFUSALS
from deskpulse.workspace.exploring import readings

Ask = Callable[..., Answer]
LOOKED_AT = ("channel", "team", "type", "topic", "queue", "partner", "segment")
MOST_SPLITS = 4


def splits(ask: Ask, kpi: str) -> Iterator[Answer]:
    """The KPI by each of its main dimensions, where more than one group has a value."""
    found = 0
    for name in dimensions(kpi):
        if found < MOST_SPLITS and (answer := answered(ask, kpi, by=name)) and _has_groups(answer):
            found += 1
            yield answer


def dimensions(kpi: str) -> tuple[str, ...]:
    """The main dimensions a KPI can be split by."""
    known = shared_dimensions(catalog.formula(kpi))
    return tuple(dimension for dimension in LOOKED_AT if dimension in known)


def _has_groups(answer: Answer) -> bool:
    return sum(row.value is not None for row in answer.rows) > 1


def variants(ask: Ask, kpi: str, reading: Mapping[str, str]) -> Iterator[Answer]:
    """Every variant of a KPI for the same period, the default first, each read as wanted as far as it can be."""
    name, _ = catalog.parted(kpi)
    for variant in catalog.kpi(name).variants:
        one = f"{name}:{variant}"
        read = readings(one).kept(reading.get("statistic", ""), reading.get("clock", ""))
        if answer := answered(ask, one, **read):
            yield answer


def answered(ask: Ask, kpi: str, **options: Any) -> Answer | None:
    """The answer, or nothing where this cannot be asked, or not by this person."""
    try:
        return ask(kpi, **options)
    except REFUSALS:
        return None


def is_survey(kpi: str) -> bool:
    """Whether a KPI is made of customers' ratings, so that their words stand beside it."""
    return catalog.formula(kpi).fact.name == "survey"
