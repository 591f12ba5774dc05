"""``deskpulse survey``: surveys of your own, their links, and the answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from deskpulse.surfaces.cli.session import WorkspaceOption, now, open_workspace, say

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace
    from deskpulse.workspace.surveys import Invited, Surveys

NAME = "survey"
app = typer.Typer(help="Ask customers by surveys of your own: create one, make links, collect the answers.")

SurveyName = Annotated[str, typer.Argument(metavar="NAME", help="A survey of the settings.")]
Ticket = Annotated[str | None, typer.Option(help="The ticket it is about, as source:id.", show_default=False)]
Customer = Annotated[
    str | None, typer.Option(help="Who is asked, as source:id. Default: whose ticket it is.", show_default=False)
]
Channel = Annotated[str | None, typer.Option(help="How the link reaches the customer: email, chat...")]
Address = Annotated[
    str | None, typer.Option(help="Where customers reach `deskpulse serve`. Default: address of [mail].")
]


@app.command("create")
def create(
    name: Annotated[str, typer.Option(help="What to call it: small letters, digits and '-'.")],
    kind: Annotated[str, typer.Option(help="What is asked: csat, nps or ces2.")],
    question: Annotated[str | None, typer.Option(help="Other words for the question.", show_default=False)] = None,
    scale: Annotated[str | None, typer.Option(help="Like 1-5 or 0-10.", show_default=False)] = None,
    language: Annotated[str | None, typer.Option(help="What it speaks: en, de.", show_default=False)] = None,
    throttle_days: Annotated[
        int | None, typer.Option(help="Nobody is asked twice within so many days (30).", show_default=False)
    ] = None,
    expires_days: Annotated[
        int | None, typer.Option(help="How long a link can be answered (30).", show_default=False)
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Add a survey to deskpulse.toml."""
    _, surveys = _opened(workspace)
    days = {"throttle_days": throttle_days, "expires_days": expires_days}
    chosen = {"question": question, "scale": scale, "language": language} | days
    surveys.create(name, kind, now=now(), **{key: value for key, value in chosen.items() if value is not None})
    say(
        f"Added [surveys.{name}] to deskpulse.toml: its words can be edited there.\n"
        f"Next: deskpulse survey link {name} --ticket SOURCE:ID, or deskpulse survey snippet {name}"
    )


@app.command("link")
def link(
    name: SurveyName,
    ticket: Ticket = None,
    customer: Customer = None,
    channel: Channel = None,
    address: Address = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Make a signed link for one customer; refuses somebody who was asked lately."""
    place, surveys = _opened(workspace)
    found = _invited(place, surveys, name, ticket, customer, channel, address)
    say(f"Good until {found.expires_at:%Y-%m-%d %H:%M} UTC:")
    typer.echo(found.url)


@app.command("snippet")
def snippet(
    name: SurveyName,
    ticket: Ticket = None,
    customer: Customer = None,
    address: Address = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Print HTML for an e-mail with a button for each answer: for one customer, or as a template."""
    from deskpulse.present.survey_mail import LINK, survey_mail

    place, surveys = _opened(workspace)
    if not ticket and not customer:
        say(f"Put a link of its own in place of {LINK} in each message: POST /api/v1/surveys/{name}/links makes it.")
        return typer.echo(survey_mail(surveys.survey(name)), nl=False)
    found = _invited(place, surveys, name, ticket, customer, "email", address)
    typer.echo(survey_mail(surveys.survey(name), found.url), nl=False)


@app.command("collect")
def collect_answers(workspace: WorkspaceOption = None) -> None:
    """Publish answers that wait; `deskpulse serve` and every import do so as well."""
    from deskpulse.surfaces.cli.progress import steps
    from deskpulse.workspace.collecting import collect
    from deskpulse.workspace.writing import STEPS

    root = open_workspace(workspace).root
    with steps("Collecting", STEPS) as step:
        count = collect(root, step)
    typer.echo(f"{count} invitations and answers published.")


def _opened(workspace: WorkspaceOption) -> tuple[Workspace, Surveys]:
    from deskpulse.workspace.surveys import Surveys

    place = open_workspace(workspace)
    return place, Surveys(place.root)


def _invited(
    place: Workspace,
    surveys: Surveys,
    name: str,
    ticket: str | None,
    customer: str | None,
    channel: str | None,
    address: str | None,
) -> Invited:
    return surveys.invite(
        name, now=now(), address=address, ticket=ticket, customer=customer, channel=channel, place=place
    )
