"""The options ``ask`` and ``prove`` share: which rows, of which period, by which clock."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Annotated, Any

import typer


class Grain(StrEnum):
    """The length of a bucket."""

    hour = "hour"
    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


class Clock(StrEnum):
    """Elapsed time, or time within schedules."""

    calendar = "calendar"
    business = "business"


class Comparison(StrEnum):
    """What a value is held against."""

    previous = "previous"
    last_year = "last_year"


KPIs = Annotated[list[str], typer.Argument(metavar="KPI[:VARIANT]...", help="One or more KPIs: deskpulse kpis")]
OneKPI = Annotated[str, typer.Argument(metavar="KPI[:VARIANT]", help="The KPI: deskpulse kpis")]
By = Annotated[list[str] | None, typer.Option("--by", help="A dimension, or several: channel,team", show_default=False)]
GrainOption = Annotated[Grain | None, typer.Option("--grain", help="A row per hour, day, week...", show_default=False)]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", help="channel=email,chat or channel!=web; repeat for several.", show_default=False),
]
PeriodOption = Annotated[
    str | None, typer.Option("--period", help="last-week, last-30-days, 2016-03, 2016-W10, all...", show_default=False)
]
From = Annotated[str | None, typer.Option("--from", help="First day or instant, included.", show_default=False)]
To = Annotated[str | None, typer.Option("--to", help="End, not included.", show_default=False)]
Statistic = Annotated[str | None, typer.Option("--stat", help="median, mean, p90, p95...", show_default=False)]
ClockOption = Annotated[Clock | None, typer.Option("--clock", help="Which seconds count.", show_default=False)]
DatedBy = Annotated[
    str | None, typer.Option("--dated-by", help="The moment that dates a row: created_at...", show_default=False)
]
Compare = Annotated[Comparison | None, typer.Option("--compare", help="Hold it against...", show_default=False)]
Zone = Annotated[
    str | None, typer.Option("--zone", help="Time zone of days. Default: the workspace's.", show_default=False)
]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What was chosen on the command line, under the names of the Python API."""

    where: list[str] | None = None
    period: str | None = None
    start: str | None = None
    end: str | None = None
    clock: Clock | None = None
    dated_by: str | None = None
    zone: str | None = None
    statistic: str | None = None
    by: list[str] | None = None
    grain: Grain | None = None
    compare: Comparison | None = None

    def options(self) -> dict[str, Any]:
        """Those that were given, as keyword arguments."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) if isinstance(value, StrEnum) else value for name, value in given.items() if value}
