"""``/kpis``: the dictionary; ``/kpis/KPI``: one KPI with its trend, parts, spread, variants and definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.answers.answer import Answer
from deskpulse.present.benchmark import compared_sheets
from deskpulse.present.card import card
from deskpulse.present.chart import bars, trend
from deskpulse.present.dictionary import entry
from deskpulse.present.histogram import histogram
from deskpulse.surfaces.web.figure import Figure, exports, figure, spread_exports
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.parts import is_survey, splits, variants

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
    return view.page(
        "kpi.html",
        kpi=kpi,
        about=about,
        one=card(answer, over_time) if answer.rows else None,
        answer=answer,
        files=exports(view, answer),
        figures=[_trend(view, kpi, over_time), *_spread(view, kpi), *_parts(view, kpi)],
        others=[card(other) for other in variants(view.ask, kpi) if other.rows],
        guards=[(card(guard), why) for guard, why in view.guards(about) if guard.rows],
        benchmarks=compared_sheets(view.benchmarks(kpi)) if answer.rows else (),
        has_comments=is_survey(kpi),
    )


def _trend(view: View, kpi: str, over_time: Answer) -> Figure:
    drawn = trend(over_time, marks=view.marks(), link=view.link(over_time))
    return figure(view, drawn, over_time)


def _parts(view: View, kpi: str) -> Iterator[Figure]:
    for part in splits(view.ask, kpi):
        yield figure(view, bars(part, link=view.link(part)), part)


def _spread(view: View, kpi: str) -> Iterator[Figure]:
    found = view.distribution(kpi)
    if found:
        yield figure(view, histogram(found.bins, found.answer, found.slow), found.answer, spread_exports(view, kpi))
