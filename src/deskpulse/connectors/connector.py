"""What a connector is: it reads a source and yields batches of canonical rows and what it could not read."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

import pyarrow as pa

from deskpulse.errors import UnknownNameError

_PACKAGE = __name__.rpartition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Rows of one event table, in the schema of ``EVENT_TABLES[table].schema``."""

    table: str
    rows: pa.Table


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """A row that could not be understood: where it stands, why, and what stood there.

    ``line`` counts from 1 with the header; in a table without lines it is the number of the row, from 1.
    """

    file: str
    line: int | None
    column: str | None
    reason: str
    raw: str


class Connector(Protocol):
    """Reads a source into canonical rows; ``inputs`` are paths or addresses."""

    title: str

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield canonical rows of the connection ``source`` and the rows that were refused.

        ``observed_at`` is when the source was read (UTC, naive). Raises InputError when nothing can be read at all.
        """
        ...  # pragma: no cover


@cache
def presets() -> Mapping[str, Connector]:
    """Every connector by its id: the modules of this package that have a ``CONNECTOR``, by file stem."""
    found = {name: _connector(name) for name in _modules()}
    return {name: connector for name, connector in found.items() if connector is not None}


def preset(name: str, *, others: Iterable[str] = ()) -> Connector:
    """The connector called ``name``, importing no other; raises UnknownNameError with the nearest one.

    ``others`` are further names that could have been meant.
    """
    connector = _connector(name) if name in _modules() else None
    if connector is None:
        raise UnknownNameError("preset", name, (*presets(), *others))
    return connector


def _modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(importlib.import_module(_PACKAGE).__path__)]


def _connector(name: str) -> Connector | None:
    connector: Connector | None = getattr(importlib.import_module(f"{_PACKAGE}.{name}"), "CONNECTOR", None)
    return connector
