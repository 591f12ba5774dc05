"""``deskpulse report``: the scorecard in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from deskpulse.surfaces.cli.choices import GrainOption, Where, Zone
from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace

NAME = "report"


def run(
    period: Annotated[str, typer.Option("--period", help="last-week, last-30-days, 2016-03...")] = "last-30-days",
    grain: GrainOption = None,
    zone: Zone = None,
    scorecard: Annotated[
        str | None, typer.Option("--scorecard", help="One of the settings, or a ready one: saas...", show_default=False)
    ] = None,
    where: Where = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The scorecard: each KPI with its interval, n, the period before and the trend."""
    from deskpulse.surfaces.cli.scorecard import print_report

    place = open_workspace(workspace)
    print_report(
        place.report(period, grain=grain.value if grain else None, zone=zone, scorecard=scorecard, where=where)
    )
