"""The newest snapshot for a server: swapped when one is published, while those who read the one before finish."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from deskpulse.workspace import Workspace, open

KEPT_OPEN = 2
LOOKS_KEPT = 60
"""After so many looks without news the version before is let go: who was erased must not stay on the disk for it."""


class Current:
    """The workspace as of its newest snapshot. ``look`` is called now and then; ``listeners`` hear of a new version."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.listeners: list[Callable[[int], None]] = []
        self._lock = threading.Lock()
        self._looks = 0
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
                self._looks += 1
                self._let_go(keep=KEPT_OPEN if self._looks < LOOKS_KEPT else 1)
                return False
            self._opened.append(newest)
            self._looks = 0
            self._let_go(keep=KEPT_OPEN)
        for listener in self.listeners:
            listener(newest.snapshot.version)
        return True

    def reload_settings(self) -> None:
        """Reads the settings again: targets and scorecards hold from the next request on."""
        self.place.__dict__.pop("settings", None)

    def _let_go(self, *, keep: int) -> None:
        while len(self._opened) > keep:
            self._opened.pop(0).refresh()
