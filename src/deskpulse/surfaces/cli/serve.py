"""``deskpulse serve``: the dashboard and the API on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, now, open_workspace, say

NAME = "serve"
TURN_SECONDS = 0.001
"""How long a thread that works something out may keep the others waiting: a fifth of what Python would let it."""


def run(
    folder: WorkspaceOption = None,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8400,
    host: Annotated[str, typer.Option(help="The address to listen on; this machine only by default.")] = "127.0.0.1",
) -> None:
    """Serve the dashboard and the API until stopped by Ctrl-C."""
    import uvicorn

    from deskpulse.surfaces.server.app import create_app

    place = open_workspace(folder)
    app = create_app(place.root)
    say(f"Serving {place.settings.name} at http://{host}:{port} (Ctrl-C stops it)")
    if not app.state.accounts.is_set_up:
        secret = app.state.accounts.offer_setup(now())
        say(
            f"Nobody has an account yet. Make the first with this link, good once and for a day:\n"
            f"  http://{host}:{port}/set-up?token={secret}"
        )
    sys.setswitchinterval(TURN_SECONDS)
    # Open pages listen for news without end: they are not waited for.
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)
