"""How fresh each source is: when it was read, what waits, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deskpulse.settings import FILE_NAME, load_settings
from deskpulse.store.pages import Pages


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """One source. ``read_at`` is when it was last read to its end (naive UTC), ``waiting`` the pages not yet merged,
    ``error`` what went wrong at the last attempt."""

    source: str
    connector: str
    read_at: datetime | None
    tried_at: datetime | None
    waiting: int
    error: str | None

    @property
    def words(self) -> str:
        """All of it in a sentence."""
        read = f"read {self.read_at:%Y-%m-%d %H:%M} UTC" if self.read_at else "never read to its end"
        waits = f", {self.waiting} pages wait to be merged" if self.waiting else ""
        failed = f", failed {self.tried_at:%Y-%m-%d %H:%M} UTC: {self.error}" if self.error and self.tried_at else ""
        return f"{self.source} ({self.connector}) {read}{waits}{failed}"


def source_states(root: Path) -> tuple[SourceState, ...]:
    """The sources of the settings, in their order."""
    return tuple(_state(root, source.name, source.connector) for source in load_settings(root / FILE_NAME).sources)


def _state(root: Path, name: str, connector: str) -> SourceState:
    pages = Pages(root, name)
    noted = pages.status
    return SourceState(
        source=name,
        connector=connector,
        read_at=_instant(noted.get("synced_at")),
        tried_at=_instant(noted.get("failed_at")),
        waiting=max(0, pages.newest - noted.get("merged", 0)),
        error=noted.get("error"),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
