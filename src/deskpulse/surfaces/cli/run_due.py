"""``deskpulse run-due``: sends the reports that are due; for cron."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, now, open_workspace

if TYPE_CHECKING:
    from deskpulse.workspace.delivery import Outcome

NAME = "run-due"


def run(
    workspace: WorkspaceOption = None,
    at_once: Annotated[bool, typer.Option("--now", help="Send every report now, due or not.")] = False,
) -> None:
    """Send the reports of the settings that are due, each once; exit code 1 if one did not arrive."""
    from deskpulse.workspace.delivery import run_due, upcoming

    place = open_workspace(workspace)
    outcomes = run_due(place.root, now(), at_once=at_once)
    for outcome in outcomes:
        typer.echo(_told(outcome))
    if not outcomes:
        following = "; ".join(f"{one.report.name} {one.at:%Y-%m-%d %H:%M} UTC" for one in upcoming(place.root, now()))
        typer.echo(f"Nothing is due. Next: {following or 'no report is scheduled: add [[reports]] to deskpulse.toml'}")
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(1)


def _told(outcome: Outcome) -> str:
    if not outcome.error:
        return f"sent {outcome.report} to {outcome.recipient}"
    again = f"Next attempt: {outcome.next_at:%Y-%m-%d %H:%M} UTC." if outcome.next_at else "Given up."
    return f"FAILED {outcome.report} to {outcome.recipient}: {outcome.error} {again}"
