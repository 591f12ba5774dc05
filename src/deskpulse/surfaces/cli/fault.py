"""Where the details of a fault of ours go: a log in the workspace, else in the system's folder for such files."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from deskpulse.surfaces.cli.session import current_folder, now

LOG = "fault.log"


def record_fault(fault: Exception, arguments: Sequence[str]) -> Path:
    """Appends the traceback of ``fault`` to the log and says where that is."""
    entry = f"{now().isoformat()}Z deskpulse {' '.join(arguments)}\n{''.join(traceback.format_exception(fault))}\n"
    for folder in _folders():
        try:
            with (folder / LOG).open("a", encoding="utf-8") as log:
                log.write(entry)
        except OSError:
            continue
        return folder / LOG
    return Path(LOG)


def _folders() -> tuple[Path, ...]:
    current = current_folder.get()
    own = (current / ".deskpulse",) if current else ()
    return (*own, Path(tempfile.gettempdir()))
