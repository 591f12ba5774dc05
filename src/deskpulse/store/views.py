"""The SQLite file of saved views: an address of a page under a name, of one account or of all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FILE = "views.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS view (
  id INTEGER PRIMARY KEY, owner TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL, address TEXT NOT NULL,
  shared INTEGER NOT NULL, UNIQUE (owner, name))
"""


@dataclass(frozen=True, kw_only=True)
class SavedView:
    """A page worth coming back to; a shared one is offered to everybody."""

    id: int
    owner: str
    name: str
    address: str
    shared: bool


class ViewFile:
    """The file. Each call opens it anew, so threads and processes do not share a connection."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        con = sqlite3.connect(self.path, timeout=10)
        try:
            con.execute(SCHEMA)
            with con:
                yield con
        finally:
            con.close()

    def seen_by(self, owner: str) -> tuple[SavedView, ...]:
        """The owner's own and those shared, by name."""
        query = "SELECT id, owner, name, address, shared FROM view WHERE owner = ? OR shared ORDER BY name, owner"
        with self._open() as con:
            rows = con.execute(query, [owner]).fetchall()
        return tuple(SavedView(id=i, owner=o, name=n, address=a, shared=bool(s)) for i, o, n, a, s in rows)

    def save(self, owner: str, name: str, address: str, *, shared: bool) -> None:
        """Keeps an address; one of the same owner and name is replaced."""
        query = (
            "INSERT INTO view (owner, name, address, shared) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (owner, name) DO UPDATE SET address = excluded.address, shared = excluded.shared"
        )
        with self._open() as con:
            con.execute(query, [owner, name, address, shared])

    def delete(self, view: int, owner: str | None) -> bool:
        """Forgets a view of the owner's (null: of anybody's); gives whether there was one."""
        query = "DELETE FROM view WHERE id = ? AND (? IS NULL OR owner = ?)"
        with self._open() as con:
            return con.execute(query, [view, owner, owner]).rowcount > 0
