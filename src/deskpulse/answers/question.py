"""A question about one KPI, as asked; names are checked when it is answered."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from deskpulse.metrics.fact import Clock

Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
Comparison = Literal["previous", "last_year"]
GRAINS: tuple[Grain, ...] = ("hour", "day", "week", "month", "quarter", "year")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Keeps rows whose dimension is (or, negated, is not) one of the values."""

    dimension: str
    values: tuple[str, ...]
    negated: bool = False

    @property
    def typed(self) -> str:
        """As it is typed: ``channel=email,chat``, ``team!=Sales``, ``topic="Login, password"``."""
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(self.values)
        return f"{self.dimension}{'!=' if self.negated else '='}{line.getvalue()}"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked. ``start`` and ``end`` are instants in UTC, start included, end not; both null is all of history.

    ``variant``, ``statistic``, ``clock`` and ``dated_by`` left null take the KPI's defaults. ``zone`` names the time
    zone of buckets; ``now`` is the instant up to which open clocks run (UTC). ``rules`` are filters put in for who may
    see what: not asked for, and never answered with the values they could have had.
    """

    kpi: str
    now: datetime
    variant: str | None = None
    statistic: str | None = None
    clock: Clock | None = None
    by: tuple[str, ...] = ()
    grain: Grain | None = None
    where: tuple[Filter, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    zone: str = "UTC"
    dated_by: str | None = None
    compare: Comparison | None = None
    rules: tuple[Filter, ...] = ()
