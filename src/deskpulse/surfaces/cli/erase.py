"""``deskpulse erase --customer SOURCE:ID``: forgets a customer on request."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, now, open_workspace, say

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace
    from deskpulse.workspace.erasing import Erasure

NAME = "erase"
TRIES = 45
BETWEEN_SECONDS = 1


def run(
    customer: Annotated[str, typer.Option(metavar="SOURCE:ID", help="The customer, like zendesk:4711.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Erase a customer for good: ids, names and words, in events, facts, snapshots, refused rows and surveys.

    Tickets stay and count, under a pseudonym. A keyed hash of the id stays, so that no later import brings them back.
    """
    from deskpulse.surfaces.cli.progress import steps
    from deskpulse.workspace.erasing import erase
    from deskpulse.workspace.writing import REBUILD_STEPS

    place = open_workspace(workspace)
    if not yes:
        typer.confirm(f"Erase {customer} from {place.settings.name}? This cannot be undone.", abort=True, err=True)
    with steps("Erasing", REBUILD_STEPS) as step:
        done = erase(place, customer, now=now(), by="command line", progress=step)
    typer.echo(f"Erased: {done.rows} rows changed, {done.tickets} tickets now of {done.pseudonym}.")
    if done.pages:
        source = customer.partition(":")[0]
        say(f"The newest page of {source} names them. Type `deskpulse sync {source}`, then the same command again.")
    _wait_for_readers(place, done)


def _wait_for_readers(place: Workspace, done: Erasure) -> None:
    """Older snapshots hold the customer until those who read them let go; a server does within half a minute."""
    from deskpulse.workspace.erasing import swept

    held = done.held
    for _ in range(TRIES if held else 0):
        held = swept(place, done.version)
        if not held:
            return
        time.sleep(BETWEEN_SECONDS)
    if held:
        say(
            f"Older snapshots are still open by a reader: {', '.join(map(str, held))}. They hold the customer until it "
            "ends: stop it, then type the same command again."
        )
