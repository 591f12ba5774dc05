"""``deskpulse goals``: which KPIs serve a goal, with the reason and what guards each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli.session import console

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskpulse.insights.scorecard_goals import Recommendation

NAME = "goals"


def run(
    model: Annotated[str | None, typer.Option(help="The business: saas, ecommerce...", show_default=False)] = None,
    aim: Annotated[str | None, typer.Option(help="What should improve: speed, cost...", show_default=False)] = None,
) -> None:
    """Recommend at most nine KPIs for a business and an aim; asks for what is not given."""
    from deskpulse.insights.scorecard_goals import AIMS, MODELS, recommend

    chosen = model or _asked("What is the business?", MODELS)
    wanted = aim or _asked("What should become better?", {name: each.title for name, each in AIMS.items()})
    show(recommend(chosen, wanted))


def _asked(question: str, choices: Mapping[str, str]) -> str:
    typer.echo(question)
    for name, title in choices.items():
        typer.echo(f"  {name:<16} {title}")
    return str(typer.prompt("Type one"))


def show(found: Recommendation) -> None:
    """The recommended KPIs with reasons and guards, and the lines that make them a scorecard."""
    screen = console()
    screen.print(found.title, style="bold", markup=False)
    screen.print(found.goal, markup=False)
    for each in found.kpis:
        screen.print(f"\n{each.title} ({each.kpi})", style="bold", markup=False)
        screen.print(f"  {each.reason}", markup=False)
        for guard, why in each.guardrails.items():
            screen.print(f"  read beside {guard}: {why}", style="dim", markup=False)
    screen.print("\nTo have it as a scorecard, add to deskpulse.toml:\n", markup=False)
    typer.echo(found.lines, nl=False)
    screen.print(f"\nThen type: deskpulse report --scorecard {found.name}", markup=False)
