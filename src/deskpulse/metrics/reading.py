"""Formulas over texts as a model read them: no value is shown without how often that model is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from deskpulse import units
from deskpulse.language import composed
from deskpulse.metrics.fact import Clock, FactColumn, Table, Value
from deskpulse.metrics.formula import Measure, Sums, Unit
from deskpulse.metrics.sample import NetShare, Share


@dataclass(frozen=True, kw_only=True, eq=False)
class _Reading(Measure):
    """``accuracy``: how often the model is right on texts it has not seen, ``measured_on`` how many."""

    accuracy: FactColumn
    measured_on: FactColumn

    @property
    def columns(self) -> tuple[str, ...]:
        return (*super().columns, self.accuracy.name, self.measured_on.name)

    def row_parts(self, table: Table, now: datetime, clock: Clock) -> Mapping[str, Value]:
        known = {"accuracy": table[self.accuracy.name], "measured_on": table[self.measured_on.name]}
        return {**super().row_parts(table, now, clock), **known}

    def sums(self, rows: Table) -> Mapping[str, Value]:
        return {**super().sums(rows), "accuracy": rows["accuracy"].min(), "measured_on": rows["measured_on"].max()}

    def remark(self, sums: Sums) -> str | None:
        return composed(
            "Read by a model trained on this workspace's own ratings. On %(texts)s rated texts it had not seen it "
            "was right %(share)s of the time, where guessing is right 50 %%.",
            texts=partial(units.format_count, int(sums["measured_on"])),
            share=partial(units.format_share, sums["accuracy"]),
        )

    def excuse(self, reasons: tuple[str, ...]) -> str | None:
        return next((reason for reason in reasons if reason.startswith("no model")), None)


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadShare(_Reading, Share):
    """The share of texts that read like something: Wilson's interval, which knows nothing of misreadings."""

    unit: Unit = "share"


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadNetShare(_Reading, NetShare):
    """The share of texts that read one way less the share that reads the other: Bonett and Price's interval."""

    unit: Unit = "net"
