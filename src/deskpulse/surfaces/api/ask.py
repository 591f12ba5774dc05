"""``/api/v1/ask``: a question about one KPI, by address or as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Query

from deskpulse.surfaces.api.models import AnswerOut, Asked, AskedByAddress, answer_out
from deskpulse.surfaces.api.served import Place, router
from deskpulse.workspace import Workspace

ask = router("Questions")


@ask.get("/ask", summary="Ask about a KPI")
def by_address(place: Place, asked: Annotated[AskedByAddress, Query()]) -> AnswerOut:
    """One KPI, with its 95 % interval, sample size and what was left out; split, filtered and compared as asked."""
    return _answered(place, asked)


@ask.post("/ask", summary="Ask about a KPI")
def by_body(place: Place, asked: Annotated[Asked, Body()]) -> AnswerOut:
    """The same with the question as JSON."""
    return _answered(place, asked)


def _answered(place: Workspace, asked: Asked) -> AnswerOut:
    return answer_out(place.ask(asked.kpi, **asked.options()))
