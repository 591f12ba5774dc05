"""The canonical tables as people name them, and what the columns of a file for one of them can mean."""

from __future__ import annotations

from collections.abc import Mapping

from deskpulse.connectors.meanings import Meaning
from deskpulse.events import EVENT_TABLES, Column

FILES = "files"
"""What files in the form of a template are called as a source: one for all, since they refer to each other."""

ID = "source_id"
_REFERRED_TO = ("ticket", "call", "person", "customer", "article")
_PLURALS = {"person": "people"}
TABLE_NAMES: Mapping[str, str] = {name: _PLURALS.get(name, f"{name}s") for name in EVENT_TABLES}
"""The plural of each table, as it is typed."""


def table_called(name: str) -> str | None:
    """The table of this name, singular or plural; None when there is none."""
    return next((table for table, plural in TABLE_NAMES.items() if name in (table, plural)), None)


def table_meanings(table: str) -> Mapping[str, Meaning]:
    """What the columns of a file for the table can mean: its own columns, and ``source_id``, the row's id."""
    known = EVENT_TABLES[table]
    return {column.name: _meaning(column) for column in (known.column(ID), *known.own)}


def _meaning(column: Column) -> Meaning:
    return Meaning(
        name=column.name, type=column.type, says=column.meaning, one_of=column.one_of, least=column.least
    )  # fmt: skip


def required_columns(table: str) -> tuple[str, ...]:
    """The columns no row can do without; the id is one of them where other tables refer to it."""
    own = tuple(column.name for column in EVENT_TABLES[table].own if column.required)
    return (ID, *own) if table in _REFERRED_TO else own


def template_header(column: str) -> str:
    """What a template calls a column: its name; the id is simply ``id``."""
    return "id" if column == ID else column
