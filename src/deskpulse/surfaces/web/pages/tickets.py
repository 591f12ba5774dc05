"""``/tickets``: search; ``/tickets/SOURCE:ID``: one ticket's clock segments; ``/prove/KPI``: the tickets of a value."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.present.evidence import ticket_sheets
from deskpulse.present.paging import Paging
from deskpulse.present.tickets import evidence_rows, ticket_rows
from deskpulse.present.timeline import timeline
from deskpulse.surfaces.web.view import View, view

router = APIRouter()
SHOWN_BY = "first_response_time"


@router.get("/tickets", response_class=HTMLResponse)
def search(view: Annotated[View, Depends(view)], words: str = "", page: int = 1) -> HTMLResponse:
    """Tickets by words and filters, newest first."""
    paging = Paging(page=page)
    found = view.find_tickets(words, most=paging.size, after=paging.after)
    rows = ticket_rows(found.rows, names=view.viewer.sees_names, zone=view.zone)
    return view.page("tickets.html", rows=rows, words=words, paging=paging.of(found.total))


@router.get("/prove/{kpi}", response_class=HTMLResponse)
def prove(view: Annotated[View, Depends(view)], kpi: str, page: int = 1) -> HTMLResponse:
    """The rows behind a value, a page at a time."""
    paging = Paging(page=page)
    evidence = view.prove(kpi, most=paging.size, after=paging.after)
    rows = evidence_rows(evidence)
    return view.page("prove.html", evidence=evidence, rows=rows, kpi=kpi, paging=paging.of_evidence(evidence))


@router.get("/tickets/{ticket:path}", response_class=HTMLResponse)
def one(view: Annotated[View, Depends(view)], ticket: str, kpi: str = SHOWN_BY) -> HTMLResponse:
    """A ticket's part in a KPI: its stretches on both clocks and its events."""
    evidence = view.prove_ticket(kpi, ticket)
    part, segments, events = ticket_sheets(evidence)
    return view.page(
        "ticket.html",
        evidence=evidence,
        part=part,
        segments=segments,
        events=events,
        stretches=timeline(evidence.segments, view.zone),
        kpis=view.place.kpis(),
        kpi=kpi,
    )
