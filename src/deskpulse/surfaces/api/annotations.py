"""``/api/v1/annotations``: changes of process, shown on every trend."""

from __future__ import annotations

from datetime import datetime

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from deskpulse.surfaces.api.models import Text
from deskpulse.surfaces.api.problems import described
from deskpulse.surfaces.api.served import Place, router
from deskpulse.time.zone import to_local
from deskpulse.workspace.annotating import LONGEST, Change, annotate, known_annotations, take_back

announcing = router("Annotations")


class Announced(BaseModel):
    """A change of process."""

    id: str
    source: str = Field(description="`deskpulse` where it was announced here or by this API.")
    at: datetime = Field(description="When it took effect.")
    title: str = Field(examples=["New macro for refunds"])
    team: str | None = Field(description="Where, if not everywhere.")
    channel: str | None = Field(description="Where, if not everywhere.")


class ToAnnounce(BaseModel):
    """A change of process to announce."""

    model_config = ConfigDict(extra="forbid")

    at: Text = Field(
        description="A date or time, in the account's zone where it has no offset.", examples=["2026-03-01"]
    )
    title: str = Field(min_length=1, max_length=LONGEST, examples=["New macro for refunds"])
    team: Text = Field("", description="Where, if not everywhere.", examples=[""])
    channel: Text = Field("", description="Where, if not everywhere.", examples=[""])


class Id(BaseModel):
    """Which change it became."""

    id: str


@announcing.get("/annotations", summary="List the annotations")
def every(place: Place) -> list[Announced]:
    """Every change of process that is known, the newest first."""
    return [
        Announced(
            id=one.source_id,
            source=one.source,
            at=to_local(one.at, "UTC"),
            title=one.title,
            team=one.team,
            channel=one.channel,
        )
        for one in known_annotations(place)
    ]


@announcing.post("/annotations", summary="Announce a change", status_code=201, responses=described(423))
def announce(request: Request, place: Place, sent: ToAnnounce) -> Id:
    """Shows a change of process on every trend; the same change twice is one. For leads and above."""
    change = Change(**sent.model_dump(), zone=place.viewer.zone or place.settings.zone)
    name = annotate(place, change, now=request.state.now)
    request.app.state.current.look()
    return Id(id=name)


@announcing.delete("/annotations/{id}", summary="Take a change back", status_code=204, responses=described(423))
def remove(request: Request, place: Place, id: str) -> None:
    """Removes a change that was announced here or by this API. For leads and above."""
    take_back(place, id, now=request.state.now)
    request.app.state.current.look()
