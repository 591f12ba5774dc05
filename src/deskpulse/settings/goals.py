"""Targets of KPIs and scorecards: what a value should be, and which KPIs are looked at together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from deskpulse.catalog import parted
from deskpulse.errors import DeskpulseError
from deskpulse.language import composed
from deskpulse.settings.document import Section
from deskpulse.units import parse_duration

TARGET_CONDITIONS = ("channel", "team", "priority", "partner", "type")
BOUNDS = ("at_least", "at_most", "between")
FORMULA = ("kpi", "variant", "statistic", "clock")
VALIDITY = ("valid_from", "valid_to")
MOST_KPIS = 9
"""More than nine KPIs on a scorecard are not read."""

COMPARISONS = ("previous", "last_year")
GoalClock = Literal["calendar", "business"]


@dataclass(frozen=True, kw_only=True)
class KPITarget:
    """What a KPI should be: at least, at most, or between both, bounds included; shares are 0-1, times seconds.

    A variant, statistic or clock left null is the KPI's first. A ``where`` holds for questions about just that.
    ``place`` is where it stands in the file.
    """

    kpi: str
    at_least: float | None = None
    at_most: float | None = None
    variant: str | None = None
    statistic: str | None = None
    clock: GoalClock | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """KPIs looked at together for a goal (``csat`` or ``csat:mean``); ``compare`` null means with no other period."""

    name: str
    title: str
    goal: str
    kpis: tuple[str, ...]
    compare: str | None = "previous"
    place: str = ""

    @property
    def warning(self) -> str | None:
        """What is said of a scorecard that is too long to be read."""
        if len(self.kpis) <= MOST_KPIS:
            return None
        return composed(
            "Scorecard '%(name)s' has %(kpis)s KPIs: beyond %(most)s none is looked at. Move %(rest)s to another.",
            name=self.name,
            kpis=len(self.kpis),
            most=MOST_KPIS,
            rest=", ".join(self.kpis[MOST_KPIS:]),
        )


def read_kpi_targets(tables: tuple[Section, ...]) -> tuple[KPITarget, ...]:
    """The targets as written; raises SettingsError for one that an earlier one hides."""
    found: list[KPITarget] = []
    for table in tables:
        target = _target(table)
        if any(_hides(earlier, target) for earlier in found):
            table.fail(None, "is never reached: an earlier target covers it. Move it above that one.")
        found.append(target)
    return tuple(found)


def _target(table: Section) -> KPITarget:
    table.only((*FORMULA, *BOUNDS, *TARGET_CONDITIONS, *VALIDITY))
    kpi, variant = read_formula(table)
    at_least, at_most = read_bounds(table)
    valid_from, valid_to = table.day("valid_from"), table.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        table.fail("valid_to", f"{valid_to} comes before valid_from = {valid_from}. Exchange them.")
    return KPITarget(
        kpi=kpi,
        variant=variant,
        at_least=at_least,
        at_most=at_most,
        statistic=table.text("statistic"),
        clock=table.choice("clock", ("calendar", "business")) if "clock" in table.values else None,
        where={name: value for name in TARGET_CONDITIONS if (value := table.text(name))},
        valid_from=valid_from,
        valid_to=valid_to,
        place=table.place(),
    )


def read_formula(table: Section) -> tuple[str, str | None]:
    """The KPI and variant a table names: ``kpi = "csat:mean"``, or ``kpi`` and ``variant``."""
    kpi, after_colon = parted(table.needed("kpi", "NAME"))
    return kpi, table.text("variant") or after_colon


def read_bounds(table: Section) -> tuple[float | None, float | None]:
    """The least and the greatest value of ``at_least``, ``at_most`` or ``between``; raises SettingsError."""
    if "between" in table.values:
        return _between(table)
    least, most = (read_number(table, key) if key in table.values else None for key in ("at_least", "at_most"))
    if least is None and most is None:
        table.fail(None, 'has no bound. Add at_least = 0.85, at_most = "4h" or between = [0.70, 0.85].')
    if least is not None and most is not None and most < least:
        table.fail("at_most", f"{most:g} lies below at_least = {least:g}. Exchange them.")
    return least, most


def _between(table: Section) -> tuple[float, float]:
    pair = table.values["between"]
    if not isinstance(pair, list) or len(pair) != len(("low", "high")):
        table.fail("between", "expects two bounds, like [0.70, 0.85].")
    if "at_least" in table.values or "at_most" in table.values:
        table.fail("between", "stands beside at_least or at_most: keep one of them.")
    low, high = (_number(table, "between", value) for value in pair)
    if high < low:
        table.fail("between", f"{high:g} lies below {low:g}. Exchange them.")
    return low, high


def read_number(table: Section, key: str) -> float:
    """A bound: a number, a share like "85 %", or a length of time like "4h" (in seconds)."""
    return _number(table, key, table.values[key])


def _number(table: Section, key: str, value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = str(value).strip()
    if text.endswith("%"):
        return float(_share(table, key, text))
    try:
        return float(parse_duration(text))
    except DeskpulseError:
        table.fail(key, f'\'{value}\' will not do: expects a number, a share like "85 %" or a time like "4h".')


def _share(table: Section, key: str, text: str) -> Fraction:
    try:
        return Fraction(text.removesuffix("%").strip()) / 100
    except ValueError:
        table.fail(key, f"'{text}' is no share. Write \"85 %\".")


def _hides(earlier: KPITarget, later: KPITarget) -> bool:
    same = all(getattr(earlier, name) == getattr(later, name) for name in FORMULA)
    always = earlier.valid_from is None and earlier.valid_to is None
    return same and always and all(later.where.get(name) == value for name, value in earlier.where.items())


def read_scorecards(tables: Section) -> Mapping[str, Scorecard]:
    """The scorecards by name; raises SettingsError."""
    for name, value in tables.values.items():
        if not isinstance(value, dict):
            tables.fail(name, f"is no table. Write [scorecards.{name}] above the scorecard's lines.")
    return {name: _scorecard(name, tables.section(name)) for name in tables.values}


def _scorecard(name: str, table: Section) -> Scorecard:
    table.only(("title", "goal", "kpis", "compare"))
    kpis = tuple(table.texts("kpis"))
    if not kpis:
        table.fail(None, 'has no KPIs. Add kpis = ["csat", "first_response_time"].')
    twice = sorted({kpi for kpi in kpis if kpis.count(kpi) > 1})
    if twice:
        table.fail("kpis", f"names {', '.join(twice)} twice: name each once.")
    compare = table.choice("compare", (*COMPARISONS, "none"), "previous")
    return Scorecard(
        name=name,
        title=table.text("title") or name,
        goal=table.text("goal") or "",
        kpis=kpis,
        compare=None if compare == "none" else compare,
        place=table.place(),
    )
