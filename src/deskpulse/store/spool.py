"""What was sent to us, on the disk before anybody is thanked: segments that are only appended to, read in their order.

A record is its length, its checksum and its bytes. Records that wait at the same moment go to the disk together, with
one flush. A record cut off at the end of a segment was never acknowledged and is passed over. A segment that is still
appended to ends in ``.open``: only who appends touches it, so another process may drain the others.
"""

from __future__ import annotations

import errno
import os
import re
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from deskpulse.errors import BusyError, WorkspaceError
from deskpulse.store.faults import explained
from deskpulse.store.layout import find_workspace, fsync
from deskpulse.store.lock import WriterLock

FOLDER = "hooks"
NAME = re.compile(r"(\d{10})\.(spool|open)")
HEAD = struct.Struct(">II")
SEGMENT_BYTES = 8_000_000
PORTION_BYTES = 32_000_000
"""So much is drained at once, at least."""

MOST_WAITING = 512_000_000
"""Bytes: where that much is not drained, no more is taken, so that the workspace has room to drain it."""


@dataclass(kw_only=True)
class _Waiting:
    record: bytes
    is_safe: bool = False
    fault: Exception | None = None


@dataclass(kw_only=True)
class _Segment:
    number: int
    file: BinaryIO
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Records in the order they came, and the last segment they are of; ``damaged`` counts those whose checksum is
    wrong."""

    records: tuple[bytes, ...] = ()
    through: int = 0
    damaged: int = 0


@dataclass(kw_only=True)
class Spool:
    """The spool of a workspace: one process appends, in any number of threads, and one drains, the same or another."""

    root: Path
    most_waiting: int = MOST_WAITING
    _waiting: list[_Waiting] = field(default_factory=list)
    _gate: threading.Lock = field(default_factory=threading.Lock)
    _disk: threading.Lock = field(default_factory=threading.Lock)
    _held: WriterLock | None = None
    _segment: _Segment | None = None

    @property
    def folder(self) -> Path:
        """Where the segments are."""
        return find_workspace(self.root).private / FOLDER

    def append(self, record: bytes) -> None:
        """Put a record on the disk, for good; raises WorkspaceError where that fails: then it is not there.

        Raises BusyError while another server takes what is sent to this workspace.
        """
        mine = _Waiting(record=record)
        with self._gate:
            self._waiting.append(mine)
        with self._disk:
            if not mine.is_safe and mine.fault is None:
                self._write_all()
        if mine.fault is not None:
            raise mine.fault

    def _write_all(self) -> None:
        with self._gate:
            group, self._waiting = self._waiting, []
        try:
            with explained(self.root):
                self._write(b"".join(_framed(one.record) for one in group))
            for one in group:
                one.is_safe = True
        except (WorkspaceError, ValueError) as fault:
            for one in group:
                one.fault = fault

    def _write(self, content: bytes) -> None:
        segment = self._segment or self._begin()
        try:
            if segment.file.write(content) != len(content):
                raise OSError(errno.ENOSPC, "No space left", str(self._path(segment.number)))
            os.fsync(segment.file.fileno())
        except OSError:
            # What was half written must not stand before later records: go on in a new segment.
            with suppress(OSError):
                segment.file.truncate(segment.size)
            self._end()
            raise
        segment.size += len(content)
        if segment.size >= SEGMENT_BYTES:
            self._end()

    def _begin(self) -> _Segment:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._hold()
        if sum(map(_size, self._paths)) > self.most_waiting:
            raise WorkspaceError(
                f"What was sent to {self.root} waits to be merged, and there is no room for more. Look at the log of "
                "deskpulse serve."
            )
        number = max(map(_number, self._paths), default=0) + 1
        file = open(self._path(number), "xb", buffering=0)  # noqa: SIM115 - open until the segment ends
        self._segment = _Segment(number=number, file=file)
        self._path(number).chmod(0o600)
        fsync(self.folder)
        return self._segment

    def _hold(self) -> None:
        """Be the one who appends, and end what the last one left open when it was killed."""
        if self._held is None:
            self._held = WriterLock(self.folder / "lock", holder="deskpulse serve").__enter__()
            self._end_others()

    def _end_others(self) -> None:
        for path in self._paths:
            path.rename(path.with_suffix(".spool"))

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.__exit__(None, None, None)
            self._held = None

    def _end(self) -> None:
        if self._segment is not None:
            self._segment.file.close()
            path, self._segment = self._path(self._segment.number), None
            path.rename(path.with_suffix(".spool"))

    def close(self) -> None:
        """Let another process append."""
        with self._disk:
            self._end()
            self._let_go()

    @property
    def is_empty(self) -> bool:
        """Nothing is left to drain."""
        return not self._paths

    @property
    def has_waiting(self) -> bool:
        """Something was handed over and is not drained yet."""
        return any(path.suffix == ".spool" for path in self._paths)

    def hand_over(self) -> None:
        """Let what was appended be drained: what comes from now on goes to a new segment.

        Does nothing where another process appends, which hands over itself, or where the disk refuses: the next time
        may be better.
        """
        with self._disk, suppress(BusyError, OSError):
            self._end()
            if all(path.suffix != ".open" for path in self._paths):
                return
            if self._held is None:
                try:
                    self._hold()
                finally:
                    self._let_go()
            else:
                self._end_others()

    def waiting(self) -> Taken:
        """The oldest that is not drained yet, a portion at once; of another process, what that handed over."""
        self.hand_over()
        found: list[bytes | None] = []
        through = read = 0
        for path in self._paths:
            if path.suffix == ".open":
                break
            content = path.read_bytes()
            found.extend(_records(content))
            through, read = _number(path), read + len(content)
            if read >= PORTION_BYTES:
                break
        records = tuple(record for record in found if record is not None)
        return Taken(records=records, through=through, damaged=found.count(None))

    def drained(self, through: int) -> None:
        """Remove the segments up to one: what they held is merged."""
        for path in self._paths:
            if _number(path) <= through:
                path.unlink()
        if self.folder.is_dir():
            fsync(self.folder)

    @property
    def _paths(self) -> list[Path]:
        """The segments in the order they were begun."""
        names = os.listdir(self.folder) if self.folder.is_dir() else []
        return [self.folder / name for name in sorted(names) if NAME.fullmatch(name)]

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:010d}.open"


def _number(path: Path) -> int:
    return int(path.stem)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # drained, or ended, since it was listed
        return 0


def _framed(record: bytes) -> bytes:
    return HEAD.pack(len(record), zlib.crc32(record)) + record


def _records(content: bytes) -> Iterator[bytes | None]:
    """The whole records of a segment; null for one with a wrong checksum."""
    at = 0
    while at + HEAD.size <= len(content):
        size, checksum = HEAD.unpack_from(content, at)
        record = content[at + HEAD.size : at + HEAD.size + size]
        if len(record) < size:
            return
        yield record if zlib.crc32(record) == checksum else None
        at += HEAD.size + size
