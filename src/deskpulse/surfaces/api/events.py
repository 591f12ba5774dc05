"""``/api/v1/events``: rows that a program sends, checked like a file's."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request
from pydantic import BaseModel, ConfigDict, Field

from deskpulse.events import EVENT_TABLES
from deskpulse.surfaces.api.problems import described
from deskpulse.surfaces.api.served import router
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.current import Current
from deskpulse.workspace.receiving import receive
from deskpulse.workspace.writing import Imported

events = router("Events")
Cell = Annotated[str, Field(max_length=100_000)] | int | float | bool | None
TABLES = ", ".join(f"`{name}`" for name in EVENT_TABLES)


class Rows(BaseModel):
    """Rows of one event table."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[A-Za-z0-9_.-]+$",
        description="The connection they belong to. Tickets are referred to by this source's ids of them.",
        examples=["shop"],
    )
    rows: list[dict[str, Cell]] = Field(
        min_length=1,
        max_length=10_000,
        description="By column: `source_id` is the row's id, the highest `version` of it counts. "
        "Instants are ISO 8601, in UTC where they carry no offset.",
        examples=[[{"source_id": "a1", "version": 1, "at": "2026-03-01T09:00:00Z", "title": "New macro"}]],
    )


class Refused(BaseModel):
    """Rows that were put in quarantine for one reason."""

    reason: str
    rows: int
    first_row: int | None = Field(description="The first of them, counted from 1.")


class Received(BaseModel):
    """What became of the rows."""

    source: str
    table: str
    snapshot: int = Field(description="The version of the data they are in.")
    read: int = Field(description="Rows that were understood.")
    changed: int = Field(description="Of those, new ones and new versions: none when they were sent before.")
    quarantined: int
    refusals: list[Refused]


@events.post("/events/{table}", summary="Send events", responses=described(423))
def send(
    request: Request, table: Annotated[str, Path(description=f"One of {TABLES}.", examples=["annotation"])], sent: Rows
) -> Received:
    """Merges rows by source, id and version, and publishes: the same rows twice count once.

    Rows that cannot be understood go to quarantine and are told of. Send many rows at once: each request publishes.
    Needs an admin's token with the scope `write`. While something else writes: 423, with Retry-After.
    """
    viewer: Viewer = request.state.viewer
    viewer.need("send_events")
    current: Current = request.app.state.current
    found = receive(current.root, table, sent.rows, source=sent.source, now=request.state.now)
    current.look()
    return _received(found, table)


def _received(found: Imported, table: str) -> Received:
    report = found.report
    return Received(
        source=report.source,
        table=table,
        snapshot=found.version,
        read=report.rows,
        changed=sum(report.changed.values()),
        quarantined=report.quarantined,
        refusals=[Refused(reason=one.reason, rows=one.rows, first_row=one.first_line) for one in found.refusals],
    )
