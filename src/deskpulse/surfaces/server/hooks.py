"""Has deliveries made into facts while the server runs, in a process of its own: who sends waits for no such work."""

from __future__ import annotations

import asyncio

from deskpulse.surfaces.server.beside import begin, end
from deskpulse.workspace.hooking import Hooks

DRAINER = "deskpulse.surfaces.server.drainer"
HAND_OVER_SECONDS = 0.1
REST_SECONDS = 5
"""Before a drainer that ended, which none should, is begun again."""


async def drain_hooks(hooks: Hooks) -> None:
    """Hands over what was sent, and begins a drainer once there is something for it, until it is cancelled."""
    drainer = None
    try:
        if await asyncio.to_thread(hooks.is_told_of_changes):
            drainer = begin(DRAINER, hooks.root)
        while True:
            await asyncio.sleep(HAND_OVER_SECONDS)
            await asyncio.to_thread(hooks.spool.hand_over)
            if drainer is not None and drainer.poll() is not None:
                await asyncio.sleep(REST_SECONDS)
                drainer = None
            if drainer is None and hooks.spool.has_waiting:
                drainer = begin(DRAINER, hooks.root)
    finally:
        if drainer is not None:
            end(drainer)
        hooks.spool.close()
