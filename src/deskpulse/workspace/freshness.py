"""How fresh each source is: when it was read, what waits, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from deskpulse.connectors.api.connector import has_api
from deskpulse.errors import BusyError
from deskpulse.language import gettext
from deskpulse.present.words import time_words
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


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A source of the settings, written: when it was read, how long that is ago, how it goes, and what went wrong."""

    source: str
    connector: str
    read: str
    age: str
    state: str
    error: str


def connections(root: Path, *, now: datetime, zone: str) -> tuple[Connection, ...]:
    """The sources of the settings, in the reader's language and zone; errors are as they came."""
    return tuple(_written(state, now, zone) for state in source_states(root))


def _written(state: SourceState, now: datetime, zone: str) -> Connection:
    return Connection(
        source=state.source,
        connector=state.connector,
        read=time_words(state.read_at, zone) if state.read_at else "",
        age=format_duration(max((now - state.read_at).total_seconds(), 0)) if state.read_at else "",
        state=_state_words(state, now),
        error=state.error or "",
    )


def _state_words(state: SourceState, now: datetime) -> str:
    if state.is_told:
        return gettext("sends by itself")
    if state.error:
        return gettext("failed")
    if state.is_reading:
        return gettext("being read")
    if state.read_at is None:
        return gettext("never read")
    return gettext("late") if state.is_late(now) else gettext("in order")


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
