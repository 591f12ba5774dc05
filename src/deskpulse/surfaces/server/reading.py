"""The sources of the settings, read beside the pages as often as each one's ``every`` says."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import UTC, datetime
from pathlib import Path

from deskpulse.errors import DeskpulseError
from deskpulse.workspace import open as open_workspace
from deskpulse.workspace.synced import Moment

LOOK_SECONDS = 15
log = logging.getLogger("deskpulse.sources")


class _StoppedError(Exception):
    """The server ends: what was read is kept, and the next start goes on there."""


async def read_sources(root: Path) -> None:
    """Reads what is due, one source after the other, until it is cancelled; `deskpulse doctor` tells of failures.

    In a thread that does not hold up the end of the server: a sync may be stopped at any moment.
    """
    stop = threading.Event()
    try:
        while True:
            reader = threading.Thread(target=read_due, args=(root, _now(), stop), daemon=True)
            reader.start()
            while reader.is_alive():
                await asyncio.sleep(1)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        stop.set()


def read_due(root: Path, now: datetime, stop: threading.Event | None = None) -> None:
    """The sources whose time has come; one that fails does not hold up the others."""
    from deskpulse.workspace.syncing import due, sync_source

    def watch(moment: Moment) -> None:
        if stop is not None and stop.is_set():
            raise _StoppedError

    try:
        for name in due(open_workspace(root), now):
            try:
                sync_source(open_workspace(root), name, now=_now(), watch=watch)
            except DeskpulseError as error:
                log.warning("%s", error)
    except DeskpulseError as error:  # settings that are being edited
        log.warning("%s", error)
    except _StoppedError:
        return
    except Exception:
        log.exception("A source could not be read.")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
