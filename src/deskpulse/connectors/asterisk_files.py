"""The files of a log that is rotated: which one was being read, what is left of it, and what came after it."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path
from typing import Any

from deskpulse.errors import SourceError

HEAD = 1024
PORTION = 8_000_000
LONGEST_LINE = 1_000_000
_EPOCH = re.compile(rb"\s*(\d{9,11})")
_GZIP = b"\x1f\x8b"


@dataclass(kw_only=True)
class LogFile:
    """A file of the log from ``offset`` on; only the live one may end with half a line."""

    path: Path
    head: bytes = field(repr=False)
    size: int
    is_live: bool
    stack: ExitStack = field(repr=False)
    offset: int = 0

    @property
    def begins(self) -> float:
        """The second of its first line; of a file that does not say, when it was written last."""
        found = _EPOCH.match(self.head)
        return float(found[1]) if found else self.path.stat().st_mtime

    @property
    def written(self) -> dict[str, Any]:
        """How it is known again, and how far it was read."""
        size = min(HEAD, self.offset)
        return {"size": size, "sum": _sum(self.head[:size]), "offset": self.offset}

    def is_same(self, written: Mapping[str, Any]) -> bool:
        """Whether this is the file that was written down, with all that was read of it."""
        size = int(written["size"])
        is_whole = self.size >= written["offset"] or self.path.suffix == ".gz"
        return len(self.head) >= size and is_whole and _sum(self.head[:size]) == written["sum"]

    def portions(self) -> Iterator[bytes]:
        """Whole lines, as many as go into a portion; raises SourceError where the file is damaged."""
        file = self.stack.enter_context(_opened(self.path))
        try:
            file.seek(self.offset)
            rest = b""
            while data := file.read(PORTION):
                lines, rest = self._cut(rest + data)
                if lines:
                    yield self._read(lines)
            if rest and not self.is_live:
                yield self._read(rest)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(
                f"{self.path} cannot be read to its end ({error}). It is tried again next time."
            ) from None

    def _cut(self, data: bytes) -> tuple[bytes, bytes]:
        end = data.rfind(b"\n") + 1
        if end == 0 and len(data) >= LONGEST_LINE:  # whatever that is, it is put aside
            end = len(data)
        return data[:end], data[end:]

    def _read(self, lines: bytes) -> bytes:
        self.offset += len(lines)
        if len(self.head) < min(HEAD, self.offset):
            self.head = _head(self.path)
        return lines


class LogFiles:
    """The log at ``path`` and what it was rotated to, beside it."""

    def __init__(self, path: str, source: str) -> None:
        self.path = Path(path)
        self.source = source
        self.stack = ExitStack()

    def close(self) -> None:
        """Closes what was opened."""
        self.stack.close()

    def fault(self, words: str) -> SourceError:
        """An error about the log."""
        return SourceError(f"{self.source}: {self.path} {words}, then type: deskpulse connect {self.source}")

    def live_head(self) -> bytes:
        """What the log begins with; raises SourceError with the remedy where it cannot be read."""
        try:
            return _head(self.path)
        except FileNotFoundError:
            raise self.fault("is not there: give the path where Asterisk writes it") from None
        except PermissionError:
            raise self.fault("may not be read: add this user to the group of the file, such as asterisk") from None
        except OSError as error:
            raise self.fault(f"cannot be read ({error.strerror or error}): give the path of the file") from None

    def after(self, written: Mapping[str, Any] | None, at: int) -> tuple[list[LogFile], bool]:
        """What is to be read, in order: the rest of the file that was written down, and all after it.

        Where that file is gone, those that begin after ``at`` (seconds since 1970), and the live one; true says so.
        Raises SourceError where the log may not be read.
        """
        *rotated, live = self._files()
        if written is None:
            return [*rotated, live], False
        found = next((file for file in (live, *reversed(rotated)) if file.is_same(written)), None)
        if found is None:
            return [*(file for file in rotated if file.begins > at), live], True
        found.offset = int(written["offset"])
        return [found, *(file for file in (*rotated, live) if _follows(file, found))], False

    def _files(self) -> list[LogFile]:
        rotated = [path for path in self._beside() if path != self.path]
        if not rotated or self.path.exists():
            self.live_head()
        files = sorted((self._file(path) for path in rotated), key=lambda file: file.begins)
        return [*files, self._file(self.path, is_live=True)]

    def _beside(self) -> list[Path]:
        name = re.compile(re.escape(self.path.name) + r"[.-][\w.-]+")
        try:
            found = {path for path in self.path.parent.iterdir() if name.fullmatch(path.name) and path.is_file()}
            return [path for path in found if path.suffix != ".gz" or path.with_suffix("") not in found]
        except OSError as error:
            raise self.fault(f"is in a folder that cannot be read ({error.strerror}): allow it") from None

    def _file(self, path: Path, *, is_live: bool = False) -> LogFile:
        try:
            head, size = _head(path), path.stat().st_size
        except FileNotFoundError:  # it is being rotated
            head, size = b"", 0
        except (OSError, EOFError) as error:
            raise self.fault(f"was rotated to {path.name}, which cannot be read ({error}): allow it") from None
        return LogFile(path=path, head=head, size=size, is_live=is_live, stack=self.stack)


def _follows(file: LogFile, found: LogFile) -> bool:
    if file is found or found.is_live:
        return False
    return file.is_live or file.begins > found.begins


def _opened(path: Path) -> GzipFile | BufferedReader:
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP
    return GzipFile(path) if is_packed else path.open("rb")


def _head(path: Path) -> bytes:
    with _opened(path) as file:
        return file.read(HEAD)


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
