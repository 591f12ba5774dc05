"""Shares of answers that do not weigh alike: by the survey's own weights, or by how many of each kind were asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import ibis

from deskpulse import units
from deskpulse.language import composed
from deskpulse.metrics.fact import Clock, Condition, FactColumn, Table, Value
from deskpulse.metrics.formula import Measure, Statistic, Sums, Unit, of_words
from deskpulse.metrics.interval import Estimate
from deskpulse.metrics.weighting import effective_size, weighted_net, weighted_share


@dataclass(frozen=True, kw_only=True, eq=False)
class _Weighing(Measure):
    """The weight of rows where ``where`` holds, less that where ``minus`` does, of all weight: with Kish's size."""

    where: Condition
    minus: Condition | None = None
    unit: Unit = "share"

    @property
    def statistics(self) -> tuple[Statistic, ...]:
        return ("net",) if self.minus else ("share",)

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, *self.where.columns, *(self.minus.columns if self.minus else ()))

    @property
    def less_words(self) -> str:
        """What is taken off, for people."""
        return f" less where {self.minus.words}" if self.minus else ""

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        plus = self.where.test(table, now).ifelse(1, 0)
        return plus - self.minus.test(table, now).ifelse(1, 0) if self.minus else plus

    def estimate(self, sums: Sums, statistic: Statistic) -> Estimate:
        """Of ``weight``, ``squares`` (of the weights), ``plus`` and ``minus``."""
        known = (sums["weight"], sums["squares"], int(sums["n"]))
        if self.minus is None:
            return weighted_share(sums["plus"], *known)
        return weighted_net(sums["plus"], sums["minus"], *known)

    def remark(self, sums: Sums) -> str | None:
        size = round(effective_size(sums["weight"], sums["squares"]))
        return composed(
            "Weighted: %(n)s answers say as much as %(equal)s of equal weight; the interval is as wide as theirs.",
            n=partial(units.format_count, int(sums["n"])),
            equal=partial(units.format_count, size),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class WeightedShare(_Weighing):
    """The share of the ``weight`` of eligible rows where ``where`` holds, less that where ``minus`` does, if given.

    Wilson's interval, or Bonett and Price's, with Kish's effective size.
    """

    weight: FactColumn

    @property
    def words(self) -> str:
        return f"share of {self.weight.meaning} where {self.where.words}{self.less_words}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.weight.name)

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        return {"value": self.row_value(table, now, clock), "divisor": table[self.weight.name]}

    def gaps(self, clock: Clock) -> tuple[tuple[str, str], ...]:
        return (("without a weight", self.weight.name),)

    def sums(self, rows: Table) -> Mapping[str, Value]:
        value, weight = rows["value"], rows["divisor"]
        return {
            "n": value.count(),
            "weight": weight.sum(),
            "squares": (weight * weight).sum(),
            "plus": weight.sum(where=value > 0),
            "minus": weight.sum(where=value < 0),
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class StratifiedShare(_Weighing):
    """The share of rows ``given`` an answer where ``where`` holds, had all of every stratum answered as its own did.

    Each stratum (a value of ``stratum``) weighs as much as was asked in it, ``given`` or not: post-stratification
    (Holt and Smith, J. R. Stat. Soc. A 142 (1979) 33-46). A stratum that gave nothing cannot speak and is not counted.
    """

    given: Condition
    stratum: FactColumn

    @property
    def words(self) -> str:
        weighed = f"each {self.stratum.name} weighing as much as was asked in it"
        told = f"{self.where.words}{self.less_words}"
        return f"share where {told}, of those where {self.given.words}, {weighed}{of_words(self.of)}"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, *self.given.columns, self.stratum.name)

    @property
    def unit_of(self) -> FactColumn:
        return self.stratum

    def row_value(self, table: Table, now: datetime, clock: Clock) -> Value:
        value = super().row_value(table, now, clock).cast("float64")
        return self.given.test(table, now).ifelse(value, ibis.null("float64"))

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        return {"value": self.row_value(table, now, clock), "asked": 1}

    def level(self, rows: Table) -> Mapping[str, Value]:
        value = rows["value"]
        return {
            "asked": rows["asked"].count(),
            "answers": value.count(),
            "plus": (value > 0).ifelse(1, 0).sum(),
            "minus": (value < 0).ifelse(1, 0).sum(),
        }

    def sums(self, rows: Table) -> Mapping[str, Value]:
        """Over the strata: how many were ``asked``, their ``answers``, those ``plus`` and those ``minus``."""
        answers = rows["answers"].cast("float64").nullif(0.0)
        asked = (rows["answers"] > 0).ifelse(rows["asked"], 0).cast("float64")
        return {
            "n": rows["answers"].sum(),
            "weight": asked.sum(),
            "squares": (asked * asked / answers).sum(),
            "plus": (asked * rows["plus"] / answers).sum(),
            "minus": (asked * rows["minus"] / answers).sum(),
        }
