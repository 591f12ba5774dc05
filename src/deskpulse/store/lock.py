"""One writer at a time: a lock file that says who holds it."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from deskpulse.errors import BusyError


class WriterLock:
    """Held by the process that writes to a workspace; the system drops it when that process ends, however it ends."""

    def __init__(self, path: Path, *, holder: str) -> None:
        self._path = path
        self._holder = holder
        self._file: TextIO | None = None

    def __enter__(self) -> WriterLock:
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise BusyError(self._refusal()) from None
        self._file = file
        self._sign(file)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _sign(self, file: TextIO) -> None:
        # A full disk must not stop a writer that may be about to free space: the lock itself holds without the name.
        with suppress(OSError):
            file.truncate(0)
            json.dump({"pid": os.getpid(), "command": self._holder}, file)
            file.flush()

    def _refusal(self) -> str:
        workspace = self._path.parent.parent
        return f"{workspace} is being written by {self._who()}. Wait for it to end, or stop it, and try again."

    def _who(self) -> str:
        try:
            signed = json.loads(self._path.read_text(encoding="utf-8"))
            since = datetime.fromtimestamp(self._path.stat().st_mtime, tz=UTC)
            return f"'{signed['command']}' (process {signed['pid']}, since {since:%Y-%m-%d %H:%M:%S} UTC)"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"
