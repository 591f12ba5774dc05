"""``/api/v1/exports``: answers, evidence and tickets as files, streamed; for spreadsheets and dashboards too."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from deskpulse.insights.scorecard import VOLUME
from deskpulse.present.export import MEDIA_TYPES, Exported, Form, export
from deskpulse.present.extract import extract_answers
from deskpulse.surfaces.api.models import AskedAbout, AskedByAddress, AskedForScorecard, Filters, Text
from deskpulse.surfaces.api.served import Place, router
from deskpulse.workspace.pages import all_evidence, all_tickets
from deskpulse.workspace.scorecards import scored

exports = router("Exports")
RECORDS: dict[str, Any] = {"type": "array", "items": {"type": "object", "additionalProperties": True}}
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            kind.partition(";")[0]: {"schema": RECORDS if form == "json" else {"type": "string"}}
            for form, kind in MEDIA_TYPES.items()
        },
    }
}


class AskedForEvidenceFile(AskedAbout):
    """A value whose rows are wanted."""

    token: Text | None = Field(None, description="A token, where no header can be sent.", examples=[None])


class AskedForTicketFile(Filters):
    """Which tickets are wanted."""

    words: Text = ""
    token: Text | None = Field(None, description="A token, where no header can be sent.", examples=[None])


class AskedForScorecardFile(AskedForScorecard):
    """Of which time, and of what, a scorecard is."""

    token: Text | None = Field(None, description="A token, where no header can be sent.", examples=[None])


def sent(file: Exported) -> StreamingResponse:
    """A file as an attachment."""
    named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=named)


@exports.get("/exports/answer.{form}", summary="Export an answer", responses=FILES, response_class=StreamingResponse)
def answer(place: Place, form: Form, asked: Annotated[AskedByAddress, Query()]) -> StreamingResponse:
    """A row per value. JSON is an array of flat objects, which Grafana's plugins and spreadsheets read as it is."""
    found = place.ask(asked.kpi, **asked.options())
    return sent(export(extract_answers([found], name=found.kpi), form))


@exports.get(
    "/exports/scorecard/{name}.{form}", summary="Export a scorecard", responses=FILES, response_class=StreamingResponse
)
def scorecard(
    place: Place, name: str, form: Form, asked: Annotated[AskedForScorecardFile, Query()]
) -> StreamingResponse:
    """A row per KPI, beside the period before."""
    found = scored(place, name, asked.period, asked.where)
    return sent(export(extract_answers(found, name=f"scorecard-{name}"), form))


@exports.get("/exports/evidence.{form}", summary="Export evidence", responses=FILES, response_class=StreamingResponse)
def evidence(place: Place, form: Form, asked: Annotated[AskedForEvidenceFile, Query()]) -> StreamingResponse:
    """Every row behind a value: what it adds, or why it does not count."""
    return sent(export(all_evidence(place, place.question(asked.kpi, **asked.options())), form))


@exports.get("/exports/tickets.{form}", summary="Export tickets", responses=FILES, response_class=StreamingResponse)
def tickets(place: Place, form: Form, asked: Annotated[AskedForTicketFile, Query()]) -> StreamingResponse:
    """Every ticket opened in a period, newest first."""
    options: dict[str, Any] = asked.model_dump(exclude={"words", "token"})
    return sent(export(all_tickets(place, place.question(VOLUME, **options), asked.words), form))
