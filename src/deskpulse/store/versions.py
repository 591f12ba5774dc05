"""The snapshots a workspace keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deskpulse.errors import WorkspaceError
from deskpulse.store.layout import find_workspace
from deskpulse.store.manifest import Manifest, read_manifest


@dataclass(frozen=True, kw_only=True)
class KeptVersion:
    """A snapshot: its number, the instant (UTC) it is the state of, and how large it is."""

    version: int
    as_of: datetime
    tables: int
    rows: int
    bytes: int


def kept_versions(root: Path) -> tuple[KeptVersion, ...]:
    """The snapshots that can be read, the newest first."""
    manifests = (_manifest(path) for path in find_workspace(root).snapshots.glob("*/manifest.json"))
    found = [_kept(manifest) for manifest in manifests if manifest is not None]
    return tuple(sorted(found, key=lambda one: -one.version))


def _manifest(path: Path) -> Manifest | None:
    try:
        return read_manifest(path)
    except (FileNotFoundError, WorkspaceError):  # swept meanwhile, or broken: the doctor tells
        return None


def _kept(manifest: Manifest) -> KeptVersion:
    files = [file for table in manifest.tables.values() for file in table.files]
    return KeptVersion(
        version=manifest.version,
        as_of=manifest.as_of,
        tables=len(manifest.tables),
        rows=sum(file.rows for file in files),
        bytes=sum(file.bytes for file in files),
    )
