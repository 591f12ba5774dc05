"""Events that programs send instead of being read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from deskpulse.connectors.pushed import Cell, pushed
from deskpulse.connectors.tables import table_called
from deskpulse.errors import UnknownNameError
from deskpulse.events import EVENT_TABLES
from deskpulse.workspace import Progress, open, silent
from deskpulse.workspace.writing import Imported, load


def receive(
    root: Path,
    table: str,
    rows: Sequence[Mapping[str, Cell]],
    *,
    source: str,
    now: datetime,
    progress: Progress = silent,
) -> Imported:
    """Merges rows of an event table into the workspace and publishes them; the same rows twice count once.

    ``now`` is when they were sent (naive UTC). Raises UnknownNameError for the table, InputError for a column there is
    none of, and BusyError while another process writes.
    """
    name = table_called(table)
    if name is None:
        raise UnknownNameError("event table", table, EVENT_TABLES)
    # A workspace of its own: the one that answers questions goes on with its snapshot.
    stream = pushed(name, rows, source=source, observed_at=now)
    return load(open(root), stream, source=source, as_of=now, progress=progress)
