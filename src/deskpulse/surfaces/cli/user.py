"""``deskpulse user``: who may sign in to the dashboard, from the machine the workspace lies on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, console, now, open_workspace, say

if TYPE_CHECKING:
    from deskpulse.workspace.accounts import Accounts

NAME = "user"
BY = "command line"
app = typer.Typer(no_args_is_help=True, help="Say who may sign in to the dashboard, and as what.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The account's name, like an e-mail address.")]
Agent = Annotated[str | None, typer.Option(help="Who they are in the data.", show_default=False)]
Team = Annotated[str | None, typer.Option(help="Their team in the data.", show_default=False)]
Partner = Annotated[str | None, typer.Option(help="The partner whose people they are.", show_default=False)]


def _accounts(folder: WorkspaceOption) -> Accounts:
    from deskpulse.workspace.accounts import Accounts

    return Accounts(open_workspace(folder).root)


def _show_link(known: Accounts, name: str) -> None:
    secret = known.invite(name, now(), by=BY)
    say("To choose a password, once and within a week, open on the dashboard's address:")
    typer.echo(f"/set-up?token={secret}")


@app.command()
def add(
    name: NameArgument,
    role: Annotated[str, typer.Option(help="viewer, agent, lead, analyst or admin.")] = "viewer",
    agent: Agent = None,
    team: Team = None,
    partner: Partner = None,
    folder: WorkspaceOption = None,
) -> None:
    """Add an account, and print the link by which its password is chosen."""
    known = _accounts(folder)
    account = known.add(name, role, now(), by=BY, agent=agent, team=team, partner=partner)
    say(f"Added {account.name} as {account.role}.")
    _show_link(known, account.name)


@app.command("list")
def show(folder: WorkspaceOption = None) -> None:
    """List the accounts."""
    from rich.table import Table

    table = Table("Name", "Role", "Agent", "Team", "Partner", "State")
    for one in _accounts(folder).accounts():
        state = "disabled" if one.disabled_at else "" if one.password or one.subject else "invited"
        table.add_row(one.name, one.role, one.agent, one.team, one.partner, state)
    console().print(table)


@app.command()
def change(
    name: NameArgument,
    role: Annotated[str | None, typer.Option(help="Another role.", show_default=False)] = None,
    agent: Agent = None,
    team: Team = None,
    partner: Partner = None,
    folder: WorkspaceOption = None,
) -> None:
    """Change an account's role, agent, team or partner; an empty text takes it away."""
    given = {"role": role, "agent": agent, "team": team, "partner": partner}
    values = {key: value or None for key, value in given.items() if value is not None}
    _accounts(folder).change(name, now(), by=BY, **values)
    say(f"Changed {name}." if values else "Nothing was to be changed: give --role, --agent, --team or --partner.")


@app.command()
def link(name: NameArgument, folder: WorkspaceOption = None) -> None:
    """Print a new link by which an account's password is chosen: for who forgot it."""
    known = _accounts(folder)
    _show_link(known, known.account(name).name)


@app.command()
def disable(name: NameArgument, folder: WorkspaceOption = None) -> None:
    """Let nobody in by an account: its sessions and tokens end."""
    _accounts(folder).disable(name, now(), by=BY)
    say(f"Disabled {name}.")


@app.command()
def enable(name: NameArgument, folder: WorkspaceOption = None) -> None:
    """Let an account in again."""
    _accounts(folder).enable(name, now(), by=BY)
    say(f"Enabled {name}.")


@app.command()
def token(
    name: NameArgument,
    scope: Annotated[list[str], typer.Option(help="read, write or admin; may be given several times.")] = ["read"],  # noqa: B006
    label: Annotated[str, typer.Option("--for", help="What it is for.")] = "command line",
    days: Annotated[int | None, typer.Option(min=1, help="Good for so long; else until revoked.")] = None,
    folder: WorkspaceOption = None,
) -> None:
    """Print a new token for programs that read the API as this account."""
    known = _accounts(folder)
    typer.echo(known.issue_token(known.account(name), label, tuple(scope), now(), days=days))
