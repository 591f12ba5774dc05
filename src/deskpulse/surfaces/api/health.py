"""``/health`` for who watches the server, ``/api/v1/health`` with what it serves, and ``/metrics``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field

from deskpulse.present.openmetrics import MEDIA_TYPE, openmetrics
from deskpulse.surfaces.api.models import Period, Text
from deskpulse.surfaces.api.served import Place, router
from deskpulse.time.zone import to_local
from deskpulse.workspace.scorecards import scored

open_health = APIRouter(tags=["Health"])
health = router("Health")
metrics = router("Health", prefix="")


class HealthOut(BaseModel):
    """That the server answers, and of which data."""

    status: str = Field(examples=["ok"])
    company: str
    snapshot: int = Field(description="The version of the data.")
    as_of: datetime = Field(description="When a source was last read.")


@open_health.get("/health", summary="Is the server up?", response_class=PlainTextResponse)
def is_up(request: Request) -> str:
    """For load balancers: `ok` where there are data to answer with. Needs no token."""
    _ = request.app.state.current.version
    return "ok\n"


@health.get("/health", summary="What is served?")
def served(place: Place) -> HealthOut:
    """The version of the data and their time."""
    return HealthOut(
        status="ok",
        company=place.settings.name,
        snapshot=place.snapshot.version,
        as_of=to_local(place.as_of, "UTC"),
    )


@metrics.get(
    "/metrics",
    summary="KPIs for Prometheus",
    response_class=Response,
    responses={200: {"description": "OpenMetrics text.", "content": {MEDIA_TYPE.partition(";")[0]: {}}}},
)
def kpis(
    place: Place,
    scorecard: Annotated[Text | None, Query(description="Which scorecard; else the default.")] = None,
    period: Period = "last-30-days",
) -> Response:
    """A scorecard's KPIs as gauges: value, limits of the 95 % interval, and how many rows they are of."""
    answers = scored(place, scorecard, period)
    text = openmetrics(answers, period=period, version=place.snapshot.version, as_of=place.as_of)
    return Response(text, media_type=MEDIA_TYPE)
