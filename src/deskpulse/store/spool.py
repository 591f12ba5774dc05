"""What was sent to us, on the disk before anybody is thanked: segments that are only appended to, read in their order.

A record is its length, its checksum and its bytes. Records that wait at the same moment go to the disk together, with
one flush. A record cut off at the end of a segment was never acknowledged and is passed over.
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

from deskpulse.errors import WorkspaceError
from deskpulse.store.faults import explained
from deskpulse.store.layout import find_workspace, fsync
from deskpulse.store.lock import WriterLock

FOLDER = "hooks"
NAME = re.compile(r"(\d{10})\.spool")
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
    """The spool of a workspace: one process appends, in any number of threads, and one drains."""

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
        if self._held is None:
            self._held = WriterLock(self.folder / "lock", holder="deskpulse serve").__enter__()
        if sum((self.folder / f"{number:010d}.spool").stat().st_size for number in self._numbers) > self.most_waiting:
            raise WorkspaceError(
                f"What was sent to {self.root} waits to be merged, and there is no room for more. Look at the log of "
                "deskpulse serve."
            )
        number = max(self._numbers, default=0) + 1
        file = open(self._path(number), "xb", buffering=0)  # noqa: SIM115 - open until the segment ends
        self._segment = _Segment(number=number, file=file)
        self._path(number).chmod(0o600)
        fsync(self.folder)
        return self._segment

    def _end(self) -> None:
        if self._segment is not None:
            self._segment.file.close()
            self._segment = None

    def close(self) -> None:
        """Let another process append."""
        with self._disk:
            self._end()
            if self._held is not None:
                self._held.__exit__(None, None, None)
                self._held = None

    @property
    def is_empty(self) -> bool:
        """Nothing is left to drain."""
        return not self._numbers

    def waiting(self) -> Taken:
        """The oldest that is not drained yet, a portion at once. What comes from now on goes to a new segment."""
        if self.is_empty:
            return Taken()
        with self._disk:
            self._end()
            numbers = self._numbers
        found: list[bytes | None] = []
        through = read = 0
        for number in numbers:
            content = self._path(number).read_bytes()
            found.extend(_records(content))
            through, read = number, read + len(content)
            if read >= PORTION_BYTES:
                break
        records = tuple(record for record in found if record is not None)
        return Taken(records=records, through=through, damaged=found.count(None))

    def drained(self, through: int) -> None:
        """Remove the segments up to one: what they held is merged."""
        for number in self._numbers:
            if number <= through:
                self._path(number).unlink()
        if self.folder.is_dir():
            fsync(self.folder)

    @property
    def _numbers(self) -> list[int]:
        names = os.listdir(self.folder) if self.folder.is_dir() else []
        return sorted(int(match[1]) for name in names if (match := NAME.fullmatch(name)))

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:010d}.spool"


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
