"""``deskpulse contract NAME``: what a partner promised against what was measured."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from deskpulse.surfaces.cli.choices import Zone
from deskpulse.surfaces.cli.output import OutputOption, write_sheets, write_text
from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace

NAME = "contract"


class Format(StrEnum):
    """How a settlement is written."""

    table = "table"
    json = "json"


def run(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A contract of the settings.")],
    period: Annotated[str, typer.Option("--period", help="Whole months: last-month, 2016-Q2...")] = "last-month",
    zone: Zone = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.table,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """A partner's contract: each promise with its interval, the score, the service credits and the proof."""
    from deskpulse.present.settlement import settlement_sheet

    found = open_workspace(workspace).contract(name, period, zone=zone)
    if form is Format.table:
        return write_sheets([settlement_sheet(found)], output)
    write_text(f"{json.dumps(found.record(), indent=2, ensure_ascii=False)}\n", output)
