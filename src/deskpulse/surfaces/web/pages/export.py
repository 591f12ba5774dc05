"""``/export``: what a page shows as a file. The address is the page's own: the same period and filters hold."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from deskpulse.answers.answer import Answer
from deskpulse.answers.question import Comparison, Grain
from deskpulse.answers.tickets import NEWEST
from deskpulse.errors import QuestionError
from deskpulse.metrics.fact import Clock
from deskpulse.present.drawing import png, print_svg
from deskpulse.present.drawn import chart_of
from deskpulse.present.export import Exported, Form, export
from deskpulse.present.extract import extract_answers
from deskpulse.present.titled import titled
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.pages import all_evidence, all_tickets
from deskpulse.workspace.scorecards import scored

router = APIRouter(prefix="/export")
Picture = Literal["svg", "png"]


class Chosen(BaseModel):
    """What of a KPI is shown; what is left out takes the KPI's default."""

    kpi: list[str] = []
    by: list[str] = []
    grain: Grain | None = None
    variant: str | None = None
    statistic: str | None = None
    clock: Clock | None = None
    dated_by: str | None = None
    compare: Comparison | None = None


Shown = Annotated[View, Depends(view)]


def _sent(file: Exported) -> StreamingResponse:
    named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=named)


@router.get("/answer.{form}")
def answer(view: Shown, form: Form, chosen: Annotated[Chosen, Query()], scorecard: str | None = None) -> Response:
    """The values of KPIs; without a KPI, those of a scorecard."""
    if chosen.kpi:
        found, name = _answers(view, chosen), chosen.kpi[0].replace(":", "-")
    else:
        where = [f"{dimension}={value}" for dimension, value in view.where.items()]
        found = scored(view.place, scorecard, view.period, where, zone=view.zone)
        name = f"scorecard-{scorecard or 'support'}"
    return _sent(export(extract_answers(found, name=name), form))


def _answers(view: View, chosen: Chosen) -> tuple[Answer, ...]:
    options = chosen.model_dump(exclude={"kpi"})
    return tuple(view.ask(kpi, **options) for kpi in chosen.kpi)


@router.get("/chart.{form}")
def chart(view: Shown, form: Picture, kpi: str, chosen: Annotated[Chosen, Query()]) -> Response:
    """A KPI over time, or by a dimension, as a picture with its title and filters."""
    found = _answers(view, chosen)[0] if chosen.by or chosen.grain else view.over_time(kpi)
    drawing = chart_of(found, marks=view.marks())
    if drawing is None:
        raise QuestionError("So many dimensions cannot be drawn. Ask for one or two of them, or take the table.")
    drawn = titled(drawing, found.question)
    content: str | bytes = png(drawn) if form == "png" else print_svg(drawn)
    media_type = "image/png" if form == "png" else "image/svg+xml"
    named = {"Content-Disposition": f'attachment; filename="{found.kpi}.{form}"'}
    return Response(content, media_type=media_type, headers=named)


@router.get("/evidence.{form}")
def evidence(view: Shown, form: Form, kpi: str, chosen: Annotated[Chosen, Query()]) -> Response:
    """Every row behind a value, with the reason where it does not count."""
    options = chosen.model_dump(exclude={"kpi", "grain", "compare"})
    return _sent(export(all_evidence(view.place, view.question(kpi, **options)), form))


@router.get("/tickets.{form}")
def tickets(view: Shown, form: Form, words: str = "", order: str = NEWEST, customer: str | None = None) -> Response:
    """Every ticket of a list."""
    return _sent(export(all_tickets(view.place, view.asked, words, order=order, customer=customer), form))
