"""``deskpulse rebuild [--full]``: facts from events again, and a new snapshot."""

from __future__ import annotations

from typing import Annotated

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace

NAME = "rebuild"


def run(
    full: Annotated[bool, typer.Option("--full", help="All tickets, not only those touched.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Compute the facts from the events again and publish them; needed after the settings changed."""
    from deskpulse.surfaces.cli.progress import steps
    from deskpulse.workspace.writing import REBUILD_STEPS

    place = open_workspace(workspace)
    with steps("Rebuilding", REBUILD_STEPS) as step:
        version = place.rebuild(full=full, progress=step)
    typer.echo(f"Published snapshot {version}.")
