"""Immutable Parquet for readers: only the parts that changed are written, then the manifest is replaced."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from deskpulse.errors import WorkspaceError
from deskpulse.events import EVENT_TABLES
from deskpulse.store.faults import explained
from deskpulse.store.layout import Layout, find_workspace, fsync, write_atomically
from deskpulse.store.manifest import Manifest, PublishedFile, PublishedTable, file_crc32, read_manifest
from deskpulse.store.masks import UNMASKED, Masks
from deskpulse.store.parts import Part, parts_of, young_since
from deskpulse.store.replace import moment
from deskpulse.store.snapshot import Snapshot, is_held, open_snapshot
from deskpulse.store.tables import literal, quoted
from deskpulse.store.work import Work

# Texts that seldom repeat are written as they are: looking for repetitions costs more than it saves.
PARQUET = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT 5000"
# A table up to this size is one file: a file per month would cost more to open than to read.
ROWS_OF_ONE_FILE = 200_000
# A table over this size has its young months in parts of a few days.
ROWS_OF_MONTHS = 500_000
BOOKS = ("restatement", "quarantine")


@dataclass(frozen=True, kw_only=True)
class _Stored:
    """A table as it is: ``dirty`` are the days it changed on, ``last`` is the day of the snapshot."""

    con: duckdb.DuckDBPyConnection
    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    dirty: tuple[date | None, ...]
    last: date


@dataclass(frozen=True, kw_only=True)
class _Source:
    """A table of the writer to publish; ``parts`` are those to write, null for all of it in one file."""

    name: str
    columns: tuple[tuple[str, str], ...]
    dated: str
    parts: tuple[Part, ...] | None
    kept: tuple[PublishedFile, ...]
    masks: Masks = UNMASKED

    @property
    def select(self) -> str:
        shown = ", ".join(self.masks.shown(self.name, name) for name, _ in self.columns)
        return f"SELECT {shown} FROM {quoted(self.name)}"


def publish(
    work: Work, root: Path, *, as_of: datetime, keep: int = 5, full: bool = False, masks: Masks = UNMASKED
) -> Snapshot:
    """Publish what changed since the last version and open the new one.

    ``as_of`` is the instant (UTC) it is the state of; ``keep`` versions stay; ``full`` writes every file anew.
    Where other columns are masked than before, it is full, and no older version stays. Readers see the version before
    until the last file of this one is on the disk. Raises WorkspaceError for a full disk.
    """
    layout = find_workspace(root)
    if masks.fingerprint != (work.recall("masks") or ""):
        full, keep = True, 1
    with explained(root):
        with work.transaction():
            before = None if full else _before(work, layout)
            version = _publish(work, layout, as_of=as_of, before=before, masks=masks)
            work.remember("masks", masks.fingerprint)
        snapshot = open_snapshot(root, version)
        sweep(layout, keep=keep)
    return snapshot


def _before(work: Work, layout: Layout) -> Manifest | None:
    """The version to build on: none when it is broken, or older than the writer remembers (put back from a copy)."""
    try:
        manifest = read_manifest(layout.current)
        open_snapshot(layout.root, manifest.version).close()
    except (FileNotFoundError, WorkspaceError):
        return None
    return manifest if manifest.version >= int(work.recall("published") or 0) else None


def _publish(work: Work, layout: Layout, *, as_of: datetime, before: Manifest | None, masks: Masks) -> int:
    layout.snapshots.mkdir(exist_ok=True)  # who threw the snapshots away is told to rebuild them
    version = 1 + max([int(work.recall("published") or 0), *_numbers(layout)])
    folder = layout.version(version)
    folder.mkdir()
    work.con.execute("UPDATE restatement SET published_at = ? WHERE published_at IS NULL", [as_of])
    masks.prepare(work.con)
    stored = _stored(work.con, as_of.date())
    sources = [replace(_source(table, before), masks=masks) for table in stored]
    tables = {source.name: _write(work.con, source, folder) for source in sources}
    manifest = Manifest(version=version, as_of=as_of, tables=tables)
    write_atomically(layout.manifest(version), manifest.to_json())
    fsync(layout.snapshots)
    write_atomically(layout.current, manifest.to_json())
    work.con.execute("DELETE FROM dirty")
    work.remember("published", str(version))
    work.remember("published_as_of", as_of.isoformat(sep=" "))
    return version


def _numbers(layout: Layout) -> Iterable[int]:
    return [int(path.name) for path in layout.snapshots.iterdir() if path.name.isdecimal()]


def _stored(con: duckdb.DuckDBPyConnection, last: date) -> list[_Stored]:
    """The tables to publish, in the order of their names."""
    query = (
        "SELECT table_name, list((column_name, data_type) ORDER BY column_index) FROM duckdb_columns()"
        " WHERE database_name = current_database() GROUP BY 1 ORDER BY 1"
    )
    known = {name: columns for name, columns in con.execute(query).fetchall() if _is_published(name)}
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {quoted(name)}" for name in known)
    rows = dict(con.execute(counts).fetchall())
    dirty = dict(con.execute("SELECT name, list(DISTINCT day) FROM dirty GROUP BY 1").fetchall())
    return [
        _Stored(
            con=con,
            name=name,
            columns=tuple((column, _plain(kind)) for column, kind in columns if column != "bucket"),
            rows=rows[name],
            dirty=tuple(dirty.get(name, ())),
            last=last,
        )
        for name, columns in known.items()
    ]


def _is_published(name: str) -> bool:
    return name.startswith(("fact_", "event_")) or name in BOOKS


def _source(table: _Stored, before: Manifest | None) -> _Source:
    known = before.tables.get(table.name) if before else None
    if known and known.columns != table.columns:
        known = None
    dated = _dated(table.name)
    if dated is None or table.rows <= ROWS_OF_ONE_FILE:
        return _in_one_file(table, known)
    return _in_parts(table, dated, known)


def _plain(kind: str) -> str:
    return "VARCHAR" if kind.startswith("ENUM") else kind


def _dated(name: str) -> str | None:
    kind, _, rest = name.partition("_")
    if kind == "fact":
        return moment(rest)
    # What is dated by its reading moves to another month when it is read again, unchanged: it is always one file.
    if kind == "event" and EVENT_TABLES[rest].dated_by != "observed_at":
        return quoted(EVENT_TABLES[rest].dated_by)
    return None


def _in_one_file(table: _Stored, known: PublishedTable | None) -> _Source:
    is_clean = table.name not in BOOKS and not table.dirty
    kept = known.files if known and is_clean and [file.month for file in known.files] == [None] else ()
    return _Source(name=table.name, columns=table.columns, dated="NULL", parts=() if kept else None, kept=kept)


def _in_parts(table: _Stored, dated: str, known: PublishedTable | None) -> _Source:
    if known is None or any(file.month is None for file in known.files):
        rows = table.con.execute(f"SELECT DISTINCT CAST({dated} AS DATE) FROM {quoted(table.name)}").fetchall()
        files: tuple[PublishedFile, ...] = ()
        days: tuple[date | None, ...] = tuple(day for (day,) in rows)
    else:
        days, files = table.dirty, known.files
    words = [file.month or "" for file in files]
    young = young_since(days, words, table.last) if table.rows > ROWS_OF_MONTHS else None
    parts, gone = parts_of(days, words, young)
    kept = tuple(file for file in files if file.month not in gone)
    return _Source(name=table.name, columns=table.columns, dated=dated, parts=parts, kept=kept)


def _write(con: duckdb.DuckDBPyConnection, source: _Source, folder: Path) -> PublishedTable:
    if source.parts is None:
        path = folder / f"{source.name}.parquet"
        con.execute(f"COPY ({source.select}) TO '{literal(str(path))}' ({PARQUET})")
        written = [_published(path, None)]
    else:
        written = [file for part in source.parts if (file := _write_part(con, source, part, folder)).rows]
    files = sorted((*source.kept, *written), key=lambda file: file.month or "")
    return PublishedTable(columns=source.columns, files=tuple(files))


def _write_part(con: duckdb.DuckDBPyConnection, source: _Source, part: Part, folder: Path) -> PublishedFile:
    """A file of its own, if it has rows. One query each: letting DuckDB part the rows costs twice as much."""
    path = folder / f"{source.name}.{part.word}.parquet"
    con.execute(f"COPY ({source.select} WHERE {part.within(source.dated)}) TO '{literal(str(path))}' ({PARQUET})")
    file = _published(path, part.word)
    if not file.rows:
        path.unlink()
    return file


def _published(path: Path, word: str | None) -> PublishedFile:
    fsync(path)
    return PublishedFile(
        path=f"{path.parent.name}/{path.name}",
        month=word,
        rows=pq.read_metadata(path).num_rows,
        bytes=path.stat().st_size,
        crc32=file_crc32(path),
    )


def sweep(layout: Layout, *, keep: int) -> None:
    """Delete files that neither the newest ``keep`` versions nor a version a reader has open refer to."""
    current = read_manifest(layout.current).version
    versions = sorted((number for number in _numbers(layout) if number <= current), reverse=True)
    live = {
        number: manifest.paths()
        for position, number in enumerate(versions)
        if (position < keep or is_held(layout.manifest(number))) and (manifest := _manifest(layout, number))
    }
    _delete(layout, live)


def _manifest(layout: Layout, number: int) -> Manifest | None:
    try:
        return read_manifest(layout.manifest(number))
    except (FileNotFoundError, WorkspaceError):
        return None


def _delete(layout: Layout, live: Mapping[int, frozenset[str]]) -> None:
    referred = frozenset[str]().union(*live.values())
    for number in _numbers(layout):
        folder = layout.version(number)
        if number not in live:
            layout.manifest(number).unlink(missing_ok=True)
        for path in folder.iterdir():
            is_live = f"{folder.name}/{path.name}" in referred or (number in live and path.name == "manifest.json")
            if not is_live:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        if number not in live and not any(folder.iterdir()):
            folder.rmdir()
