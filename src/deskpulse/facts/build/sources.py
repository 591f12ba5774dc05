"""What the facts that are built whole are built from, and what takes the place of some of their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from deskpulse.metrics.fact import Table
from deskpulse.settings import Settings
from deskpulse.store.texts import Asked, Desk, Memory


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What a fact is built from: event tables by name, facts built before it, the settings, and the instant (UTC)
    the data are the state of.

    An update also has the instant they were when it was last built, and the rows of a fact by ticket that those of the
    touched tickets have just taken the place of.
    """

    events: Mapping[str, Table]
    fact: Callable[[str], Table]
    settings: Settings
    as_of: datetime
    built_as_of: datetime | None = None
    former: Callable[[str], Table] | None = None
    desk: Desk = field(default_factory=Memory)


@dataclass(frozen=True, kw_only=True)
class Update:
    """Rows that take the place of those a fact has with the values of ``stale``, whose columns are the fact's."""

    rows: Asked
    stale: Asked


Builder = Callable[[Sources], Mapping[str, Asked | Table | pa.Table]]
Touched = Callable[[], Table]
Updater = Callable[[Sources, Touched], Update | None]
