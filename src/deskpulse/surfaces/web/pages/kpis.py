"""``/kpis``: the dictionary; ``/kpis/KPI``: one KPI with its trend, parts, spread, variants and definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.answers.answer import Answer
from deskpulse.answers.comments import Sought
from deskpulse.present.benchmark import compared_sheets
from deskpulse.present.card import card
from deskpulse.present.chart import bars, trend
from deskpulse.present.comments import CommentLine, comment_rows
from deskpulse.present.dictionary import entry
from deskpulse.present.histogram import histogram
from deskpulse.surfaces.web.figure import Figure, drawn, exports, exports_of, figure
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.comments import find_comments
from deskpulse.workspace.exploring import readings
from deskpulse.workspace.parts import is_survey, splits, variants

router = APIRouter()
NEWEST = 5


@router.get("/kpis", response_class=HTMLResponse)
def dictionary(view: Annotated[View, Depends(view)]) -> HTMLResponse:
    """Every KPI with what it means, by category."""
    return view.page("dictionary.html", entries=[entry(name) for name in view.place.kpis()])


@router.get("/kpis/{kpi}", response_class=HTMLResponse)
def one(view: Annotated[View, Depends(view)], kpi: str, statistic: str = "", clock: str = "") -> HTMLResponse:
    """A KPI of the page's period: value, trend, by its main dimensions, beside its guardrails and other variants.

    A ``statistic`` or ``clock`` that the KPI does not have is let go.
    """
    offered = readings(kpi)
    reading = offered.kept(statistic, clock)
    worked_out = view.kept(partial(_worked_out, kpi=kpi, reading=reading))
    return view.page("kpi.html", kpi=kpi, offered=offered, reading=reading, **worked_out)


def _worked_out(view: View, kpi: str, reading: Mapping[str, str]) -> dict[str, Any]:
    about = entry(kpi)
    answer, over_time = view.compared(kpi, **reading), view.over_time(kpi, **reading)
    charts = (_trend(view, over_time), *_spread(view, kpi, reading), *_parts(view, kpi, reading))
    return {
        "about": about,
        "one": card(answer, over_time) if answer.rows else None,
        "answer": answer,
        "files": exports(view, answer),
        "figures": [one.html() for one in charts],
        "others": [card(other) for other in variants(view.ask, kpi, reading) if other.rows],
        "guards": [(card(guard), why) for guard, why in view.guards(about) if guard.rows],
        "benchmarks": compared_sheets(view.benchmarks(kpi, **reading)) if answer.rows else (),
        "comments": _comments(view, about.id) if is_survey(kpi) else (),
        "has_comments": is_survey(kpi),
    }


def _comments(view: View, kind: str) -> tuple[CommentLine, ...]:
    """The newest words of customers, of this kind of survey where it is known by the KPI's name."""
    found = find_comments(view.place, view.asked, Sought(), most=NEWEST, after=0)
    if kind in found.kinds:
        found = find_comments(view.place, view.asked, Sought(kind=kind), most=NEWEST, after=0)
    return comment_rows(found.rows, view.zone)


def _trend(view: View, over_time: Answer) -> Figure:
    return figure(view, trend(over_time, marks=view.marks(), link=view.link(over_time)), over_time)


def _parts(view: View, kpi: str, reading: Mapping[str, str]) -> Iterator[Figure]:
    for part in splits(partial(view.ask, **reading), kpi):
        yield figure(view, bars(part, link=view.link(part)), part)


def _spread(view: View, kpi: str, reading: Mapping[str, str]) -> Iterator[Figure]:
    clock = {name: chosen for name, chosen in reading.items() if name == "clock"}
    found = view.distribution(kpi, **clock)
    if found:
        yield drawn(histogram(found.bins, found.answer, found.slow), exports_of(view, "distribution", kpi, **clock))
