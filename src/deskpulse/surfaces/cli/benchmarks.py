"""``deskpulse benchmarks KPI``: what is published, and where our value lies where the definitions match."""

from __future__ import annotations

from typing import Annotated

import typer

from deskpulse.surfaces.cli import choices
from deskpulse.surfaces.cli.output import write_sheets
from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace

NAME = "benchmarks"


def run(
    kpi: choices.OneKPI,
    period: Annotated[
        str | None, typer.Option("--period", help="Compare this period's value.", show_default=False)
    ] = None,
    where: choices.Where = None,
    statistic: choices.Statistic = None,
    clock: choices.ClockOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Published figures with source and quality; --period compares a value with those of the same definition."""
    from deskpulse.catalog import parted
    from deskpulse.insights.benchmarks import benchmarks_of
    from deskpulse.present.benchmark import benchmark_sheet, compared_sheets

    if period is None:
        name, _ = parted(kpi)
        return write_sheets([benchmark_sheet(name, benchmarks_of(name))], None)
    chosen = choices.Choices(period=period, where=where, statistic=statistic, clock=clock)
    write_sheets(compared_sheets(open_workspace(workspace).benchmarks(kpi, **chosen.options())), None)
