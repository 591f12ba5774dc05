"""``deskpulse leads LEADING LAGGING``: does one KPI move before another, and by how many weeks?"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli import choices
from deskpulse.surfaces.cli.output import write_sheets
from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace

if TYPE_CHECKING:
    from deskpulse.insights.leading import Leading

NAME = "leads"


class Format(StrEnum):
    """How the finding is written."""

    table = "table"
    json = "json"


def run(
    leading: Annotated[str, typer.Argument(metavar="LEADING", help="The KPI that may move first.")],
    lagging: Annotated[str, typer.Argument(metavar="LAGGING", help="The KPI that may follow.")],
    period: Annotated[str, typer.Option("--period", help="At least 40 weeks: all, last-year...")] = "all",
    where: choices.Where = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.table,
    workspace: WorkspaceOption = None,
) -> None:
    """Cross-correlation and lag between two KPIs by week, with intervals; says so when nothing is established."""
    found = open_workspace(workspace).leads(leading, lagging, period=period, where=where)
    if form is Format.json:
        return typer.echo(json.dumps(found.record(), indent=2, ensure_ascii=False))
    show(found)


def show(found: Leading) -> None:
    """The correlations of all lags and the conclusion."""
    from deskpulse.present.leading import leading_sheet

    write_sheets([leading_sheet(found)], None)
