"""Rows that a program sends, in the form of a table's template: checked cell by cell like a file's.

A row is known by the source's id of it; the one with the highest ``version`` counts. Without a version the time of
sending is it, so that what is sent later counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.cells import Cells, read_columns
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.delimited import LINE, Rows
from deskpulse.connectors.mapping import MappedColumn
from deskpulse.connectors.meanings import Meaning
from deskpulse.connectors.rows import Origin
from deskpulse.connectors.table_rows import table_batches
from deskpulse.connectors.tables import required_columns, table_meanings
from deskpulse.errors import InputError

Cell = str | int | float | bool | None
VERSION = "version"


def pushed(
    table: str, rows: Sequence[Mapping[str, Cell]], *, source: str, observed_at: datetime
) -> Iterator[Batch | Quarantined]:
    """The rows as canonical ones, and those refused; raises InputError for a column the table does not have."""
    columns = _columns(table)
    for name in dict.fromkeys(name for row in rows for name in row):
        if name not in columns:
            near = get_close_matches(name, sorted(columns), n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(columns)}."
            raise InputError(f"The table '{table}' has no column '{name}'. {hint}")
    given = _texts(rows, table)
    kept = {name: column for name, column in columns.items() if name in given.headers}
    needed = required_columns(table)
    missing = [name for name in needed if name not in kept]
    if missing:
        raise InputError(f"Rows of '{table}' need {', '.join(missing)}: none of these has it.")
    cells = read_columns(given, kept, needed, {}, f"the table '{table}'")
    yield from cells.refused
    origin = Origin(source=source, observed_at=observed_at)
    yield from table_batches(_versioned(cells, origin), table, origin)


def _columns(table: str) -> Mapping[str, MappedColumn]:
    version = Meaning(name=VERSION, type="integer", says="grows with each edit of the row", least=0)
    meanings = {**table_meanings(table), VERSION: version}
    return {
        name: MappedColumn(header=name, meaning=meaning, null_words=frozenset({""}), is_optional=True)
        for name, meaning in meanings.items()
    }


def _texts(rows: Sequence[Mapping[str, Cell]], table: str) -> Rows:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pa.array([as_text(row.get(name)) for row in rows], pa.string()) for name in names}
    lines = pa.array(np.arange(1, len(rows) + 1))
    return Rows(file=f"sent rows of {table}", table=pa.table({**columns, LINE: lines}))


def as_text(cell: Cell) -> str:
    """A value as a file of the table would have it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


def _versioned(cells: Cells, origin: Origin) -> Cells:
    given = cells.get(VERSION)
    if given is None:
        return cells
    filled = pc.coalesce(given, pa.scalar(origin.version, pa.int64()))
    return Cells(columns={**cells.columns, VERSION: filled}, lines=cells.lines, refused=cells.refused)
