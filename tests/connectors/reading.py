"""Reads a small text by a mapping and gives the canonical rows by table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from deskpulse.connectors.connector import Batch, Connector, Quarantined
from deskpulse.connectors.mapped import preset_files
from deskpulse.events import EVENT_TABLES

READ_AT = datetime(2026, 1, 1)


class Read:
    """Canonical tables by name, and what was put aside."""

    def __init__(self, items: Iterable[Batch | Quarantined]) -> None:
        parts: dict[str, list[pa.Table]] = {}
        self.aside: list[Quarantined] = []
        for item in items:
            if isinstance(item, Quarantined):
                self.aside.append(item)
            else:
                assert item.rows.schema == EVENT_TABLES[item.table].schema
                parts.setdefault(item.table, []).append(item.rows)
        self.tables = {name: pa.concat_tables(rows) for name, rows in parts.items()}

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Rows of a table in the order a reader of the history wants."""
        found = self.tables[table].to_pylist() if table in self.tables else []
        order = ("ticket", "at", "seq", "source_id")
        found.sort(key=lambda row: [(row.get(name) is not None, row.get(name)) for name in order])
        return [tuple(row[column] for column in columns) for row in found]

    def changes(self, field: str) -> list[tuple[Any, ...]]:
        """(ticket, at, old, new) of a field's changes."""
        return [row[1:] for row in self.rows("change", "field", "ticket", "at", "old", "new") if row[0] == field]


def read_text(folder: Path, mapping: str, text: str) -> Read:
    """The canonical rows of ``text`` (a CSV) under ``mapping``."""
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_with(preset_files("test", "test", mapping), path)


def read_with(connector: Connector, path: Path) -> Read:
    """The canonical rows of a path."""
    return Read(connector.read([str(path)], source="test", observed_at=READ_AT))
