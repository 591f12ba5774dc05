"""The newest snapshot for a server: swapped when one is published, while those who read the one before finish."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from deskpulse.errors import DeskpulseError
from deskpulse.settings import Settings
from deskpulse.store.layout import Layout
from deskpulse.workspace import Workspace, open

KEPT_OPEN = 2
MOST_KEPT, KEPT_WARM = 64, 1
"""How many pages' work is kept, and how many of the last are worked out for a new snapshot before it is told of."""

T = TypeVar("T")
Build = Callable[[Workspace], Any]
LOOKS_KEPT = 150
"""After so many looks without news the version before is let go: who was erased must not stay on the disk for it."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was worked out, how, from which snapshot, by which settings, and whether anybody asked for that."""

    build: Build
    version: int
    settings: Settings
    result: Any
    is_wanted: bool = True


class Current:
    """The workspace as of its newest snapshot. ``look`` is called now and then; ``listeners`` hear of a new version."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.listeners: list[Callable[[int], None]] = []
        self._lock = threading.Lock()
        self._looks = 0
        self._seen = self._stamp()
        self._opened = [open(root)]
        self._kept: dict[Hashable, Kept] = {}
        self._keeping = threading.Lock()
        # One page at a time: threads do not make the sums sooner, and who asks for the same page waits for it.
        self._building = threading.Lock()

    @property
    def place(self) -> Workspace:
        """The workspace to answer a request with; one request uses one."""
        return self._opened[-1]

    @property
    def cache(self) -> Path:
        """Where files are kept that can be made again."""
        return Layout(root=self.root).private / "cache"

    @property
    def version(self) -> int:
        """The number of the snapshot; raises WorkspaceError when nothing was published yet."""
        return self.place.snapshot.version

    def kept(self, key: Hashable, build: Callable[[Workspace], T]) -> T:
        """What ``build`` gives for the newest snapshot: worked out once, and for the next before that is shown.

        The key holds everything else the result depends on, such as who may see it.
        """
        known = self._found(key)
        if known is None:
            with self._building:
                known = self._found(key) or self._built(self.place, build)
                self._kept[key] = known
        with self._keeping:
            self._kept.pop(key, None)
            self._kept[key] = known if known.is_wanted else replace(known, is_wanted=True)
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        result: T = known.result
        return result

    def _found(self, key: Hashable) -> Kept | None:
        place, known = self.place, self._kept.get(key)
        is_of_now = known and (known.version, known.settings) == (place.snapshot.version, place.settings)
        return known if is_of_now else None

    def _built(self, place: Workspace, build: Build) -> Kept:
        return Kept(build=build, version=place.snapshot.version, settings=place.settings, result=build(place))

    def look(self) -> bool:
        """Opens a newer snapshot where there is one; gives whether there was."""
        with self._lock:
            seen = self._stamp()
            if seen == self._seen:
                return self._nothing_new()
            newest = open(self.root)
            if newest.snapshot.version == self.place.snapshot.version:
                newest.refresh()
                self._seen = seen
                return self._nothing_new()
            newest.take_over(self.place)
            self._warm(newest)
            self._seen = seen
            self._opened.append(newest)
            self._looks = 0
            self._let_go(keep=KEPT_OPEN)
        for listener in self.listeners:
            listener(newest.snapshot.version)
        return True

    def _stamp(self) -> tuple[int, int] | None:
        """Differs once another snapshot is the newest; null while there is none."""
        try:
            found = Layout(root=self.root).current.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _nothing_new(self) -> bool:
        self._looks += 1
        self._let_go(keep=KEPT_OPEN if self._looks < LOOKS_KEPT else 1)
        return False

    def reload_settings(self) -> None:
        """Reads the settings again: targets and scorecards hold from the next request on."""
        self.place.__dict__.pop("settings", None)

    def _warm(self, newest: Workspace) -> None:
        """Works the last pages out anew; the others are forgotten, as they are of data that are no more.

        A page nobody asked for since it was last worked out is let go: deliveries publish many times a minute.
        """
        with self._keeping:
            kept, self._kept = self._kept, {}
        for key, known in list(kept.items())[-KEPT_WARM:]:
            if known.is_wanted:
                with suppress(DeskpulseError):  # such as a value that is gone: who asks for it is told
                    self._kept[key] = replace(self._built(newest, known.build), is_wanted=False)

    def _let_go(self, *, keep: int) -> None:
        while len(self._opened) > keep:
            self._opened.pop(0).refresh()
