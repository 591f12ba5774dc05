"""``deskpulse serve``: the dashboard and the API on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, open_workspace, say

NAME = "serve"


def run(
    folder: WorkspaceOption = None,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8400,
    host: Annotated[str, typer.Option(help="The address to listen on; this machine only by default.")] = "127.0.0.1",
) -> None:
    """Serve the dashboard and the API until stopped by Ctrl-C."""
    import uvicorn

    from deskpulse.surfaces.server.app import create_app

    place = open_workspace(folder)
    say(f"Serving {place.settings.name} at http://{host}:{port} (Ctrl-C stops it)")
    uvicorn.run(create_app(place.root), host=host, port=port, log_level="warning")
