"""The manifest of a snapshot: which files belong to it, and a checksum that tells a whole one from a broken one."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from deskpulse.errors import WorkspaceError

SNAPSHOT_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class PublishedFile:
    """One Parquet file; ``month`` is null when it holds all of its table. ``path`` is relative to the snapshots."""

    path: str
    month: str | None
    rows: int
    bytes: int
    crc32: int


@dataclass(frozen=True, kw_only=True)
class PublishedTable:
    """A table's columns (name, type) and files."""

    columns: tuple[tuple[str, str], ...]
    files: tuple[PublishedFile, ...]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a snapshot consists of; ``as_of`` is the instant (UTC) it is the state of."""

    version: int
    as_of: datetime
    tables: Mapping[str, PublishedTable]

    def paths(self) -> frozenset[str]:
        """Every file it refers to."""
        return frozenset(file.path for table in self.tables.values() for file in table.files)

    def to_json(self) -> str:
        """As text, with its checksum."""
        content = {
            "format": SNAPSHOT_FORMAT,
            "version": self.version,
            "as_of": self.as_of.isoformat(),
            "tables": {name: asdict(table) for name, table in self.tables.items()},
        }
        return json.dumps({**content, "checksum": _checksum(content)}, indent=1)


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises WorkspaceError when it is broken or newer, FileNotFoundError when there is none.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        checksum = content.pop("checksum")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WorkspaceError(broken(path)) from None
    if checksum != _checksum(content):
        raise WorkspaceError(broken(path))
    if content["format"] > SNAPSHOT_FORMAT:
        raise WorkspaceError(
            f"{path} was published by a newer deskpulse. Upgrade this one with: pip install --upgrade deskpulse"
        )
    return Manifest(
        version=content["version"],
        as_of=datetime.fromisoformat(content["as_of"]),
        tables={name: _table(table) for name, table in content["tables"].items()},
    )


def broken(path: Path) -> str:
    """What to say of a file of a snapshot that is not what was published."""
    return f"{path} is missing or not what was published. Publish it again with: deskpulse rebuild"


def file_crc32(path: Path) -> int:
    """The CRC-32 of a file."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return value


def _table(content: dict[str, list[dict[str, str]]]) -> PublishedTable:
    return PublishedTable(
        columns=tuple((name, kind) for name, kind in content["columns"]),
        files=tuple(PublishedFile(**file) for file in content["files"]),  # type: ignore[arg-type]
    )


def _checksum(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
