"""``deskpulse sync [SOURCE]``: reads what is new in the sources, and publishes it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.errors import InputError, SourceError
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
    names = [_known(place, source)] if source else [known.name for known in place.settings.sources]
    if not names:
        raise InputError(
            "No source is connected. Type: deskpulse connect zendesk; what there is: deskpulse connect --list"
        )
    failed = _all(place, names, since)
    for error in failed if watch else failed[1:]:
        say(f"Error: {error}")
    if watch:
        _watch(place, source)
    elif failed:
        raise failed[0]


def _known(place: Workspace, name: str) -> str:
    """The name, before a bar is shown for it; raises UnknownNameError."""
    from deskpulse.workspace.syncing import source_named

    return source_named(place, name).name


def _all(place: Workspace, names: list[str], since: str | None = None) -> list[SourceError]:
    """One that fails does not hold up the others."""
    failed: list[SourceError] = []
    for name in names:
        try:
            one(place, name, since)
        except SourceError as error:
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
    typer.echo(f"{synced.source}: {synced.pages} pages; new or changed: {news or 'nothing'}")
    for refusal in synced.refusals:
        typer.echo(f"  {refusal.rows} x {refusal.reason} (first: {refusal.file})")
    if synced.version is not None:
        typer.echo(f"  published as snapshot {synced.version}")


def _watch(place: Workspace, source: str | None) -> None:
    from deskpulse.errors import DeskpulseError
    from deskpulse.workspace.syncing import due

    while True:
        time.sleep(LOOK_SECONDS)
        for name in due(place, now()):
            if source in (None, name):
                try:
                    one(place, name)
                except DeskpulseError as error:
                    say(f"Error: {error}")
