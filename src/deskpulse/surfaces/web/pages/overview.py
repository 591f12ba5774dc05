"""``/``: the scorecard as tiles, and the trends behind them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.present.chart import trend
from deskpulse.present.drawing import svg
from deskpulse.surfaces.web.view import View, view

router = APIRouter()
CHARTS = ("csat", "first_response_time")


@router.get("/", response_class=HTMLResponse)
def overview(view: Annotated[View, Depends(view)]) -> HTMLResponse:
    """The page people open in the morning."""
    report = view.place.report(view.period)
    charts = [trend(view.ask(name, grain="week")) for name in CHARTS]
    return view.page("overview.html", report=report, charts=[(chart, svg(chart)) for chart in charts])
