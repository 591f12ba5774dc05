"""``deskpulse report``: the scorecard in the terminal, or in whole as a file."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from deskpulse.errors import InputError
from deskpulse.surfaces.cli.choices import GrainOption, Where, Zone
from deskpulse.surfaces.cli.output import OutputOption, write_bytes
from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace

NAME = "report"


class Format(StrEnum):
    """How a report is written."""

    text = "text"
    pdf = "pdf"
    html = "html"
    xlsx = "xlsx"
    md = "md"
    json = "json"


def run(
    period: Annotated[str, typer.Option("--period", help="last-week, last-30-days, 2016-03...")] = "last-30-days",
    grain: GrainOption = None,
    zone: Zone = None,
    scorecard: Annotated[
        str | None, typer.Option("--scorecard", help="One of the settings, or a ready one: saas...", show_default=False)
    ] = None,
    where: Where = None,
    form: Annotated[Format, typer.Option("--format", help="text is for the terminal, in short.")] = Format.text,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """The scorecard: each KPI with its interval, n, the period before and the trend; files say all that is known."""
    place = open_workspace(workspace)
    if form is Format.text:
        from deskpulse.surfaces.cli.scorecard import print_report

        found = place.report(period, grain=grain.value if grain else None, zone=zone, scorecard=scorecard, where=where)
        return print_report(found, output)
    from deskpulse.present.report import write
    from deskpulse.workspace.documents import document

    if output is None and sys.stdout.isatty() and form in (Format.pdf, Format.xlsx):
        raise InputError(f"{form.value.upper()} is not for reading on a terminal. Add -o FILE.")
    whole = document(place, period, name=scorecard, where=where or (), zone=zone, grain=grain.value if grain else None)
    write_bytes(write(whole, form.value), output)
