"""Changes of process written down by hand: events like any other, through the one writer, under their own source."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from deskpulse.answers.annotations import Annotation, every_annotation, version_of
from deskpulse.connectors.connector import Batch
from deskpulse.errors import AccessError, InputError, UnknownNameError
from deskpulse.events import EVENT_TABLES

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

SOURCE = "deskpulse"
TABLE = "annotation"
LONGEST = 120
"""Characters of a title: it is written on charts."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of process as announced: when (text, in ``zone``), what, and where, if not everywhere."""

    at: str
    title: str
    zone: str
    team: str = ""
    channel: str = ""


def known_annotations(place: Workspace) -> tuple[Annotation, ...]:
    """Every change of process that is known, the newest first."""
    return every_annotation(place.backend)


def annotate(place: Workspace, change: Change, *, now: datetime, id: str | None = None) -> str:
    """Announces a change, or corrects the one called ``id``; gives its id. The same change twice is one.

    Raises AccessError, and InputError for a change without a title or a time.
    """
    place.viewer.need("annotate")
    at = _checked(change)
    name = id or hashlib.sha256(f"{at}|{change.title.strip()}|{change.team}|{change.channel}".encode()).hexdigest()[:16]
    if id is not None:
        _own(place, id)
    row = {
        "at": at,
        "title": change.title.strip(),
        "team": change.team or None,
        "channel": change.channel or None,
        "is_removed": False,
    }
    _write(place, name, row, now)
    return name


def take_back(place: Workspace, id: str, *, now: datetime) -> None:
    """Removes a change that was announced here; raises AccessError, UnknownNameError."""
    place.viewer.need("annotate")
    known = _own(place, id)
    row = {"at": known.at, "title": known.title, "team": known.team, "channel": known.channel, "is_removed": True}
    _write(place, id, row, now)


def _checked(change: Change) -> datetime:
    from deskpulse.time.period import parse_instant

    if not change.title.strip():
        raise InputError("A change needs a title: what was changed, like 'New macro for refunds'.")
    if len(change.title.strip()) > LONGEST:
        raise InputError(f"A title has {LONGEST} characters at most: it is written on charts. Make it shorter.")
    return parse_instant(change.at, change.zone)


def _own(place: Workspace, id: str) -> Annotation:
    known = {one.source_id: one for one in known_annotations(place) if one.source == SOURCE}
    if id not in known:
        others = {one.source_id: one.source for one in known_annotations(place)}
        if id in others:
            raise AccessError("This change came from '%(source)s': it is corrected there.", source=others[id])
        raise UnknownNameError("announced change", id, known)
    return known[id]


def _write(place: Workspace, id: str, values: dict[str, object], now: datetime) -> None:
    from deskpulse.workspace import open, silent
    from deskpulse.workspace.writing import load

    # A workspace of its own: the one that answers questions goes on with its snapshot.
    fresh = open(place.root)
    version = version_of(fresh.backend, SOURCE, id) + 1
    row = {"source": SOURCE, "source_id": id, "version": version, "observed_at": now, **values}
    rows = pa.Table.from_pylist([row], schema=EVENT_TABLES[TABLE].schema)
    # What is announced tells nothing newer of the tickets: the data are as of when they were.
    load(fresh, [Batch(table=TABLE, rows=rows)], source=SOURCE, as_of=fresh.as_of, progress=silent)
