"""``deskpulse init DIR``: an empty workspace with commented settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

NAME = "init"


def run(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make it.")]) -> None:
    """Make an empty workspace: a folder with commented settings."""
    from deskpulse.settings import FILE_NAME
    from deskpulse.workspace import create

    workspace = create(folder)
    typer.echo(f"Made {workspace.root}. Now:")
    typer.echo(f"  edit {workspace.root / FILE_NAME}   time zone, schedules, targets")
    typer.echo(f"  deskpulse connect SYSTEM -w {workspace.root}   such as zendesk: deskpulse connect --list")
    typer.echo(f"  deskpulse import PRESET|MAPPING|TABLE FILE... -w {workspace.root}")
