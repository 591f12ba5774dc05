"""What readers open: one published version, whole, without a lock on the writer."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from deskpulse.errors import WorkspaceError
from deskpulse.store.layout import Layout, find_workspace
from deskpulse.store.manifest import Manifest, PublishedTable, broken, file_crc32, read_manifest


class Snapshot:
    """A published version; its files stay until it is closed. Made by ``open_snapshot``."""

    def __init__(self, layout: Layout, manifest: Manifest, hold: TextIO) -> None:
        self.layout = layout
        self.manifest = manifest
        self._hold = hold

    @property
    def version(self) -> int:
        """The version's number; each one published counts one up."""
        return self.manifest.version

    @property
    def as_of(self) -> datetime:
        """The instant (UTC, naive) it is the state of."""
        return self.manifest.as_of

    @property
    def tables(self) -> Mapping[str, PublishedTable]:
        """Its tables by name: ``fact_<name>``, ``event_<name>``, ``restatement``, ``quarantine``."""
        return self.manifest.tables

    @property
    def files(self) -> Mapping[str, tuple[Path, ...]]:
        """The Parquet files of each table."""
        return {
            name: tuple(self.layout.snapshots / file.path for file in table.files)
            for name, table in self.tables.items()
        }

    def check(self) -> None:
        """Look at the size of every file; raises WorkspaceError for one that is missing or another than published."""
        for table in self.tables.values():
            for file in table.files:
                path = self.layout.snapshots / file.path
                if not path.exists() or path.stat().st_size != file.bytes:
                    raise WorkspaceError(broken(path))

    def verify(self) -> None:
        """Read every file and compare its checksum; raises WorkspaceError for one that differs."""
        self.check()
        for table in self.tables.values():
            for file in table.files:
                if file_crc32(self.layout.snapshots / file.path) != file.crc32:
                    raise WorkspaceError(broken(self.layout.snapshots / file.path))

    def close(self) -> None:
        """Let go of the version: it may be swept."""
        self._hold.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_snapshot(root: Path, version: int | None = None) -> Snapshot:
    """The newest published version of a workspace, or the one asked for.

    Raises WorkspaceError when nothing is published, the version was swept, or a file is broken.
    """
    layout = find_workspace(root)
    while True:
        number = current_version(layout) if version is None else version
        hold = _hold(layout, number)
        if hold is not None:
            return _opened(layout, number, hold)
        # Swept between reading CURRENT and holding it: there is a newer one by now.
        if version is not None or current_version(layout) == number:
            raise WorkspaceError(_absent(layout, number, is_asked_for=version is not None))


def current_version(layout: Layout) -> int:
    """The number of the newest published version."""
    try:
        return read_manifest(layout.current).version
    except FileNotFoundError:
        raise WorkspaceError(
            f"Nothing is published in {layout.root} yet. Import something with: deskpulse import, "
            "read what is connected with: deskpulse sync, or publish what was imported with: deskpulse rebuild"
        ) from None


def is_held(manifest: Path) -> bool:
    """A reader has this version open."""
    with suppress(FileNotFoundError), manifest.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _hold(layout: Layout, number: int) -> TextIO | None:
    try:
        file = layout.manifest(number).open(encoding="utf-8")
    except FileNotFoundError:
        return None
    fcntl.flock(file, fcntl.LOCK_SH)
    if os.fstat(file.fileno()).st_nlink:
        return file
    file.close()
    return None


def _opened(layout: Layout, number: int, hold: TextIO) -> Snapshot:
    try:
        snapshot = Snapshot(layout, read_manifest(layout.manifest(number)), hold)
        snapshot.check()
    except BaseException:
        hold.close()
        raise
    return snapshot


def _absent(layout: Layout, number: int, *, is_asked_for: bool) -> str:
    if not is_asked_for:
        return broken(layout.manifest(number))
    kept = sorted(int(path.parent.name) for path in layout.snapshots.glob("*/manifest.json"))
    return f"Snapshot {number} of {layout.root} is not kept. Kept: {', '.join(map(str, kept)) or 'none'}."
