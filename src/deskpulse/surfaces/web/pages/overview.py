"""``/``: a scorecard as cards, the trends behind them, what changed, and when customers turn up."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.language import gettext
from deskpulse.present.chart import trend
from deskpulse.present.heat_map import heat_map
from deskpulse.surfaces.web.figure import Figure, figure
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.overview import Overview
from deskpulse.workspace.scorecards import scorecards

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def overview(view: Annotated[View, Depends(view)], scorecard: str | None = None) -> HTMLResponse:
    """The page people open in the morning."""
    found, figures = view.kept(partial(_worked_out, scorecard=scorecard or None))
    return view.page(
        "overview.html",
        found=found,
        chosen=scorecard,
        scorecards=scorecards(view.place),
        figures=figures,
    )


def _worked_out(view: View, scorecard: str | None) -> tuple[Overview, list[str]]:
    found = view.overview(scorecard)
    return found, [one.html() for one in (*_trends(view, found), *_arrivals(view, found))]


def _trends(view: View, found: Overview) -> list[Figure]:
    marks = view.marks()
    return [figure(view, trend(one, marks=marks, link=view.link(one)), one) for one in found.trends]


def _arrivals(view: View, found: Overview) -> list[Figure]:
    answer = found.arrivals
    if answer is None:
        return []
    return [figure(view, heat_map(answer, title=gettext("When customers turn up"), link=view.link(answer)), answer)]
