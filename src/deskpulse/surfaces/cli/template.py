"""``deskpulse template TABLE``: an example file to fill in, for any table of the event history."""

from __future__ import annotations

from typing import Annotated

import typer

from deskpulse.surfaces.cli.session import say

NAME = "template"


def run(
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="Such as calls; without it, the tables are listed.")
    ] = None,
    mapping: Annotated[
        bool, typer.Option("--mapping", help="The mapping instead, to edit for a file of another form.")
    ] = False,
) -> None:
    """Print a CSV to fill in for a table (calls, surveys, articles ...), or the mapping for a file you have."""
    from deskpulse.connectors.templates import described_tables, named_table, template_csv, template_mapping

    if table is None:
        for name, meaning in described_tables():
            typer.echo(f"{name:20} {meaning}")
        return say("Type: deskpulse template TABLE > TABLE.csv")
    name = named_table(table)
    typer.echo(template_mapping(name) if mapping else template_csv(name), nl=False)
    if mapping:
        say(f"Save this as {table}.toml, edit it, then type: deskpulse import {table}.toml FILE...")
    else:
        say(f"Save this as {table}.csv, write your rows over the examples, then type: deskpulse import {table} FILE...")
