"""``python -m deskpulse.surfaces.server.reader WORKSPACE``: reads each source as often as its ``every`` says.

It ends with the server, at once: what was read is kept, and the next start goes on there.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from deskpulse.errors import BusyError, DeskpulseError
from deskpulse.surfaces.server.beside import end_with_the_server
from deskpulse.workspace import open as open_workspace
from deskpulse.workspace.watching import Watching

LOOK_SECONDS = 1
log = logging.getLogger("deskpulse.sources")


def main(root: Path) -> None:
    """Looks every second for what is due."""
    end_with_the_server()
    watching = watch(root)
    while True:
        watching.begin(due(root, _now()))
        time.sleep(LOOK_SECONDS)


def watch(root: Path) -> Watching:
    """How the sources of a workspace are read."""
    return Watching(read=lambda name: _read(root, name), failed=_failed, wait=time.sleep)


def due(root: Path, now: datetime) -> Iterator[str]:
    """The sources whose time has come."""
    from deskpulse.workspace import syncing

    try:
        yield from syncing.due(open_workspace(root), now)
    except DeskpulseError as error:  # settings that are being edited
        log.warning("%s", error)


def _read(root: Path, name: str) -> None:
    from deskpulse.workspace.syncing import sync_source

    sync_source(open_workspace(root), name, now=_now())


def _failed(name: str, error: Exception) -> None:
    """Whoever looks at the log sees why; `deskpulse doctor` tells it too. That another writes is no fault."""
    if not isinstance(error, DeskpulseError):
        log.error("'%s' could not be read.", name, exc_info=error)
    elif not isinstance(error, BusyError):
        log.warning("%s", error)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
