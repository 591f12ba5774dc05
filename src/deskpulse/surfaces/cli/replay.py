"""``deskpulse replay SOURCE``: events again from the kept pages, without asking the API."""

from __future__ import annotations

from typing import Annotated

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace
from deskpulse.surfaces.cli.sync_sources import one

NAME = "replay"


def run(
    source: Annotated[str, typer.Argument(help="The source whose kept pages are read again.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Build the events of a source again from its kept pages, as after an update that reads them better."""
    one(open_workspace(workspace), source, kept=True)
