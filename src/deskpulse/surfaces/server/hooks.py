"""Has deliveries made into facts while the server runs, in a process of its own: who sends waits for no such work."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from deskpulse.workspace.hooking import Hooks

DRAINER = "deskpulse.surfaces.server.drainer"
HAND_OVER_SECONDS = 0.1
REST_SECONDS = 5
"""Before a drainer that ended, which none should, is begun again."""


async def drain_hooks(hooks: Hooks) -> None:
    """Hands over what was sent, and begins a drainer once there is something for it, until it is cancelled."""
    await asyncio.to_thread(hooks.spool.hand_over)
    drainer = _begin(hooks.root) if await asyncio.to_thread(hooks.is_told_of_changes) else None
    try:
        while True:
            await asyncio.sleep(HAND_OVER_SECONDS)
            await asyncio.to_thread(hooks.spool.hand_over)
            if drainer is not None and drainer.poll() is not None:
                await asyncio.sleep(REST_SECONDS)
                drainer = None
            if drainer is None and hooks.spool.has_waiting:
                drainer = _begin(hooks.root)
    finally:
        if drainer is not None:
            _end(drainer)
        hooks.spool.close()


def _begin(root: Path) -> subprocess.Popen[bytes]:
    # Its standard input ends when we do, however that comes. Ctrl-C is for us alone.
    return subprocess.Popen([sys.executable, "-m", DRAINER, str(root)], stdin=subprocess.PIPE, start_new_session=True)


def _end(drainer: subprocess.Popen[bytes]) -> None:
    if drainer.stdin is not None:
        drainer.stdin.close()
    drainer.wait()
