"""``deskpulse doctor``: what is well in a workspace, and what to type where it is not."""

from __future__ import annotations

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, locate, now

NAME = "doctor"


def run(workspace: WorkspaceOption = None) -> None:
    """Check settings, lock, snapshot, quarantine and how fresh sources are; exit code 1 if something is not well."""
    from deskpulse.workspace.health import examine

    checks = examine(locate(workspace), now())
    for check in checks:
        typer.echo(f"{'ok' if check.is_well else 'FIX':<3} {check.name}: {check.found}")
    if not all(check.is_well for check in checks):
        raise typer.Exit(1)
