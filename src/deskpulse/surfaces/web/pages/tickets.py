"""``/tickets``: search; ``/tickets/SOURCE:ID``: one ticket's clock segments; ``/prove/KPI``: the tickets of a value."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from deskpulse.answers.tickets import NEWEST, ORDERS
from deskpulse.insights.scorecard import SEGMENTS_OF
from deskpulse.present.evidence import ticket_sheets
from deskpulse.present.paging import Paging
from deskpulse.present.tickets import evidence_rows, part_rows, ticket_rows
from deskpulse.present.tile import headline, provenance, tile, tiles
from deskpulse.present.timeline import timeline
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.tickets import scorecard_kpis, ticket_named, ticket_parts

router = APIRouter()


@router.get("/tickets", response_class=HTMLResponse)
def search(view: Annotated[View, Depends(view)], words: str = "", sort: str = NEWEST, page: int = 1) -> HTMLResponse:
    """Tickets by words and filters, newest first unless asked otherwise."""
    paging = Paging(page=page)
    found = view.find_tickets(words, order=sort, most=paging.size, after=paging.after)
    rows = ticket_rows(found.rows, names=view.viewer.sees_names, zone=view.zone)
    return view.page("tickets.html", rows=rows, words=words, sort=sort, orders=ORDERS, paging=paging.of(found.total))


class Reading(BaseModel):
    """How a KPI is read; what is left out takes its default."""

    statistic: str | None = None
    clock: str | None = None
    dated_by: str | None = None


@router.get("/prove/{kpi}", response_class=HTMLResponse)
def prove(
    view: Annotated[View, Depends(view)], kpi: str, read: Annotated[Reading, Query()], page: int = 1
) -> HTMLResponse:
    """The rows behind a value, a page at a time: those that count, then those that do not with the reason."""
    paging = Paging(page=page)
    chosen = read.model_dump(exclude_none=True)
    evidence = view.prove(kpi, most=paging.size, after=paging.after, **chosen)
    answer = evidence.answer
    return view.page(
        "prove.html",
        evidence=evidence,
        rows=evidence_rows(evidence),
        headlines=[headline(one) for one in tiles(answer)],
        left_out="; ".join(filter(None, (tile(row, answer).left_out for row in answer.rows))),
        provenance=provenance(answer),
        kpi=kpi,
        chosen=chosen,
        paging=paging.of_evidence(evidence),
    )


@router.get("/tickets/{ticket:path}", response_class=HTMLResponse)
def one(view: Annotated[View, Depends(view)], ticket: str, kpi: str = SEGMENTS_OF, every: bool = False) -> HTMLResponse:
    """A ticket's part in a KPI: its stretches on both clocks and its events, and the other KPIs it counts in."""
    evidence = view.prove_ticket(kpi, ticket)
    part, _, events = ticket_sheets(evidence)
    summary = ticket_named(view.place, evidence.ticket)
    kpis = view.place.kpis()
    return view.page(
        "ticket.html",
        evidence=evidence,
        summary=ticket_rows((summary,), names=view.viewer.sees_names, zone=view.zone)[0],
        part=part,
        events=events,
        stretches=timeline(evidence.segments, view.zone),
        counted=part_rows(ticket_parts(view.place, kpis if every else scorecard_kpis(view.place), evidence.ticket)),
        every=every,
        kpis=kpis,
        kpi=kpi,
    )
