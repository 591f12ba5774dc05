"""``/teams``, ``/channels``, ``/partners`` and ``/topics``: the scorecard by one dimension."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.insights.scorecard import VOLUME
from deskpulse.present.chart import bars
from deskpulse.present.groups import grid
from deskpulse.surfaces.web.figure import figure
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.groups import Period, groups

router = APIRouter()
PAGES = {"teams": "team", "channels": "channel", "partners": "partner", "topics": "topic"}
MOST_CHARTS = 4


def _page(name: str, dimension: str) -> Callable[..., HTMLResponse]:
    def page(view: Annotated[View, Depends(view)], scorecard: str = "") -> HTMLResponse:
        asked = Period(words=view.period, zone=view.zone, where=view.where)
        found = groups(view.place, dimension, asked, scorecard or None)
        told = [answer for answer in found.answers if answer.kpi != VOLUME and len(answer.rows) > 1]
        figures = [figure(view, bars(answer, link=view.link(answer)), answer) for answer in told[:MOST_CHARTS]]
        return view.page(
            "groups.html",
            name=name,
            dimension=dimension,
            grid=grid(dimension, found.answers, found.volumes),
            figures=[one.html() for one in figures],
            chosen={"scorecard": scorecard},
        )

    page.__doc__ = f"The scorecard by {dimension}."
    return page


for one, of in PAGES.items():
    router.get(f"/{one}", response_class=HTMLResponse, name=one)(_page(one, of))
