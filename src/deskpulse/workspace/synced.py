"""What a sync tells while it runs, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from deskpulse.workspace.writing import Refusal


@dataclass(frozen=True, kw_only=True)
class Moment:
    """How far a sync is: what it does, pages and rows so far, and how much of the present list is read (0 to 1)."""

    doing: str
    pages: int = 0
    rows: int = 0
    done: float | None = None


Watch = Callable[[Moment], None]


def unwatched(moment: Moment) -> None:
    """A sync nobody watches."""


@dataclass(frozen=True, kw_only=True)
class Synced:
    """What a sync did. ``version`` is the snapshot it published; null where nothing was new."""

    source: str
    pages: int
    read: dict[str, int]
    changed: dict[str, int]
    refusals: tuple[Refusal, ...]
    version: int | None
