"""Where things lie in a workspace, and the number of its format."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from deskpulse.errors import WorkspaceError

Migration = Callable[[duckdb.DuckDBPyConnection], None]

# MIGRATIONS[i] takes the writer's database of a workspace from format i + 1 to i + 2.
MIGRATIONS: tuple[Migration, ...] = ()
HEADERS = 3 * 4096
"""Bytes a database begins with: one header of the file and two of its state."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The files of a workspace under ``root``."""

    root: Path

    @property
    def private(self) -> Path:
        """What only the writer opens."""
        return self.root / ".deskpulse"

    @property
    def format(self) -> Path:
        """The number of the format."""
        return self.private / "format"

    @property
    def lock(self) -> Path:
        """Held by the one writer, with who that is."""
        return self.private / "lock"

    @property
    def work(self) -> Path:
        """The writer's database."""
        return self.private / "work.duckdb"

    @property
    def temporary(self) -> Path:
        """Where the writer spills what does not fit into memory."""
        return self.private / "temporary"

    @property
    def snapshots(self) -> Path:
        """What is published."""
        return self.root / "snapshots"

    @property
    def current(self) -> Path:
        """The manifest of the newest snapshot."""
        return self.snapshots / "CURRENT"

    def version(self, number: int) -> Path:
        """The folder of the files a snapshot added."""
        return self.snapshots / f"{number:08d}"

    def manifest(self, number: int) -> Path:
        """The manifest of a snapshot; readers hold a shared lock on it."""
        return self.version(number) / "manifest.json"


def create_workspace(root: Path, *, migrations: Sequence[Migration] = MIGRATIONS) -> Layout:
    """Make the folders of a workspace; one that exists is left as it is."""
    layout = Layout(root=root)
    layout.private.mkdir(parents=True, exist_ok=True)
    layout.snapshots.mkdir(exist_ok=True)
    if not layout.format.exists():
        write_atomically(layout.format, f"{len(migrations) + 1}\n")
    return layout


def find_workspace(root: Path, *, migrations: Sequence[Migration] = MIGRATIONS) -> Layout:
    """The workspace at ``root``; raises WorkspaceError when there is none or this version cannot read it."""
    layout = Layout(root=root)
    if not layout.format.exists():
        raise WorkspaceError(f"{root} is no deskpulse workspace. Make one with: deskpulse init {root}")
    newest = len(migrations) + 1
    if read_format(layout) > newest:
        raise WorkspaceError(
            f"{root} has format {read_format(layout)}, and this deskpulse reads up to {newest}. "
            "Upgrade it with: pip install --upgrade deskpulse"
        )
    return layout


def read_format(layout: Layout) -> int:
    """The number of the workspace's format, from 1."""
    words = layout.format.read_text(errors="replace").strip()
    if not words.isdecimal() or int(words) < 1:
        raise WorkspaceError(
            f"{layout.format} should hold the number of the workspace's format, and holds {words[:20]!r}. "
            f"If it was edited, write the number back (the newest is {len(MIGRATIONS) + 1})."
        )
    return int(words)


def migrate(layout: Layout, con: duckdb.DuckDBPyConnection, *, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring an older workspace to this version's format, step by step, each in one transaction."""
    for number in range(read_format(layout), len(migrations) + 1):
        # The database remembers its steps: a crash before the number was written must not repeat one.
        con.execute("CREATE TABLE IF NOT EXISTS migrated (format INTEGER)")
        con.execute("BEGIN")
        if not con.execute("SELECT 1 FROM migrated WHERE format = ?", [number + 1]).fetchall():
            migrations[number - 1](con)
            con.execute("INSERT INTO migrated VALUES (?)", [number + 1])
        con.execute("COMMIT")
        write_atomically(layout.format, f"{number + 1}\n")


def write_atomically(path: Path, text: str) -> None:
    """Replace a file so that a reader sees the old or the new one, whole, also after a crash."""
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
    fsync(path.parent)


def fsync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def drop_a_stillborn_database(layout: Layout) -> None:
    """A file shorter than its headers, with nothing published, is of a process that was killed as it made it."""
    if layout.work.exists() and not layout.current.exists() and layout.work.stat().st_size < HEADERS:
        layout.work.unlink()


def refuse_a_lost_database(layout: Layout, con: duckdb.DuckDBPyConnection) -> None:
    """A new, empty database beside published data would replace them by nothing."""
    is_new = not con.execute("SELECT 1 FROM duckdb_tables() LIMIT 1").fetchall()
    if is_new and layout.current.exists():
        con.close()
        layout.work.unlink()
        raise WorkspaceError(
            f"{layout.work} is lost, though {layout.snapshots} holds what was published from it. Put it back from a "
            f"backup, or import the sources again into a new workspace."
        )
