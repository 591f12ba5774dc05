"""What a fact table offers to KPIs: dimensions, moments, durations, quantities and conditions, each with its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from deskpulse.errors import DeclarationError, UnknownNameError

Clock = Literal["calendar", "business"]
Kind = Literal["text", "instant", "seconds", "integer", "number", "money", "flag"]
Table = Any  # an ibis Table: Ibis has no useful static types for columns
Value = Any  # an ibis Value


@dataclass(frozen=True, kw_only=True, eq=False)
class Condition:
    """A yes/no about one fact row: its words for people, its columns for lineage, its test for engines.

    ``test(table, now)`` gives an ibis boolean; an unknown (null) counts as no.
    """

    words: str
    columns: tuple[str, ...]
    test: Callable[[Table, datetime], Value]

    def __and__(self, other: Condition) -> Condition:
        return Condition(
            words=f"{self.words} and {other.words}",
            columns=self.columns + other.columns,
            test=lambda t, now: self.test(t, now) & other.test(t, now),
        )

    def __or__(self, other: Condition) -> Condition:
        return Condition(
            words=f"({self.words} or {other.words})",
            columns=self.columns + other.columns,
            test=lambda t, now: self.test(t, now) | other.test(t, now),
        )

    def __invert__(self) -> Condition:
        return Condition(
            words=f"not ({self.words})",
            columns=self.columns,
            test=lambda t, now: ~self.test(t, now),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class FactColumn:
    """A column of a fact and the conditions that can be made of it; null never satisfies one."""

    name: str
    kind: Kind
    meaning: str

    @property
    def per_unit(self) -> int:
        """How many parts one is added up in: money in ten-thousandths, which are whole, so that sums are exact."""
        return 10_000 if self.kind == "money" else 1

    def parts(self, table: Table) -> Value:
        """The column in these parts."""
        return table[self.name] * self.per_unit if self.per_unit > 1 else table[self.name]

    def _condition(self, words: str, test: Callable[[Value, datetime], Value]) -> Condition:
        return Condition(
            words=f"{self.name.replace('_', ' ')} {words}",
            columns=(self.name,),
            test=lambda t, now: test(t[self.name], now).fill_null(False),
        )

    def is_known(self) -> Condition:
        """The column has a value."""
        return self._condition("is known", lambda value, now: value.notnull())

    def is_unknown(self) -> Condition:
        """The column has no value."""
        return self._condition("is unknown", lambda value, now: value.isnull())

    def at_least(self, bound: float) -> Condition:
        """The value is ``bound`` or more."""
        return self._condition(f">= {bound:g}", lambda value, now: value >= bound)

    def at_most(self, bound: float) -> Condition:
        """The value is ``bound`` or less."""
        return self._condition(f"<= {bound:g}", lambda value, now: value <= bound)

    def more_than(self, bound: float) -> Condition:
        """The value is above ``bound``."""
        return self._condition(f"> {bound:g}", lambda value, now: value > bound)

    def equals(self, wanted: str | float) -> Condition:
        """The value is ``wanted``."""
        return self._condition(f"is {wanted}", lambda value, now: value == wanted)

    def before_now(self, *, days: float = 0) -> Condition:
        """The moment lies at least ``days`` days before the question's now."""
        words = f"lies {days:g} days before now or more" if days else "has passed"
        return self._condition(words, lambda value, now: value <= (now - timedelta(days=days) if days else now))

    def within(self, other: FactColumn, *, days: float) -> Condition:
        """The moment follows ``other`` by at most ``days`` days."""
        seconds = round(days * 86400)
        return Condition(
            words=f"{self.name.replace('_', ' ')} within {days:g} days of {other.name.replace('_', ' ')}",
            columns=(self.name, other.name),
            test=lambda t, now: (t[self.name].epoch_seconds() - t[other.name].epoch_seconds() <= seconds).fill_null(
                False
            ),
        )

    def not_after(self, other: FactColumn) -> Condition:
        """The moment is not later than ``other``."""
        return Condition(
            words=f"{self.name.replace('_', ' ')} not after {other.name.replace('_', ' ')}",
            columns=(self.name, other.name),
            test=lambda t, now: (t[self.name] <= t[other.name]).fill_null(False),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Moment(FactColumn):
    """A moment a KPI can be dated by, with who is credited for it: the agent, team and partner of THEN."""

    fact: Fact
    agent: str | None = None
    team: str | None = None
    partner: str | None = None

    @property
    def credited(self) -> dict[str, str]:
        """The column behind each dimension that means whoever is credited."""
        columns = {"agent": self.agent, "team": self.team, "partner": self.partner}
        return {name: column for name, column in columns.items() if column}


@dataclass(frozen=True, kw_only=True, eq=False)
class Duration:
    """A length of time in whole seconds on both clocks, and the moment it is dated by.

    ``missing`` says in words what an absent value means.
    """

    name: str
    meaning: str
    dated_by: Moment
    missing: str

    @property
    def calendar(self) -> str:
        """Column with elapsed seconds."""
        return f"{self.name}_seconds"

    @property
    def business(self) -> str:
        """Column with seconds inside the schedule; null where no schedule applies."""
        return f"{self.name}_business_seconds"

    def on(self, clock: Clock) -> str:
        """The column of a clock."""
        return self.calendar if clock == "calendar" else self.business


@dataclass(kw_only=True, eq=False)
class Fact:
    """A fact table: declared column by column, built by ``deskpulse.facts``, read by KPIs.

    ``key`` is the column that names the row in evidence; ``left_out`` holds the reason a row never counts
    (test, spam, deleted, merged), null when it does. ``times`` is how many of its kind a row stands for: 1,
    or any number in the rows that are ``counted``, of sources that tell only counts.
    """

    name: str
    meaning: str
    key: str
    columns: dict[str, FactColumn] = field(default_factory=dict)
    dimensions: dict[str, str] = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    durations: dict[str, Duration] = field(default_factory=dict)
    times: FactColumn | None = None
    counted: Condition | None = None

    def _add(self, column: FactColumn) -> None:
        if column.name in self.columns:
            raise DeclarationError(f"Fact '{self.name}' declares '{column.name}' twice: rename one.")
        self.columns[column.name] = column

    def text(self, name: str, meaning: str) -> FactColumn:
        """A text column that is not offered as a dimension."""
        column = FactColumn(name=name, kind="text", meaning=meaning)
        self._add(column)
        return column

    def dimension(self, name: str, meaning: str, *, called: str | None = None) -> FactColumn:
        """A text column people group and filter by, under its own name or ``called``."""
        column = self.text(name, meaning)
        self.dimensions[called or name] = name
        return column

    def integer(self, name: str, meaning: str) -> FactColumn:
        """A count."""
        column = FactColumn(name=name, kind="integer", meaning=meaning)
        self._add(column)
        return column

    def counts(self, name: str, meaning: str, *, counted: Condition) -> FactColumn:
        """How many of its kind each row stands for; ``counted`` holds for rows that are counts, not single ones."""
        self.times, self.counted = self.integer(name, meaning), counted
        return self.times

    def number(self, name: str, meaning: str) -> FactColumn:
        """A quantity with a fraction."""
        column = FactColumn(name=name, kind="number", meaning=meaning)
        self._add(column)
        return column

    def money(self, name: str, meaning: str) -> FactColumn:
        """An amount in the account's currency, exact to four digits after the point."""
        column = FactColumn(name=name, kind="money", meaning=meaning)
        self._add(column)
        return column

    def flag(self, name: str, meaning: str) -> Condition:
        """A yes/no column, as a condition; ``meaning`` continues "the ticket ..."."""
        self._add(FactColumn(name=name, kind="flag", meaning=meaning))
        return Condition(words=meaning, columns=(name,), test=lambda t, now: t[name].fill_null(False))

    def moment(self, name: str, meaning: str, *, agent: str | None = None, team: str | None = None) -> Moment:
        """A moment; ``agent`` and ``team`` name the columns credited for it. With a team goes its partner's column."""
        partner = self._partner_column(team) if team else None
        column = Moment(name=name, kind="instant", meaning=meaning, fact=self, agent=agent, team=team, partner=partner)
        self._add(column)
        self.moments[name] = column
        return column

    def _partner_column(self, team: str) -> str:
        name = partner_of(team)
        if name not in self.columns:
            self.text(name, "The partner that person worked for then, else the one the whole team belonged to then.")
        return name

    def duration(self, name: str, meaning: str, *, dated_by: Moment, missing: str) -> Duration:
        """A duration with its two columns."""
        duration = Duration(name=name, meaning=meaning, dated_by=dated_by, missing=missing)
        for column, clock in ((duration.calendar, "elapsed"), (duration.business, "business")):
            self._add(FactColumn(name=column, kind="seconds", meaning=f"{meaning} ({clock} seconds)"))
        self.durations[name] = duration
        return duration

    @property
    def partners(self) -> frozenset[str]:
        """The columns of partners of THEN."""
        return frozenset(moment.partner for moment in self.moments.values() if moment.partner)

    def column(self, name: str) -> FactColumn:
        """The column called ``name``; raises UnknownNameError."""
        if name not in self.columns:
            raise UnknownNameError(f"column of the fact '{self.name}'", name, self.columns)
        return self.columns[name]

    def dimension_column(self, name: str, dated_by: Moment) -> str:
        """The column behind a dimension; ``agent``, ``team`` and ``partner`` are those credited for ``dated_by``."""
        credited = dated_by.credited.get(name)
        if credited:
            return credited
        if name not in self.dimensions:
            raise UnknownNameError(f"dimension of the fact '{self.name}'", name, self.dimension_names(dated_by))
        return self.dimensions[name]

    def dimension_names(self, dated_by: Moment) -> tuple[str, ...]:
        """What a KPI dated by ``dated_by`` can be grouped and filtered by."""
        return tuple(dict.fromkeys((*self.dimensions, *dated_by.credited)))


def partner_of(team: str) -> str:
    """The partner's column beside a team's: ``solve_team`` has ``solve_partner``."""
    return team.replace("team", "partner")
