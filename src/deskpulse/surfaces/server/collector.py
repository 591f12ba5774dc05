"""Publishes answers to surveys while the server runs, in a process of its own: building facts takes memory."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path

from deskpulse.workspace.surveys import Surveys

COLLECT_SECONDS = 15
"""How long answers wait at most before they are published, where nothing else writes."""


async def collect(surveys: Surveys) -> None:
    """Looks for answers now and then; while another process writes, they wait for the next time."""
    while True:
        await asyncio.sleep(COLLECT_SECONDS)
        waiting = await asyncio.to_thread(surveys.store.waiting)
        if waiting.last is not None:
            await _publish(surveys.root)


async def _publish(root: Path) -> None:
    command = ("-m", "deskpulse.surfaces.cli.main", "survey", "collect", "-w", str(root))
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=DEVNULL, stderr=DEVNULL)
    await process.wait()
