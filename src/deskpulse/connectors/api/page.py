"""A page of an API, as it came, and where the next run goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from deskpulse.connectors.api.parsed import parsed


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one request gave. Once it is kept, ``cursor`` is where the next run goes on.

    ``stream`` names the list it is of; ``fetched_at`` is the instant the run began at (naive UTC). ``context`` is what
    reading the page needs beside it (names of groups, who is staff), kept with it so that it can be read again without
    the API. ``items`` counts its rows, ``done`` is how much of the stream is read (0 to 1) as far as anybody knows.
    """

    stream: str
    body: bytes = field(repr=False)
    cursor: str
    fetched_at: datetime
    context: Mapping[str, Any] = field(default_factory=dict, repr=False)
    items: int = 0
    done: float | None = None

    @cached_property
    def data(self) -> Any:
        """The body, parsed."""
        return parsed(self.body)

    def read_through(self) -> None:
        """Lets go of what was parsed, which takes ten times the room of the body, before the next page comes."""
        self.__dict__.pop("data", None)


@dataclass(kw_only=True)
class Position:
    """Where each list of a source stands, and what was learned on the way; written as the cursor's text."""

    lists: dict[str, Any] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str | None) -> Position:
        """The position a cursor says; the beginning without one."""
        kept = json.loads(cursor) if cursor else {}
        return cls(lists=kept.get("lists", {}), known=kept.get("known", {}))

    @property
    def text(self) -> str:
        """The cursor."""
        return json.dumps({"lists": self.lists, "known": self.known}, separators=(",", ":"))


def share_read(begin: datetime | None, reached: datetime | None, end: datetime) -> float | None:
    """How much of the time from ``begin`` to ``end`` was read by ``reached``, from 0 to 1; null where unknown."""
    if begin is None or reached is None or end <= begin:
        return None
    return min(1.0, max(0.0, (reached - begin) / (end - begin)))
