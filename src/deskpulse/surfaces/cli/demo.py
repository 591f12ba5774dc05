"""``deskpulse demo [DIR]``: an invented company, its scorecard and a few findings, without a question asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli.session import current_folder, now

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

NAME = "demo"
PERIOD = "last-90-days"
EXAMPLES = ("ask first_response_time --by team --grain month", "prove csat --period last-week", "kpis csat")


def run(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to make it.")] = Path("demo"),
    seed: Annotated[int, typer.Option(help="Another number invents another history.")] = 1,
) -> None:
    """Make an invented support company and show its scorecard and findings."""
    current_folder.set(folder)
    show(make(folder, seed))


def make(folder: Path, seed: int) -> Workspace:
    """The demo workspace, made step by step under a progress bar."""
    from deskpulse.surfaces.cli.progress import steps
    from deskpulse.workspace.demo import STEPS, create_demo

    with steps("Making the demo", STEPS) as step:
        return create_demo(folder, seed=seed, now=now(), progress=step)


def show(workspace: Workspace) -> None:
    """The report, and what to type next."""
    from deskpulse.surfaces.cli.scorecard import print_report

    print_report(workspace.report(PERIOD))
    typer.echo("\nNow type:")
    for example in EXAMPLES:
        typer.echo(f"  deskpulse {example} -w {workspace.root}")
