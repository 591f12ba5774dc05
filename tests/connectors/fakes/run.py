"""A workspace with one source that is a fake, and what its syncs left behind."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.reading import Read

import deskpulse.workspace as workspaces
from deskpulse.store.work import Work, open_work
from deskpulse.workspace import Workspace

NOW = datetime(2026, 6, 1, 12, 0)
SETTINGS = """
[[sources]]
name = "desk"
connector = "{connector}"
{more}
[sources.options]
{options}
"""


def workspace(root: Path, connector: str, *, more: str = "", **options: str) -> Workspace:
    """A workspace with the source 'desk'."""
    written = "\n".join(f'{name} = "{value}"' for name, value in options.items())
    return workspaces.create(root, settings=SETTINGS.format(connector=connector, more=more, options=written))


def stored(root: Path, table: str) -> list[dict[str, Any]]:
    """The rows of an event table, without what says when they were read."""
    with open_work(root, holder="test", threads=1) as work:
        return _stored(work, table)


def everything(root: Path) -> dict[str, list[dict[str, Any]]]:
    """All event tables that have rows."""
    from deskpulse.events import EVENT_TABLES

    with open_work(root, holder="test", threads=1) as work:
        found = {table: _stored(work, table) for table in EVENT_TABLES}
    return {table: rows for table, rows in found.items() if rows}


def _stored(work: Work, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = work.con.sql(f"SELECT * FROM event_{table}").to_arrow_table().to_pylist()
    hidden = {"observed_at", "ticket_key", "owner_key", "bucket"}
    return sorted(
        ({name: value for name, value in row.items() if name not in hidden} for row in rows),
        key=lambda row: str(row["source_id"]),
    )


class Once(Read):
    """Rows that stand on two pages, as the last second of an export does, count once."""

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        return list(dict.fromkeys(super().rows(table, *columns)))
