"""The pages of a source as they came, compressed, one file each: what stopped goes on, and what was read is read again.

A page is on the disk before it is merged, so the newest one says where the next run goes on, however the last ended.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from deskpulse.connectors.api.page import Page
from deskpulse.errors import WorkspaceError
from deskpulse.store.faults import explained
from deskpulse.store.layout import find_workspace, fsync, write_atomically
from deskpulse.store.lock import WriterLock

FOLDER = "sources"
STATUS = "status.json"
NAME = re.compile(r"(\d{8})\.page\.zst")


class Pages:
    """The kept pages of one source, numbered from 1 in the order they were fetched."""

    def __init__(self, root: Path, source: str) -> None:
        self.root = root
        self.source = source
        self.folder = find_workspace(root).private / FOLDER / source
        with explained(root):
            self.folder.mkdir(parents=True, exist_ok=True)
        self._newest: int | None = None

    @contextmanager
    def locked(self, holder: str) -> Iterator[None]:
        """Held while the source is read: two runs at once would fetch the same."""
        with ExitStack() as held:
            with explained(self.root):
                held.enter_context(WriterLock(self.folder / "lock", holder=holder))
            yield

    @property
    def numbers(self) -> list[int]:
        """The numbers of the pages on the disk."""
        return sorted(int(match[1]) for name in os.listdir(self.folder) if (match := NAME.fullmatch(name)))

    @property
    def newest(self) -> int:
        """The number of the newest page; 0 without any."""
        if self._newest is None:
            self._newest = max(self.numbers, default=0)
        return self._newest

    def number_from(self, number: int) -> None:
        """Go on after ``number`` where the disk has no newer page."""
        self._newest = max(self.newest, number)

    def keep(self, page: Page) -> int:
        """Put a page on the disk, for good; gives its number."""
        number = self.newest + 1
        path = self._path(number)
        draft = path.with_suffix(".draft")
        with explained(self.root):
            with draft.open("wb") as out:
                out.write(_packed(page))
                out.flush()
                os.fsync(out.fileno())
            draft.replace(path)
            fsync(self.folder)
        self._newest = number
        return number

    def read(self, number: int) -> Page:
        """A page; raises WorkspaceError for a file that is none."""
        path = self._path(number)
        try:
            return _unpacked(path.read_bytes())
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:
            raise WorkspaceError(
                f"{path} is no page of '{self.source}' ({type(error).__name__}). Put it back from a backup, or remove "
                f"it and read its time again: deskpulse sync {self.source} --since DAY"
            ) from None

    def after(self, number: int) -> Iterator[tuple[int, Page]]:
        """The pages after a number, in order."""
        for later in self.numbers:
            if later > number:
                yield later, self.read(later)

    def forget(self, *, before: datetime | None, merged: int) -> int:
        """Remove pages fetched before an instant (null: of any time), never the newest nor one not yet merged."""
        removed = 0
        for number in self.numbers:
            if number >= min(self.newest, merged + 1):
                break
            if before is not None and self.read(number).fetched_at >= before:
                break
            with explained(self.root):
                self._path(number).unlink()
            removed += 1
        return removed

    @property
    def status(self) -> dict[str, Any]:
        """What the last run noted; empty before the first."""
        try:
            noted: dict[str, Any] = json.loads((self.folder / STATUS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted

    def note(self, **noted: Any) -> None:
        """Note how a run went."""
        with explained(self.root):
            write_atomically(self.folder / STATUS, json.dumps(self.status | noted, default=str))

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:08d}.page.zst"


def _packed(page: Page) -> bytes:
    head = {
        "stream": page.stream,
        "cursor": page.cursor,
        "fetched_at": page.fetched_at.isoformat(),
        "context": page.context,
        "items": page.items,
        "done": page.done,
    }
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(json.dumps(head).encode() + b"\n")
        out.write(page.body)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _unpacked(content: bytes) -> Page:
    with pa.CompressedInputStream(pa.BufferReader(content), "zstd") as opened:
        head, _, body = opened.read().partition(b"\n")
    told = json.loads(head)
    return Page(**{**told, "fetched_at": datetime.fromisoformat(told["fetched_at"])}, body=body)
