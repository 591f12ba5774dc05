"""Has the sources of the settings read while the server runs, in a process of its own: pages wait for no such work."""

from __future__ import annotations

import asyncio
import logging
import subprocess
from pathlib import Path

from deskpulse.errors import DeskpulseError
from deskpulse.settings import FILE_NAME, load_settings
from deskpulse.surfaces.server.beside import begin, end

READER = "deskpulse.surfaces.server.reader"
LOOK_SECONDS = 3
log = logging.getLogger("deskpulse.sources")


async def read_sources(root: Path) -> None:
    """Begins the reader once a source is to be read by itself, and again if it ends, until it is cancelled."""
    reader: subprocess.Popen[bytes] | None = None
    try:
        while True:
            if reader is not None and reader.poll() is not None:
                log.error("What reads the sources ended, which it never should. It is begun again.")
                reader = None
            if reader is None and await asyncio.to_thread(_is_wanted, root):
                reader = begin(READER, root)
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        if reader is not None:
            end(reader)


def _is_wanted(root: Path) -> bool:
    try:
        return any(source.every is not None for source in load_settings(root / FILE_NAME).sources)
    except DeskpulseError:  # settings that are being edited
        return False
