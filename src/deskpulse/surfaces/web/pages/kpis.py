"""``/kpis``: the dictionary; ``/kpis/KPI``: one KPI with its trend, parts, variants and definition."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.present.chart import bars, trend
from deskpulse.present.dictionary import entry
from deskpulse.present.drawing import svg
from deskpulse.present.tile import tile
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.parts import splits, variants

router = APIRouter()


@router.get("/kpis", response_class=HTMLResponse)
def dictionary(view: Annotated[View, Depends(view)]) -> HTMLResponse:
    """Every KPI with what it means, by category."""
    return view.page("dictionary.html", entries=[entry(name) for name in view.place.kpis()])


@router.get("/kpis/{kpi}", response_class=HTMLResponse)
def one(view: Annotated[View, Depends(view)], kpi: str) -> HTMLResponse:
    """A KPI of the page's period: value, trend, by its main dimensions, beside its guardrails and other variants."""
    about = entry(kpi.partition(":")[0])
    answer, over_time = view.compared(kpi), view.over_time(kpi)
    charts = [trend(over_time, marks=view.marks()), *(bars(part) for part in splits(view.ask, kpi))]
    return view.page(
        "kpi.html",
        kpi=kpi,
        about=about,
        one=tile(answer.rows[0], answer, over_time) if answer.rows else None,
        answer=answer,
        charts=[(chart, svg(chart)) for chart in charts],
        others=[tile(other.rows[0], other) for other in variants(view.ask, kpi) if other.rows],
        guards=[(tile(guard.rows[0], guard), why) for guard, why in view.guards(about) if guard.rows],
    )
