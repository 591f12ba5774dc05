"""``deskpulse ask KPI[:VARIANT]...``: values with interval, sample size, and what was left out."""

from __future__ import annotations

from typing import Annotated

import typer

from deskpulse.surfaces.cli import choices
from deskpulse.surfaces.cli.output import Format, OutputOption, write_answers
from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace

NAME = "ask"


def run(  # noqa: PLR0913, PLR0917 - one parameter per option
    kpis: choices.KPIs,
    by: choices.By = None,
    grain: choices.GrainOption = None,
    where: choices.Where = None,
    period: choices.PeriodOption = None,
    start: choices.From = None,
    end: choices.To = None,
    statistic: choices.Statistic = None,
    clock: choices.ClockOption = None,
    dated_by: choices.DatedBy = None,
    compare: choices.Compare = None,
    zone: choices.Zone = None,
    targets: Annotated[bool, typer.Option("--targets", help="Write target and status in every format.")] = False,
    form: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Ask one or more KPIs: values with their interval, n, and what was left out."""
    chosen = choices.Choices(
        where=where, period=period, start=start, end=end, clock=clock, dated_by=dated_by, zone=zone,
        statistic=statistic, by=by, grain=grain, compare=compare,
    )  # fmt: skip
    place = open_workspace(workspace)
    write_answers([place.ask(kpi, targets=targets, **chosen.options()) for kpi in kpis], form, output)
