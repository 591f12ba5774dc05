"""``/explore``: any KPI by any dimension, grain and filter, in an address that can be shared or saved."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from deskpulse.present.card import card
from deskpulse.present.chart import links
from deskpulse.present.drawn import chart_of
from deskpulse.present.tile import sheet
from deskpulse.surfaces.web.figure import Figure, exports, figure
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.exploring import COMPARISONS, Choice, Exploration, explored, query
from deskpulse.workspace.views import delete_view, save_view, saved_views

router = APIRouter()
WIDE = 1040
Looking = Annotated[View, Depends(view)]


@router.get("/explore", response_class=HTMLResponse)
def explore(view: Looking, chosen: Annotated[Choice, Depends()]) -> HTMLResponse:
    """What was chosen, as a chart and a table."""
    found = explored(view.place, chosen, period=view.period, zone=view.zone, where=view.where)
    answer = found.answer
    return view.page(
        "explore.html",
        found=found,
        one=card(answer) if answer and answer.rows and not (answer.question.by or answer.question.grain) else None,
        figure=_figure(view, found),
        sheet=sheet(answer) if answer else None,
        links=links(answer, view.link(answer)) if answer else (),
        files=exports(view, answer) if answer else {},
        categories=view.place.categories(),
        comparisons=COMPARISONS,
        here=view.address("/explore", **query(found.chosen)),
        saved=saved_views(view.place.root, view.viewer),
    )


def _figure(view: View, found: Exploration) -> Figure | None:
    if found.answer is None:
        return None
    chart = chart_of(found.answer, marks=view.marks(), link=view.link(found.answer), width=WIDE)
    return figure(view, chart, found.answer) if chart else None


@router.post("/views")
def save(
    view: Looking,
    name: Annotated[str, Form(max_length=200)],
    address: Annotated[str, Form(max_length=4000)],
    shared: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Keeps a page's address under a name."""
    save_view(view.place.root, view.viewer, name, address, shared=shared)
    return RedirectResponse(address, status_code=303)


@router.post("/views/delete")
def delete(view: Looking, saved: Annotated[int, Form()]) -> RedirectResponse:
    """Forgets a saved view."""
    delete_view(view.place.root, view.viewer, saved)
    return RedirectResponse("/explore", status_code=303)
