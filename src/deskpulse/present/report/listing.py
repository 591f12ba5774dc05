"""The small tables of a report that every format writes: the summary, guardrails, the other ways to measure a KPI."""

from __future__ import annotations

from deskpulse.answers.answer import Answer
from deskpulse.language import declared
from deskpulse.present.report.document import Document, Part
from deskpulse.present.tile import Tile, remark, tiles
from deskpulse.present.words import variant_words

SUMMARY_HEADINGS = ("KPI", "Statistic", "Value", "95 % interval", "n", "Before", "Change", "", "Target", "Status")
SPLIT_HEADINGS = ("Value", "95 % interval", "n")
GUARD_HEADINGS = ("KPI", "Value", "Change", "Why")
VARIANT_HEADINGS = ("Variant", "Value", "Of", "How it differs")


def summary_rows(document: Document) -> list[tuple[str, ...]]:
    """A row for each KPI of the scorecard."""
    return [_summary(part.tile) for part in document.parts]


def _summary(one: Tile) -> tuple[str, ...]:
    texts = (one.title, one.statistic, one.value, one.interval, one.n, one.previous, one.change)
    return (*texts, remark(one), one.target, declared(one.status))


def split_rows(split: Answer) -> list[tuple[str, str, str, str]]:
    """A row for each group of a dimension."""
    return [(one.label, one.value, one.interval, one.n) for one in tiles(split)]


def guard_rows(part: Part) -> list[tuple[str, str, str, str]]:
    """What a KPI must be read beside, and why."""
    return [(guard.title, _value(guard), guard.change, declared(why)) for guard, why in part.guard_tiles]


def variant_rows(part: Part) -> list[tuple[str, str, str, str]]:
    """Every variant but the one asked for: without them numbers of two companies are compared that differ."""
    return [
        (variant_words(other.variant), _value(other), other.n, declared(why))
        for other, why in part.other_tiles
        if other.variant != part.answer.variant
    ]


def _value(one: Tile) -> str:
    return f"{one.value} {one.statistic}"
