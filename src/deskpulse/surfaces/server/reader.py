"""``python -m deskpulse.surfaces.server.reader WORKSPACE``: reads each source as often as its ``every`` says.

It ends with the server, at once: what was read is kept, and the next start goes on there.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from deskpulse.errors import BusyError, DeskpulseError
from deskpulse.surfaces.server.beside import end_with_the_server
from deskpulse.workspace import open as open_workspace

LOOK_SECONDS = 1
BUSY_SECONDS = 5
log = logging.getLogger("deskpulse.sources")


def main(root: Path) -> None:
    """Looks every second for what is due."""
    end_with_the_server()
    running: dict[str, threading.Thread] = {}
    while True:
        begin_due(root, _now(), running)
        time.sleep(LOOK_SECONDS)


def begin_due(root: Path, now: datetime, running: dict[str, threading.Thread]) -> None:
    """Begins to read the sources whose time has come, each in a thread: one that fails or waits holds up no other."""
    for name in _due(root, now):
        if name not in running or not running[name].is_alive():
            running[name] = threading.Thread(target=_read, args=(root, name), daemon=True)
            running[name].start()


def _due(root: Path, now: datetime) -> Iterator[str]:
    from deskpulse.workspace.syncing import due

    try:
        yield from due(open_workspace(root), now)
    except DeskpulseError as error:  # settings that are being edited
        log.warning("%s", error)


def _read(root: Path, name: str) -> None:
    while not _is_read(root, name):
        time.sleep(BUSY_SECONDS)


def _is_read(root: Path, name: str) -> bool:
    """Whether there is nothing more to do until its time comes again: not where another writes to the workspace."""
    from deskpulse.workspace.syncing import sync_source

    try:
        sync_source(open_workspace(root), name, now=_now())
    except BusyError:  # what was read is kept
        return False
    except DeskpulseError as error:  # `deskpulse doctor` tells it too
        log.warning("%s", error)
    except Exception:  # the next time may be better, and whoever looks at the log sees why
        log.exception("'%s' could not be read.", name)
    return True


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
