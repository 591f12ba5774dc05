"""Invitations and answers of our own surveys into the event history: the ticket's source, so that they meet on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from deskpulse.connectors.connector import Batch
from deskpulse.events import EVENT_TABLES
from deskpulse.store.layout import find_workspace
from deskpulse.store.surveys import FILE, Invitation, SurveyAnswer, SurveyStore, Waiting

if TYPE_CHECKING:
    from deskpulse.workspace import Progress

SOURCE = "surveys"


def survey_store(root: Path) -> SurveyStore | None:
    """The invitations of a workspace; null where there never were any."""
    folder = find_workspace(root).private
    return SurveyStore(folder) if (folder / FILE).exists() else None


def survey_events(waiting: Waiting) -> Iterator[Batch]:
    """The events of what waits. Their ids stay the same, so handing them over twice changes nothing."""
    rows = [*map(_offered, waiting.invitations), *map(_answered, waiting.answers)]
    if rows:
        yield Batch(table="survey", rows=pa.Table.from_pylist(rows, schema=EVENT_TABLES["survey"].schema))


def _offered(one: Invitation) -> dict[str, object]:
    return _row(one) | {"source_id": f"deskpulse:{one.id}", "action": "offered", "at": one.offered_at}


def _answered(one: SurveyAnswer) -> dict[str, object]:
    given = {"action": "answered", "at": one.at, "score": one.score, "comment": one.comment, "observed_at": one.at}
    return _row(one.invitation) | given | {"source_id": f"deskpulse:{one.invitation.id}/{one.number}"}


def _row(one: Invitation) -> dict[str, object]:
    return {
        "source": one.source,
        "version": 1,
        "observed_at": one.offered_at,
        "survey": one.id,
        "kind": one.kind,
        "ticket": one.ticket,
        "customer": one.customer,
        "channel": one.channel,
        "scale_low": float(one.low),
        "scale_high": float(one.high),
    }


def collect(root: Path, progress: Progress) -> int:
    """Publishes what was asked and answered since; gives how many rows that were.

    Raises BusyError while another process writes: it waits on the disk for the next time, or for the next import.
    """
    from deskpulse.workspace import open
    from deskpulse.workspace.writing import load

    store = survey_store(root)
    waiting = store.waiting() if store else Waiting()
    if waiting.last is None:
        return 0
    load(open(root), (), source=SOURCE, as_of=waiting.last, progress=progress)
    return len(waiting.invitations) + len(waiting.answers)
