"""Companies with a hand-written history, asked end to end: merged, built, published and answered like any other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from history import History

from deskpulse import workspace
from deskpulse.connectors.connector import Batch
from deskpulse.workspace import Workspace, silent
from deskpulse.workspace.writing import load

AS_OF = datetime(2025, 6, 1)
PLAIN = '[workspace]\nzone = "UTC"\n'

Company = Callable[..., Workspace]


def receive(place: Workspace, history: History, as_of: datetime = AS_OF) -> Workspace:
    """Reads a history into a workspace."""
    batches = [Batch(table=name, rows=history.arrow(name)) for name, rows in history.rows.items() if rows]
    load(place, batches, source=history.source, as_of=as_of, progress=silent)
    return place


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Makes a workspace of a history: ``company(history, settings, as_of=...)``; settings are TOML."""

    def make(history: History, settings: str = PLAIN, *, as_of: datetime = AS_OF) -> Workspace:
        root: Path = tmp_path_factory.mktemp("company") / "workspace"
        return receive(workspace.create(root, settings=settings), history, as_of)

    return make
