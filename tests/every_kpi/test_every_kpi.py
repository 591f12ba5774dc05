"""What must hold for each KPI of the catalogue; a new file is tested without an edit here."""

from __future__ import annotations

import re

import pytest

from deskpulse import catalog
from deskpulse.facts import FACTS
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Measure, Quotient

KPIS = sorted(catalog.kpis().items())
VARIANTS = [(name, variant) for name, kpi in KPIS for variant in kpi.variants]
CATEGORIES = {"experience", "speed", "effectiveness", "load", "business", "people"}

every_kpi = pytest.mark.parametrize(("name", "kpi"), KPIS, ids=[name for name, _ in KPIS])
every_variant = pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=[":".join(pair) for pair in VARIANTS])


def measure_of(name: str, variant: str) -> Measure:
    """The formula of a variant."""
    return catalog.kpi(name).variant(variant)


@every_kpi
def test_it_says_what_it_means_and_how_it_misleads(name: str, kpi: KPI) -> None:
    sentences = (kpi.meaning, *kpi.caveats, *(kpi.differs or {}).values(), *(why for _, why in kpi.guardrails))
    assert kpi.title
    assert kpi.caveats
    for sentence in sentences:
        assert re.fullmatch(r"[A-Z0-9'].+[.]", sentence, re.DOTALL), f"not a sentence: {sentence!r}"


@every_kpi
def test_its_names_can_be_typed(name: str, kpi: KPI) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    for variant in kpi.variants:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_]*", variant)


@every_kpi
def test_each_variant_but_the_default_says_why_it_differs(name: str, kpi: KPI) -> None:
    assert set(kpi.differs or {}) == set(kpi.variants) - {kpi.default}


@every_kpi
def test_its_guardrails_are_other_kpis(name: str, kpi: KPI) -> None:
    guards = [guard for guard, _ in kpi.guardrails]
    assert name not in guards
    assert set(guards) <= set(catalog.kpis())


@every_kpi
def test_a_kpi_of_speed_is_never_alone(name: str, kpi: KPI) -> None:
    if catalog.category(name) == "speed":
        assert kpi.guardrails


@every_kpi
def test_its_folder_is_a_category(name: str, kpi: KPI) -> None:
    assert catalog.category(name) in CATEGORIES


@every_variant
def test_its_formula_reads_one_fact_and_only_its_columns(name: str, variant: str) -> None:
    measure = measure_of(name, variant)
    for side in measure.operands if isinstance(measure, Quotient) else (measure,):
        assert FACTS[side.fact.name] is side.fact
        assert set(side.columns) <= set(side.fact.columns)


@every_variant
def test_its_formula_has_words_without_loose_ends(name: str, variant: str) -> None:
    words = measure_of(name, variant).words
    assert words
    assert "None" not in words
    assert "  " not in words
    assert words.count("(") == words.count(")")


@every_variant
def test_it_can_be_asked(name: str, variant: str) -> None:
    measure = measure_of(name, variant)
    assert measure.statistics
    assert measure.clocks[0] == "calendar"
    assert measure.dated_by.name in measure.fact.moments
    assert measure.fact.dimension_names(measure.dated_by)


@every_variant
def test_what_it_leaves_out_has_a_reason(name: str, variant: str) -> None:
    for reason, condition in measure_of(name, variant).left_out:
        assert reason
        assert set(condition.columns) <= set(measure_of(name, variant).fact.columns)


def test_two_formulas_of_one_kpi_are_never_the_same() -> None:
    for name, kpi in KPIS:
        versions = {kpi.definition_version(variant) for variant in kpi.variants}
        assert len(versions) == len(kpi.variants), name
