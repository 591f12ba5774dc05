"""The language event tables are declared in: columns with a type, a meaning and checks.

Instants are naive timestamps in UTC with whole seconds; ``seq`` orders what happened in the same second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from deskpulse.errors import DeclarationError, UnknownNameError

ColumnType = Literal["text", "instant", "date", "integer", "number", "decimal", "boolean"]

Private = Literal["words", "name", "customer", "staff", "author"]

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "instant": pa.timestamp("us"),
    "date": pa.date32(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "decimal": pa.decimal128(18, 4),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an event table; ``one_of`` closes the list of its values, ``least`` bounds a number from below.

    ``private`` says what of a person is in it: words they wrote, a name, or whose id (an author is a customer or staff
    by the column of kinds beside it).
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    one_of: tuple[str, ...] = ()
    least: float | None = None
    private: Private | None = None


ORIGIN = (
    Column(name="source", type="text", meaning="The connection the row came from.", required=True),
    Column(name="source_id", type="text", meaning="The row's id in that source.", required=True),
    Column(name="version", type="integer", meaning="Grows with each edit of the row; the highest wins.", required=True),
    Column(name="observed_at", type="instant", meaning="When the source was read.", required=True),
)


@dataclass(frozen=True, kw_only=True)
class EventTable:
    """A canonical table: append-only, merged by (source, source_id), the highest version winning.

    ``ticket`` names the column that refers to a ticket by the source's id of it, where there is one.
    ``dated_by`` is the instant the table is ordered and partitioned by.
    """

    name: str
    meaning: str
    dated_by: str
    own: tuple[Column, ...]
    ticket: str | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise DeclarationError(f"Event table '{self.name}' declares a column twice: rename one of {names}.")
        for needed in filter(None, (self.dated_by, self.ticket)):
            if needed not in names:
                raise DeclarationError(f"Event table '{self.name}' has no column '{needed}': declare it.")

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns every table has, then its own."""
        return ORIGIN + self.own

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema rows are handed over in."""
        return pa.schema([pa.field(c.name, ARROW_TYPES[c.type]) for c in self.columns])

    def private(self, *kinds: Private) -> tuple[str, ...]:
        """The columns that hold such things of a person."""
        return tuple(column.name for column in self.columns if column.private in kinds)

    def column(self, name: str) -> Column:
        """The column called ``name``; raises UnknownNameError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownNameError(f"column of '{self.name}'", name, (c.name for c in self.columns))


def text(
    name: str, meaning: str, *, required: bool = False, one_of: tuple[str, ...] = (), private: Private | None = None
) -> Column:
    """A text column."""
    return Column(name=name, type="text", meaning=meaning, required=required, one_of=one_of, private=private)


def instant(name: str, meaning: str, *, required: bool = False) -> Column:
    """A moment, UTC, whole seconds."""
    return Column(name=name, type="instant", meaning=meaning, required=required)


def integer(name: str, meaning: str, *, required: bool = False, least: float | None = None) -> Column:
    """A whole number."""
    return Column(name=name, type="integer", meaning=meaning, required=required, least=least)


def number(name: str, meaning: str, *, least: float | None = None) -> Column:
    """A number with a fraction."""
    return Column(name=name, type="number", meaning=meaning, least=least)


def decimal(name: str, meaning: str, *, required: bool = False) -> Column:
    """An exact amount of money, four digits after the point."""
    return Column(name=name, type="decimal", meaning=meaning, required=required)


def boolean(name: str, meaning: str) -> Column:
    """True, false or unknown."""
    return Column(name=name, type="boolean", meaning=meaning)


def date(name: str, meaning: str, *, required: bool = False) -> Column:
    """A day without a time."""
    return Column(name=name, type="date", meaning=meaning, required=required)
