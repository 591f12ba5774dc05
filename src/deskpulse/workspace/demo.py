"""The demo: a workspace of an invented company."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from deskpulse.demo.settings import SETTINGS
from deskpulse.errors import WorkspaceError
from deskpulse.settings import FILE_NAME
from deskpulse.workspace import Progress, Workspace, create, silent
from deskpulse.workspace.writing import STEPS, load

SOURCE = "demo"

__all__ = ["SOURCE", "STEPS", "create_demo"]


def create_demo(path: str | Path, *, now: datetime, seed: int = 1, progress: Progress = silent) -> Workspace:
    """Makes the demo's workspace as of ``now`` (naive UTC); an older demo in the same folder is made anew.

    Raises WorkspaceError when the folder is another workspace.
    """
    from deskpulse.demo.company import company

    root = Path(path)
    _clear(root)
    place = create(root, settings=SETTINGS)
    load(place, company(seed=seed, end=now), source=SOURCE, as_of=now, progress=progress)
    return place


def _clear(root: Path) -> None:
    file = root / FILE_NAME
    if not file.exists():
        return
    if file.read_text(encoding="utf-8") != SETTINGS:
        raise WorkspaceError(
            f"'{root}' is another workspace, or its settings were edited. Type: deskpulse demo OTHER_DIR"
        )
    for folder in (".deskpulse", "snapshots"):
        shutil.rmtree(root / folder, ignore_errors=True)
    file.unlink()
