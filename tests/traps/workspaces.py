"""A workspace from histories written by hand, as small as a trap needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from deskpulse import workspace
from deskpulse.answers.answer import Row
from deskpulse.connectors.connector import Batch
from deskpulse.events import EVENT_TABLES
from deskpulse.workspace import Workspace, silent
from deskpulse.workspace.writing import Imported, load
from tests.history import History, at

NOW = "2024-12-31"


def sync(place: Workspace, history: History, now: str = NOW) -> Imported:
    """Reads a history into a workspace; ``now`` is when it was read."""
    told = [Batch(table=name, rows=history.arrow(name)) for name in EVENT_TABLES if history.rows[name]]
    return load(place, told, source=history.source, as_of=at(now), progress=silent)


def desk(folder: Path, *histories: History, settings: str | None = None, now: str = NOW) -> Workspace:
    """A new workspace that has read the histories."""
    place = workspace.create(folder / "desk", settings=settings)
    for history in histories:
        sync(place, history, now)
    return place


def row(place: Workspace, kpi: str, **options: Any) -> Row:
    """The one row of an answer."""
    [only] = place.ask(kpi, **options).rows
    return only


def value(place: Workspace, kpi: str, **options: Any) -> float | None:
    """The value of an answer of one row."""
    return row(place, kpi, **options).value


def by(place: Workspace, kpi: str, dimension: str, **options: Any) -> dict[str | None, float | None]:
    """The values of an answer by a dimension; a group of which every row is left out has none."""
    found = place.ask(kpi, by=dimension, **options).rows
    return {row.dimensions[dimension]: row.value for row in found if row.n}


def fact(place: Workspace, name: str) -> list[dict[str, Any]]:
    """The published rows of a fact."""
    files = [str(file) for file in place.snapshot.files[f"fact_{name}"]]
    return pq.read_table(files).to_pylist()  # type: ignore[no-any-return]
