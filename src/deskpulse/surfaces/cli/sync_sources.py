"""``deskpulse sync [SOURCE]``: reads what is new in the sources, and publishes it."""

from __future__ import annotations

import atexit
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.errors import BusyError, DeskpulseError, InputError, SourceError, UnknownNameError
from deskpulse.surfaces.cli.session import WorkspaceOption, now, open_workspace, say

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace
    from deskpulse.workspace.synced import Synced

NAME = "sync"
LOOK_SECONDS = 1


def run(
    source: Annotated[str | None, typer.Argument(help="The source to read. Default: all of the settings.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Read again all that changed since then, as 2026-03-01. Default: what is new.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, each source as often as its 'every' says.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Read what is new in the sources over their APIs, and publish it. What is stopped goes on where it stopped."""
    place = open_workspace(workspace)
    names = [_known(place, source)] if source else _read(place)
    if not names:
        raise InputError(
            "No source is connected. Type: deskpulse connect zendesk; what there is: deskpulse connect --list"
        )
    if watch:
        _watch(place, names, since)
        return
    failed = _all(place, names, since)
    for error in failed[1:]:
        say(f"Error: {error}")
    if failed:
        raise failed[0]


def _read(place: Workspace) -> list[str]:
    from deskpulse.workspace.syncing import is_read

    return [known.name for known in place.settings.sources if is_read(known)]


def _known(place: Workspace, name: str) -> str:
    """The name, before a bar is shown for it; raises UnknownNameError."""
    from deskpulse.workspace.syncing import source_named

    return source_named(place, name).name


def _all(place: Workspace, names: list[str], since: str | None = None) -> list[DeskpulseError]:
    """One that fails, or is of a connector that there is not, does not hold up the others."""
    failed: list[DeskpulseError] = []
    for name in names:
        try:
            one(place, name, since)
        except (SourceError, UnknownNameError) as error:
            failed.append(error)
    return failed


def one(place: Workspace, name: str, since: str | None = None, *, kept: bool = False) -> None:
    """One source, with its bar; ``kept`` builds from the kept pages instead of asking the API."""
    from deskpulse.surfaces.cli.progress import rate
    from deskpulse.workspace.syncing import replay_source, sync_source

    begin = place.instant(since) if since else None
    with rate(name) as watch:
        if kept:
            synced = replay_source(place, name, now=now(), watch=watch)
        else:
            synced = sync_source(place, name, now=now(), since=begin, watch=watch)
    _tell(synced)


def _tell(synced: Synced) -> None:
    news = ", ".join(f"{count} of {table}" for table, count in synced.changed.items() if count)
    lines = [f"{synced.source}: {synced.pages} pages; new or changed: {news or 'nothing'}"]
    lines += [f"  {refusal.rows} x {refusal.reason} (first: {refusal.file})" for refusal in synced.refusals]
    if synced.version is not None:
        lines.append(f"  published as snapshot {synced.version}")
    typer.echo("\n".join(lines))  # at once: other sources tell, too


def _watch(place: Workspace, names: Sequence[str], since: str | None) -> None:
    """All of them now, then each as often as it is to be read; what nobody foresaw ends it."""
    from deskpulse.surfaces.cli.main import FAULT, STOPPED
    from deskpulse.surfaces.cli.progress import rates
    from deskpulse.workspace.syncing import due, sync_source
    from deskpulse.workspace.watching import Watching

    faults: list[Exception] = []
    again = dict.fromkeys(names, place.instant(since)) if since else {}
    with rates() as bars:

        def read(name: str) -> None:
            with bars(name) as watch:
                own = open_workspace(place.root)
                synced = sync_source(own, name, now=now(), since=again.get(name), watch=watch)
            again.pop(name, None)
            _tell(synced)

        watching = Watching(read=read, failed=lambda name, error: _failed(name, error, faults), wait=time.sleep)
        watching.begin(names)
        try:
            while not faults:
                time.sleep(LOOK_SECONDS)
                with suppress(DeskpulseError):  # settings that are being edited
                    watching.begin(name for name in due(open_workspace(place.root), now()) if name in names)
        finally:
            if watching.is_reading:
                atexit.register(_leave, FAULT if faults else STOPPED)
    raise faults[0]


def _failed(name: str, error: Exception, faults: list[Exception]) -> None:
    if isinstance(error, BusyError):
        say(f"{name} waits: {error}")
    elif isinstance(error, DeskpulseError):
        say(f"Error: {error}")
    else:
        faults.append(error)


def _leave(code: int) -> None:
    """Ends as if it were killed: what was read is kept, and what still reads is not to be waited for."""
    sys.stdout.flush()
    os._exit(code)
