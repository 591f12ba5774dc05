"""``deskpulse connect SOURCE``: asks for what a source needs, tries it, and keeps secrets out of the workspace."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.errors import InputError, SourceError
from deskpulse.surfaces.cli.session import WorkspaceOption, now, open_workspace, say

if TYPE_CHECKING:
    from deskpulse.connectors.api.connector import ApiConnector, Need
    from deskpulse.settings.sources import Source
    from deskpulse.workspace.connecting import Connected

NAME = "connect"


def run(
    source: Annotated[str | None, typer.Argument(help="A source of the settings, or what to call a new one.")] = None,
    connector: Annotated[
        str | None, typer.Option("--connector", "-c", help="The system it is. Default: the one called like the source.")
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="An option, instead of being asked for it.")
    ] = None,
    every: Annotated[
        str | None, typer.Option(help="How often `deskpulse serve` reads it. Default: 15m, a file on the disk 1m.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List what can be connected, and what each needs.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Connect a system over its API. Secrets go to the system's keyring, or stay in the environment."""
    if listed:
        return _list()
    if source is None:
        raise InputError("Nothing to connect. Type: deskpulse connect zendesk; what there is: deskpulse connect --list")
    from deskpulse.workspace.connecting import connect, wanted

    place = open_workspace(workspace)
    meant, api = wanted(place, source, connector)
    options = _options(api, meant, given or [])
    secrets = {need.name: _secret(meant.name, need) for need in api.needs if need.is_secret}
    kept = {name: value for name, value in secrets.items() if value}
    say(f"Trying {api.title} ...")
    connected = connect(place, meant, options=options, secrets=kept, every=every or api.every, now=now())
    _tell(connected, f" -w {workspace}" if workspace else "")


def _options(api: ApiConnector, source: Source, given: list[str]) -> dict[str, str]:
    options = dict(_pair(text) for text in given)
    for need in api.needs:
        if need.is_secret or need.name in options or need.name in source.options or source.options:
            continue
        if sys.stdin.isatty():
            options[need.name] = typer.prompt(need.says, default=need.default)
        elif need.default is None:
            raise InputError(f"'{need.name}' is missing: {need.says}. Add --set {need.name}={need.example or 'VALUE'}")
    return options


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise InputError(f"'{text}' sets nothing. Write --set NAME=VALUE.")
    return name.strip(), value.strip()


def _secret(source: str, need: Need) -> str | None:
    """Typed by whoever connects; where nobody can type, the environment or the keyring must have it."""
    from deskpulse.connectors.secrets import secret, variable

    known = secret(source, need.name)
    if not sys.stdin.isatty():
        if known is None and need.default is None:
            raise SourceError(f"'{need.name}' is missing: {need.says}. Set the variable {variable(source, need.name)}.")
        return None
    typed: str = typer.prompt(f"{need.says} (not shown)", hide_input=True, default="" if known else None)
    return typed or None


def _tell(connected: Connected, where: str) -> None:
    typer.echo(f"'{connected.source}' is connected" + (", and in deskpulse.toml now." if connected.is_new else "."))
    for scope in connected.missing:
        typer.echo(f"The access may not read everything. Give it: {scope}")
    for name in connected.to_export:
        typer.echo(f"This system has no keyring. Have the environment hold the secret first:\n  export {name}=...")
    if connected.schedules:
        typer.echo("Its business hours. Add them to deskpulse.toml, so that business time is counted:\n")
        typer.echo(connected.schedules)
    typer.echo(f"Now type:\n  deskpulse sync {connected.source}{where}\nFrom then on it is kept fresh by:")
    typer.echo(f"  deskpulse serve{where}")


def _list() -> None:
    from deskpulse.connectors.api.connector import api_connectors
    from deskpulse.connectors.hook_bodies import GENERIC, HOOKS

    for name, api in sorted(api_connectors().items()):
        typer.echo(f"{name}: {api.title}")
        typer.echo(f"  gives       {', '.join(api.gives)}")
        for need in api.needs:
            kind = "secret" if need.is_secret else "option"
            typer.echo(f"  {kind}      {need.name}: {need.says}")
        typer.echo(f"  scopes      {', '.join(api.scopes) or 'none'}")
        hook = HOOKS.get(name)
        if hook:
            typer.echo(f"  hooks       signed by {hook.signed_by}: {hook.becomes}")
        for words in (*api.unverified, *(hook.unverified if hook else ())):
            typer.echo(f"  unverified  {words}")
    typer.echo(f"{GENERIC}: Any program that sends what it has to deskpulse serve")
    typer.echo(f'  settings    [[sources]] with a name and connector = "{GENERIC}": docs/hooks.md')
