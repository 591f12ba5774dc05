"""The sources of the settings, read beside the pages as often as each one's ``every`` says."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

from deskpulse.errors import DeskpulseError
from deskpulse.workspace import open as open_workspace

LOOK_SECONDS = 15
log = logging.getLogger("deskpulse.sources")


async def read_sources(root: Path) -> None:
    """Reads what is due, one source after the other, until it is cancelled; `deskpulse doctor` tells of failures."""
    while True:
        await asyncio.to_thread(read_due, root, _now())
        await asyncio.sleep(LOOK_SECONDS)


def read_due(root: Path, now: datetime) -> None:
    """The sources whose time has come; one that fails does not hold up the others."""
    from deskpulse.workspace.syncing import due, sync_source

    try:
        for name in due(open_workspace(root), now):
            try:
                sync_source(open_workspace(root), name, now=_now())
            except DeskpulseError as error:
                log.warning("%s", error)
    except DeskpulseError as error:  # settings that are being edited
        log.warning("%s", error)
    except Exception:
        log.exception("A source could not be read.")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
