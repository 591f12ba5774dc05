"""Compiled text with blanks for the values that differ from one question to the next of the same shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Literal

import ibis

from deskpulse.store.narrowed import Reach
from deskpulse.store.tables import literal, quoted

Kind = Literal["timestamp(6)", "string", "int64"]
Left = datetime | str | int
FIRST = datetime(1600, 1, 1)
LARGE = 8_000_000_000_000_000_000
_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Blanks:
    """The values of blanks by name, and which rows are read at most where that is known."""

    values: Mapping[str, Left]
    reach: Reach | None = None


@dataclass(frozen=True, kw_only=True)
class Template:
    """A text in parts, and the name of the value that comes after each of them but the last."""

    parts: tuple[str, ...]
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, Left]) -> str:
        """The text with the values written in."""
        written = (part + _literal(values[name]) for part, name in zip(self.parts, self.names, strict=False))
        return "".join((*written, self.parts[-1]))

    def reading(self, table: str, name: str) -> Template:
        """The same text, reading the table from another name (SQL)."""
        return replace(
            self, parts=tuple(part.replace(f"FROM {quoted(table)} ", f"FROM {name} ") for part in self.parts)
        )


@cache
def blank(name: str, kind: Kind) -> Any:
    """An ibis scalar for a value that is left open under this name."""
    return ibis.param(kind)


def template(backend: Any, expression: Any, values: Iterable[tuple[str, Left]]) -> Template:
    """The DuckDB text of an expression, with blanks for the values named.

    Ibis writes values into its text, so each blank gets one that nobody else uses, and is found by it.
    """
    names = {(name, kind_of(value)) for name, value in values}
    stand_ins = {blank(*named): _stand_in(*named) for named in names}
    text = backend.compile(expression, params=stand_ins)
    places = {_written(*named): named[0] for named in names}
    if not places:
        return Template(parts=(text,), names=())
    found = re.split("(" + "|".join(map(re.escape, places)) + ")", text)
    return Template(parts=tuple(found[::2]), names=tuple(places[stand_in] for stand_in in found[1::2]))


def kind_of(value: Left) -> Kind:
    """The type of the blank for a value."""
    if isinstance(value, int):
        return "int64"
    return "string" if isinstance(value, str) else "timestamp(6)"


@cache
def _stand_in(name: str, kind: Kind) -> Left:
    number = next(_numbers)
    if kind == "int64":
        return LARGE + number
    return f"<{number} of the blanks>" if kind == "string" else FIRST + timedelta(days=number, seconds=number)


@cache
def _written(name: str, kind: Kind) -> str:
    """How the stand-in of a blank is written in compiled text."""
    value = blank(name, kind)
    text = str(ibis.to_sql(value.name("it"), dialect="duckdb", pretty=False, params={value: _stand_in(name, kind)}))
    return text.removeprefix("SELECT ").removesuffix(' AS "it"')


def _literal(value: Left) -> str:
    if isinstance(value, int):
        return f"CAST({value} AS BIGINT)"
    if isinstance(value, str):
        return f"'{literal(value)}'"
    return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
