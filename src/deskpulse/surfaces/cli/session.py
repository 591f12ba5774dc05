"""What every command shares: its workspace, its way of speaking to people, and the instant it runs at."""

from __future__ import annotations

import os
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.errors import WorkspaceError

if TYPE_CHECKING:
    from rich.console import Console

    from deskpulse.workspace import Workspace

VARIABLE = "DESKPULSE_WORKSPACE"
SETTINGS_FILE = "deskpulse.toml"
WIDE = 200

current_folder: ContextVar[Path | None] = ContextVar("current_folder", default=None)

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help=f"The workspace's folder. Default: the current folder if it is one, else ${VARIABLE}.",
        show_default=False,
    ),
]


def locate(folder: Path | None) -> Path:
    """The workspace meant: the one named, else the current folder if it is one, else the environment's."""
    named = os.environ.get(VARIABLE)
    if folder is None:
        folder = Path(named) if named and not Path(SETTINGS_FILE).exists() else Path()
    current_folder.set(folder)
    return folder


def open_workspace(folder: Path | None) -> Workspace:
    """The workspace a command works on; raises WorkspaceError with what to type."""
    import deskpulse.workspace

    place = locate(folder)
    if not (place / SETTINGS_FILE).exists():
        raise WorkspaceError(
            f"'{place}' is not a workspace (it has no {SETTINGS_FILE}). "
            f"Name one with -w DIR or ${VARIABLE}, or make one: deskpulse init DIR"
        )
    return deskpulse.workspace.open(place)


def now() -> datetime:
    """This instant, naive UTC, whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def console(*, error: bool = False, wide: bool = False) -> Console:
    """Where rich text goes; wide for files, and when no terminal says otherwise: piped tables are not folded."""
    from rich.console import Console

    screen = Console(stderr=error, highlight=False)
    if wide or (not screen.is_terminal and "COLUMNS" not in os.environ):
        return Console(stderr=error, highlight=False, width=WIDE)
    return screen


def say(text: str) -> None:
    """A remark beside the result: to standard error, so that results can be piped."""
    typer.echo(text, err=True)
