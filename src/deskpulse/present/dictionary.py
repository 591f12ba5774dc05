"""A KPI's entry in the dictionary: what it means, how each variant is computed, and how it misleads."""

from __future__ import annotations

from dataclasses import dataclass

from deskpulse import catalog
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import shared_dimensions, sides_of


@dataclass(frozen=True, kw_only=True)
class VariantEntry:
    """One formula of a KPI. ``inputs`` are the fact columns it reads with their meaning; ``by`` its dimensions."""

    name: str
    formula: str
    differs: str
    unit: str
    better: str
    statistics: tuple[str, ...]
    clocks: tuple[str, ...]
    dated_by: str
    fact: str
    inputs: dict[str, str]
    by: tuple[str, ...]
    left_out: tuple[str, ...]
    definition: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One KPI of the dictionary; the first variant is the default."""

    id: str
    title: str
    category: str
    meaning: str
    also_called: tuple[str, ...]
    better: str
    signal: str
    variants: tuple[VariantEntry, ...]
    guardrails: dict[str, str]
    caveats: tuple[str, ...]
    asked_for_in: str
    sources: tuple[str, ...]


def entry(name: str) -> Entry:
    """The entry of the KPI of ``name``, which may name a variant; raises UnknownNameError with the nearest name."""
    id, _ = catalog.parted(name)
    kpi = catalog.kpi(id)
    return Entry(
        id=id,
        title=kpi.title,
        category=catalog.category(id),
        meaning=kpi.meaning,
        also_called=kpi.also_called,
        better=kpi.better,
        signal=kpi.signal,
        variants=tuple(_variant(id, kpi, variant) for variant in kpi.variants),
        guardrails=dict(kpi.guardrails),
        caveats=kpi.caveats,
        asked_for_in=kpi.asked_for_in,
        sources=kpi.sources,
    )


def _variant(name: str, kpi: KPI, variant: str) -> VariantEntry:
    measure = kpi.variant(variant)
    sides = sides_of(measure)
    return VariantEntry(
        name=variant,
        formula=measure.words,
        differs=(kpi.differs or {}).get(variant, ""),
        unit=measure.unit,
        better=kpi.better_of(variant),
        statistics=tuple(measure.statistics),
        clocks=tuple(measure.clocks),
        dated_by=measure.dated_by.name,
        fact=" / ".join(dict.fromkeys(side.fact.name for side in sides)),
        inputs={column: side.fact.column(column).meaning for side in sides for column in side.columns},
        by=(*shared_dimensions(measure), "weekday", "hour"),
        left_out=tuple(reason for reason, _ in measure.left_out),
        definition=f"{name}:{variant}@{kpi.definition_version(variant)}",
    )
