"""The make-up of all customers, which answers to surveys are weighted to."""

from __future__ import annotations

from collections.abc import Mapping

from deskpulse.settings.document import Section

MARGINS = ("channel", "type", "topic", "priority")
Population = Mapping[str, Mapping[str, float]]


def read_population(document: Section) -> Population:
    """Each margin's parts by name, in the section ``[population]``; raises SettingsError with line and key."""
    section = document.section("population")
    section.only(MARGINS)
    return {margin: _parts(section.section(margin)) for margin in section.values}


def _parts(section: Section) -> Mapping[str, float]:
    return {name: _part(section, name) for name in section.values}


def _part(section: Section, name: str) -> float:
    value = section.values[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        section.fail(name, "expects a number above 0: a share, a percentage or a count, the same for all of them.")
    return float(value)
