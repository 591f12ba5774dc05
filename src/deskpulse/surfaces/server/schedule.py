"""Sends the scheduled reports while the server runs."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

from deskpulse.errors import DeskpulseError
from deskpulse.workspace.delivery import run_due

SECONDS = 30
log = logging.getLogger(__name__)


async def deliver(root: Path, every: float = SECONDS) -> None:
    """Looks twice a minute for what is due; what goes wrong is in the ledger, and the server runs on."""
    while True:
        await asyncio.sleep(every)
        await asyncio.to_thread(_deliver, root)


def _deliver(root: Path) -> None:
    try:
        outcomes = run_due(root, datetime.now(UTC).replace(tzinfo=None, microsecond=0))
    except DeskpulseError as error:
        log.warning("No report could be sent: %s", error)
        return
    except Exception:  # the next look may be better, and whoever looks at the log sees why
        log.exception("No report could be sent")
        return
    for outcome in outcomes:
        if outcome.error:
            log.warning("%s did not reach %s: %s", outcome.report, outcome.recipient, outcome.error)
