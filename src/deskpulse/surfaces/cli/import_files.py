"""``deskpulse import PRESET|MAPPING FILE...``: reads what people have, and publishes what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.errors import InputError
from deskpulse.surfaces.cli.session import WorkspaceOption, now, open_workspace, say

if TYPE_CHECKING:
    from deskpulse.workspace.writing import Imported

NAME = "import"
SEVERAL = 10
CALLS = ("report --scorecard contact_centre --period all", "ask service_level --grain day")
FIRST_LOOKS = (
    ("call", CALLS),
    ("call_interval", CALLS),
    ("survey", ("ask csat nps --grain month", "ask survey_response_rate:all --grain month")),
    ("subscription_change", ("ask mrr --grain month", "ask customer_churn_rate --grain month")),
    ("agent_state", ("ask agent_utilization --grain day",)),
    ("article_event", ("ask deflection_rate --grain month",)),
    ("review", ("ask positive_reviews:share --grain month",)),
    ("engagement_answer", ("ask employee_engagement --grain quarter",)),
)
"""What to look at first where there are no tickets, by the table that was read."""


def run(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="PRESET|MAPPING|TABLE FILE...", show_default=False)
    ] = None,
    guess: Annotated[str | None, typer.Option(metavar="FILE", help="Propose a mapping for FILE, to edit.")] = None,
    source: Annotated[
        str | None, typer.Option(help="What to call the source. Default: the preset's name; of tables 'files'.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="When the files were exported, as 2026-03-01. Default: now.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Import files by a preset or a mapping, or in the form `deskpulse template TABLE` prints.

    --guess FILE proposes a mapping to edit. Tables: tickets, messages, changes, calls, surveys, articles ...;
    `deskpulse template` lists them.
    """
    if guess:
        return _propose(guess)
    if not words or len(words) == 1:
        raise InputError(
            f"Nothing to import. Type: deskpulse import PRESET|MAPPING|TABLE FILE... Presets: {_presets()}. "
            "Tables: see deskpulse template."
        )
    _import(words[0], words[1:], source, as_of, workspace)


def _presets() -> str:
    from deskpulse.connectors.connector import presets

    return ", ".join(sorted(presets()))


def _propose(file: str) -> None:
    from deskpulse.connectors.guess import guess

    typer.echo(guess(Path(file)), nl=False)
    say(f"Save this as mapping.toml, edit it, then type: deskpulse import mapping.toml {file}")


def _import(connector: str, files: list[str], source: str | None, as_of: str | None, folder: Path | None) -> None:
    from deskpulse.surfaces.cli.progress import steps
    from deskpulse.workspace.writing import STEPS

    place = open_workspace(folder)
    read_at = place.instant(as_of) if as_of else now()
    with steps("Importing", STEPS) as step:
        imported = place.import_files(connector, files, now=read_at, source=source, progress=step)
    _tell(imported, place.root)


def _tell(imported: Imported, root: Path) -> None:
    for table, rows in imported.report.read.items():
        typer.echo(f"{table}: {rows} rows read, {imported.report.changed.get(table, 0)} new or changed")
    if imported.report.quarantined:
        typer.echo(f"quarantine: {imported.report.quarantined} rows were not understood and are kept apart")
    for refusal in imported.refusals[:SEVERAL]:
        line = f", line {refusal.first_line}" if refusal.first_line else ""
        typer.echo(f"  {refusal.rows} x {refusal.reason} (first: {refusal.file}{line})")
    typer.echo(f"The workspace has {imported.tickets} tickets, in snapshot {imported.version}. Now type:")
    for command in _first_looks(imported):
        typer.echo(f"  deskpulse {command} -w {root}")


def _first_looks(imported: Imported) -> tuple[str, ...]:
    """What to ask of what was read: the scorecard of helpdesks says nothing of calls or money alone."""
    if imported.tickets:
        return ("report", "ask first_response_time --by channel")
    return next((looks for table, looks in FIRST_LOOKS if imported.report.read.get(table)), ("doctor",))
