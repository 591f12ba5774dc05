"""``/api/v1/evidence`` and ``/api/v1/tickets``: the rows behind values, a page at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from deskpulse.insights.scorecard import SEGMENTS_OF, VOLUME
from deskpulse.present.evidence import ticket_record
from deskpulse.surfaces.api.models import AnswerOut, AskedAbout, Filters, Text, answer_out
from deskpulse.surfaces.api.problems import described
from deskpulse.surfaces.api.served import Place, router
from deskpulse.time.zone import to_local
from deskpulse.workspace.pages import evidence_page, tickets_page

lists = router("Evidence")
Cursor = Annotated[Text | None, Field(description="`next` of the page before.", examples=[None])]
Limit = Annotated[int, Field(ge=1, le=1000, description="How many rows a page has.")]


class AskedForEvidence(AskedAbout):
    """A value whose rows are wanted."""

    cursor: Cursor = None
    limit: Limit = 100


class AskedForTickets(Filters):
    """Which tickets are wanted."""

    words: Text = Field("", description="What their id, customer or subject holds.", examples=["refund"])
    cursor: Cursor = None
    limit: Limit = 100


class EvidenceOut(BaseModel):
    """A row behind a value."""

    ticket: str | None = Field(description="The ticket, or what else the row is of.", examples=["demo:1042"])
    value: float | None = Field(description="What it adds; for an excluded row what it would have added.")
    excluded: bool
    reason: str | None = Field(description="Why it does not count.")
    part: str | None = Field(description="To which side of a quotient it belongs.")
    divisor: float | None = Field(description="What it adds below the line of a ratio.")
    dimensions: dict[str, str | None]


class EvidencePageOut(BaseModel):
    """Rows behind a value: those that count first."""

    answer: AnswerOut
    formula: str
    rows: list[EvidenceOut]
    next: str | None = Field(description="The cursor of the page after; null on the last.")


Instant = Annotated[datetime, AfterValidator(lambda naive: to_local(naive, "UTC"))]


class TicketOut(BaseModel):
    """A ticket in a list."""

    ticket: str = Field(examples=["demo:1042"])
    subject: str | None
    created_at: Instant
    solved_at: Instant | None
    channel: str | None
    topic: str | None
    priority: str | None
    status: str | None
    customer: str | None
    agent: str | None
    team: str | None
    left_out: str | None = Field(description="Why it counts nowhere, such as `spam`.")


class TicketsPageOut(BaseModel):
    """Tickets found, newest first."""

    total: int
    rows: list[TicketOut]
    next: str | None = Field(description="The cursor of the page after; null on the last.")


PAGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"Link": {"description": "The page after, as rel=next.", "schema": {"type": "string"}}}},
    **described(409),
}
"""A cursor is of one snapshot: 409 where the data changed before the last page."""


@lists.get("/evidence", summary="List the rows behind a value", responses=PAGED)
def evidence(
    request: Request, response: Response, place: Place, asked: Annotated[AskedForEvidence, Query()]
) -> EvidencePageOut:
    """Every row that counts with what it adds, and every row that does not with the reason."""
    question = place.question(asked.kpi, **asked.options())
    page = evidence_page(place, question, most=asked.limit, cursor=asked.cursor)
    _link(request, response, page.next)
    found = page.evidence
    rows = [EvidenceOut.model_validate(row, from_attributes=True) for row in found.rows]
    return EvidencePageOut(answer=answer_out(found.answer), formula=found.formula, rows=rows, next=page.next)


def _link(request: Request, response: Response, cursor: str | None) -> None:
    """The page after as a link (RFC 8288), without the token that may stand in the address."""
    if cursor:
        url = request.url.include_query_params(cursor=cursor).remove_query_params("token")
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'


@lists.get("/tickets", summary="Find tickets", responses=PAGED)
def tickets(
    request: Request, response: Response, place: Place, asked: Annotated[AskedForTickets, Query()]
) -> TicketsPageOut:
    """Tickets opened in a period, newest first."""
    options: dict[str, Any] = asked.model_dump(exclude={"words", "cursor", "limit"})
    page = tickets_page(place, place.question(VOLUME, **options), asked.words, most=asked.limit, cursor=asked.cursor)
    _link(request, response, page.next)
    rows = [TicketOut.model_validate(row, from_attributes=True) for row in page.found.rows]
    return TicketsPageOut(total=page.found.total, rows=rows, next=page.next)


class PartOut(BaseModel):
    """What a ticket adds to a KPI."""

    value: float | None
    at: str | None
    excluded: bool
    reason: str | None


class SegmentOut(BaseModel):
    """A stretch of a ticket on both clocks."""

    begins: str = Field(alias="from")
    ends: str | None = Field(alias="to", description="Null while it runs.")
    status: str | None
    agent: str | None
    team: str | None
    schedule: str | None
    counted: bool
    reason: str | None
    calendar_seconds: float
    business_seconds: float | None


class EventOut(BaseModel):
    """What happened to a ticket, in words."""

    at: str
    table: str
    source_id: str
    what: str
    by: str | None


class TicketPartOut(BaseModel):
    """A ticket's part in a KPI: its rows, its stretches on both clocks, and its events."""

    ticket: str
    kpi: str
    variant: str
    clock: str
    dated_by: str
    definition: str
    formula: str
    as_of: str
    rows: list[PartOut]
    segments: list[SegmentOut]
    events: list[EventOut]


@lists.get("/tickets/{ticket:path}", summary="Prove a ticket")
def ticket(
    place: Place,
    ticket: Annotated[str, Path(max_length=400, description="Its name: `source:id`.", examples=["demo:1042"])],
    kpi: Text = SEGMENTS_OF,
) -> TicketPartOut:
    """What a ticket adds to a KPI, stretch by stretch, and the events this comes from."""
    return TicketPartOut(**ticket_record(place.prove_ticket(kpi, ticket)))
