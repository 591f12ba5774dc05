"""How fresh each source is: when it was read, what waits, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from deskpulse.connectors.api.connector import has_api
from deskpulse.errors import BusyError
from deskpulse.settings import FILE_NAME, load_settings
from deskpulse.settings.sources import Source
from deskpulse.store.pages import Pages
from deskpulse.units import format_duration

GRACE = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """One source. ``read_at`` is when it was last read to its end (naive UTC), ``every`` how often it is to be in
    seconds, ``waiting`` the pages not yet merged, ``error`` what went wrong at the last attempt.

    Who ``is_told`` is read from nowhere: it sends what it has.
    """

    source: str
    connector: str
    read_at: datetime | None
    tried_at: datetime | None
    waiting: int
    error: str | None
    every: int | None = None
    is_reading: bool = False
    is_told: bool = False

    def words(self, now: datetime | None) -> str:
        """All of it in a sentence; without ``now`` it does not say how long ago."""
        reading = ", being read" if self.is_reading else ""
        waits = f", {self.waiting} pages wait to be merged" if self.waiting else ""
        failed = f", failed {self.tried_at:%Y-%m-%d %H:%M} UTC: {self.error}" if self.error and self.tried_at else ""
        return f"{self.source} ({self.connector}) {self._read(now)}{reading}{waits}{failed}"

    def _read(self, now: datetime | None) -> str:
        if self.is_told:
            return f"sends to /hooks/{self.source}"
        if self.read_at is None:
            return "never read to its end"
        ago = f", {format_duration((now - self.read_at).total_seconds())} ago" if now else ""
        return f"read {self.read_at:%Y-%m-%d %H:%M} UTC{ago}"

    def is_late(self, now: datetime | None) -> bool:
        """It is to be read by itself, and was not for three times as long as it should be."""
        if now is None or self.every is None or self.read_at is None or self.is_reading:
            return False
        return now - self.read_at > 3 * timedelta(seconds=self.every) + GRACE


def source_states(root: Path) -> tuple[SourceState, ...]:
    """The sources of the settings, in their order."""
    return tuple(_state(root, source) for source in load_settings(root / FILE_NAME).sources)


def _state(root: Path, source: Source) -> SourceState:
    pages = Pages(root, source.name)
    noted = pages.status
    return SourceState(
        source=source.name,
        connector=source.connector,
        read_at=_instant(noted.get("synced_at")),
        tried_at=_instant(noted.get("failed_at")),
        waiting=max(0, pages.newest - noted.get("merged", 0)),
        error=noted.get("error"),
        every=source.every,
        is_told=not has_api(source.connector),
        is_reading=_is_reading(pages),
    )


def _is_reading(pages: Pages) -> bool:
    try:
        with pages.locked("deskpulse doctor"):
            return False
    except BusyError:
        return True


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
