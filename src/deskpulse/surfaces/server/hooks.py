"""Deliveries become facts while the server runs."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import UTC, datetime

from deskpulse.errors import BusyError, DeskpulseError
from deskpulse.workspace.hooking import Hooks
from deskpulse.workspace.synced import Moment

LOOK_SECONDS = 0.25
log = logging.getLogger("deskpulse.hooks")


class _StoppedError(Exception):
    """The server ends: the next start goes on."""


async def drain_hooks(hooks: Hooks) -> None:
    """Merges what was sent, until it is cancelled; in a thread that does not hold up the end of the server."""
    stop = threading.Event()
    threading.Thread(target=_run, args=(hooks, stop), daemon=True).start()
    try:
        await asyncio.Event().wait()
    finally:
        stop.set()
        hooks.spool.close()


def _run(hooks: Hooks, stop: threading.Event) -> None:
    def watch(moment: Moment) -> None:
        if stop.is_set():
            raise _StoppedError

    is_first = True
    while not stop.wait(LOOK_SECONDS):
        try:
            if is_first:
                hooks.tell_of_all(_now())
                is_first = False
            hooks.drain()
            hooks.read_told(_now(), watch)
        except BusyError:  # another process writes: they wait
            continue
        except _StoppedError:
            return
        except DeskpulseError as error:
            log.warning("What was sent waits: %s", error)
            stop.wait(5)
        except Exception:  # the next look may be better, and whoever looks at the log sees why
            log.exception("What was sent waits.")
            stop.wait(30)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
