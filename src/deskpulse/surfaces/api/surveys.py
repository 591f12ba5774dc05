"""``/api/v1/surveys``: links for a helpdesk to send, one for each customer who is asked."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request
from pydantic import BaseModel, ConfigDict, Field

from deskpulse.present.survey_mail import survey_mail
from deskpulse.surfaces.api.problems import described
from deskpulse.surfaces.api.served import Place, router
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.surveys import Surveys

surveys = router("Surveys")
Id = Annotated[str | None, Field(max_length=300, examples=["zendesk:4711"])]


class Asked(BaseModel):
    """Whom a link is for: the ticket, the customer, or both."""

    model_config = ConfigDict(extra="forbid")

    ticket: Id = Field(default=None, description="The ticket it is about, as source:id.")
    customer: Id = Field(default=None, description="Who is asked, as source:id; else whose ticket it is.")
    channel: str | None = Field(default=None, max_length=60, description="How the link travels.", examples=["email"])


class Link(BaseModel):
    """A link that is good for one customer."""

    url: str = Field(description="The page to answer on; `?score=4` chooses an answer, and records none.")
    expires_at: str = Field(description="When it ends, ISO 8601 in UTC.", examples=["2026-04-01T09:00:00Z"])
    html: str = Field(description="A piece of an e-mail with a button for each answer.")


@surveys.post("/surveys/{name}/links", summary="Make a link", status_code=201, responses=described(409))
def make(
    request: Request,
    place: Place,
    name: Annotated[str, Path(description="A survey of the settings.", examples=["after-solve"])],
    asked: Asked,
) -> Link:
    """Invites a customer: the invitation counts as offered from now on. Somebody who was asked lately, or who was
    erased, is refused with 409. Needs an admin's token with the scope `write`."""
    viewer: Viewer = request.state.viewer
    viewer.need("send_events")
    known: Surveys = request.app.state.surveys
    made = known.invite(
        name, now=request.state.now, ticket=asked.ticket, customer=asked.customer, channel=asked.channel, place=place
    )
    html = survey_mail(known.survey(name), made.url)
    return Link(url=made.url, expires_at=f"{made.expires_at.isoformat()}Z", html=html)
