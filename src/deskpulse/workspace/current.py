"""The newest snapshot for a server: swapped when one is published, while those who read the one before finish."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from deskpulse.workspace import Workspace, open

KEPT_OPEN = 2


class Current:
    """The workspace as of its newest snapshot. ``look`` is called now and then; ``listeners`` hear of a new version."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.listeners: list[Callable[[int], None]] = []
        self._lock = threading.Lock()
        self._opened = [open(root)]

    @property
    def place(self) -> Workspace:
        """The workspace to answer a request with; one request uses one."""
        return self._opened[-1]

    @property
    def version(self) -> int:
        """The number of the snapshot; raises WorkspaceError when nothing was published yet."""
        return self.place.snapshot.version

    def look(self) -> bool:
        """Opens a newer snapshot where there is one; gives whether there was."""
        with self._lock:
            newest = open(self.root)
            if newest.snapshot.version == self.place.snapshot.version:
                newest.refresh()
                return False
            self._opened.append(newest)
            while len(self._opened) > KEPT_OPEN:
                self._opened.pop(0).refresh()
        for listener in self.listeners:
            listener(newest.snapshot.version)
        return True
