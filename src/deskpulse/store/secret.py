"""Keys that sign and hash: made at first use, readable by the owner alone, never in the settings."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from deskpulse.errors import WorkspaceError
from deskpulse.store.layout import find_workspace, fsync

BYTES = 32


def secret_key(root: Path, name: str) -> bytes:
    """The workspace's key called ``name``; ``DESKPULSE_<NAME>_KEY`` of the environment (in hex) goes before the file.

    Raises WorkspaceError for a key that is none.
    """
    variable = f"DESKPULSE_{name.upper()}_KEY"
    if given := os.environ.get(variable):
        return _key(given, f"${variable}")
    path = find_workspace(root).private / f"{name}.key"
    if not path.exists():
        _make(path)
    return _key(path.read_text(encoding="ascii", errors="replace"), str(path))


def _make(path: Path) -> None:
    """Whole or not at all, and never over one that another process made in the same moment."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(BYTES))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    fsync(path.parent)


def _key(text: str, place: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) < BYTES:
        raise WorkspaceError(f"{place} holds no key of {2 * BYTES} hexadecimal digits. Put it back from a backup.")
    return key
