"""Formulas over units that have several rows each: an agent's days, a call's rings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from deskpulse.metrics.fact import Clock, Condition, FactColumn, Table, Value
from deskpulse.metrics.formula import Proportion, of_words, unknown
from deskpulse.metrics.tally import Count


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitShare(Proportion):
    """The share of units (``per``) with a row for which ``where`` holds, of the units with any row: Wilson's interval.

    A unit counts once, however many rows it has in the period: agents who helped, of agents employed.
    """

    where: Condition
    per: FactColumn

    @property
    def words(self) -> str:
        one = self.per.name.replace("_", " ")
        return f"share of each different {one} with a row where {self.where.words}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, *self.where.columns, self.per.name)

    @property
    def unit_of(self) -> FactColumn:
        return self.per

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        return self.where.test(table, now).ifelse(1, 0)

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        return (unknown(self.per),)

    def level(self, rows: Table) -> Mapping[str, Value]:
        return {"rows": rows["value"].count(), "hits": rows["value"].max()}

    def sums(self, rows: Table) -> Mapping[str, Value]:
        return {"n": (rows["rows"] > 0).ifelse(1, 0).sum(), "hits": rows["hits"].sum()}


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitCount(Count):
    """How many different units (``per``) the rows are of; all rows of a unit have the same moment."""

    per: FactColumn

    @property
    def words(self) -> str:
        one = self.per.name.replace("_", " ")
        return f"number of each different {one} with a row of the fact '{self.fact.name}'{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.per.name)

    def level(self, rows: Table) -> Mapping[str, Value]:
        return {"x": rows[self.per.name].nunique(where=rows["value"] > 0)}
