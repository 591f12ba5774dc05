"""``python -m deskpulse.surfaces.server.drainer WORKSPACE``: deliveries become facts, until the server ends.

It ends at once, as if it were killed: what it was at is done by the next one.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from deskpulse.errors import BusyError, DeskpulseError
from deskpulse.surfaces.server.beside import end_with_the_server
from deskpulse.workspace.hooking import Hooks

LOOK_SECONDS = 0.05
READ_SECONDS = 0.5
log = logging.getLogger("deskpulse.hooks")


def main(root: Path) -> None:
    """Drains in this thread, and reads sources that told of something in another: that may take long."""
    hooks = Hooks(root)
    end_with_the_server()
    threading.Thread(target=_read, args=(hooks,), daemon=True).start()
    while True:
        time.sleep(LOOK_SECONDS)
        _try(hooks.drain)


def _read(hooks: Hooks) -> None:
    _try(lambda: hooks.tell_of_all(_now()))
    while True:
        time.sleep(READ_SECONDS)
        _try(lambda: hooks.read_told(_now()))


def _try(work: Callable[[], object]) -> None:
    try:
        work()
    except BusyError:  # another process writes: they wait
        return
    except DeskpulseError as error:
        log.warning("What was sent waits: %s", error)
        time.sleep(5)
    except Exception:  # the next look may be better, and whoever looks at the log sees why
        log.exception("What was sent waits.")
        time.sleep(30)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
