"""What is published of words, names and ids where they are to be masked: as SQL over the writer's tables.

A pseudonym is a keyed hash: the same person has the same one in every table and snapshot, and it leads back to nobody
without the workspace's key. Whatever reads a snapshot, on any engine, sees no more than what was published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import duckdb

from deskpulse.events import EVENT_TABLES
from deskpulse.store.erasing import customers_in
from deskpulse.store.tables import quoted

Mask = Literal["words", "person", "person_of_source", "row", "staff", "staff_row", "assignee", "nothing", "addresses"]
MASKED = "(masked)"
PEOPLE = ("person", "customer", "customer_segment", "membership", "agent_state")
"""Tables whose rows are people, or stretches of their lives: their own ids are, or may hold, people's ids."""

MAIL_ADDRESS = "[^\\s@()<>,;]+@[^\\s@()<>,;]+"


@dataclass(frozen=True, kw_only=True)
class Masks:
    """Which columns are published masked, and how; ``key`` makes the pseudonyms."""

    columns: Mapping[str, Mapping[str, Mask]] = field(default_factory=dict)
    key: bytes = b""

    @property
    def fingerprint(self) -> str:
        """Changes with what is masked; empty where nothing is."""
        return " ".join(sorted(f"{table}.{column}:{how}" for table, how_of in self.columns.items()
                               for column, how in how_of.items()))  # fmt: skip

    def shown(self, table: str, column: str) -> str:
        """What is published of a column."""
        how = self.columns.get(table, {}).get(column)
        return f"{EXPRESSIONS[how](quoted(column), self.key.hex())} AS {quoted(column)}" if how else quoted(column)

    def prepare(self, con: duckdb.DuckDBPyConnection) -> None:
        """What the expressions need: staff are known to facts by name, and to events by id."""
        if self.columns:
            con.execute(STAFF_LABELS)
            con.execute(STAFF_MASK.format(key=self.key.hex()))


UNMASKED = Masks()
STAFF_LABELS = """
    CREATE OR REPLACE TEMP TABLE staff_label AS SELECT source, source_id AS id,
      CASE WHEN count(*) OVER (PARTITION BY name) = 1 THEN name ELSE name || ' (' || source_id || ')' END AS label
    FROM event_person"""
STAFF_MASK = """
    CREATE OR REPLACE TEMP MACRO masked_staff(of_source, of_id) AS 'person-' || left(sha256('{key}' || coalesce(
      (SELECT l.label FROM staff_label l WHERE l.source = of_source AND l.id = of_id), of_id)), 12)"""


def _person(column: str, key: str) -> str:
    return f"'person-' || left(sha256('{key}' || {column}), 12)"


def _person_of_source(column: str, key: str) -> str:
    rest = f"substr({column}, strpos({column}, ':') + 1)"
    return f"split_part({column}, ':', 1) || ':' || {_person(rest, key)}"


EXPRESSIONS: Mapping[Mask, Callable[[str, str], str]] = {
    "words": lambda column, key: f"CASE WHEN {column} <> '' THEN '{MASKED}' END",
    "person": _person,
    "person_of_source": _person_of_source,
    "row": lambda column, key: _person("source_id", key),
    "staff": lambda column, key: f"masked_staff(source, {column})",
    "staff_row": lambda column, key: "masked_staff(source, source_id)",
    "assignee": lambda column, key: (
        f"CASE WHEN field = 'assignee' AND {column} <> '' THEN masked_staff(source, {column}) ELSE {column} END"
    ),
    "nothing": lambda column, key: "''",
    "addresses": lambda column, key: f"regexp_replace({column}, '{MAIL_ADDRESS}', '{MASKED}', 'g')",
}


def event_masks(*, words: bool, names: bool) -> dict[str, dict[str, Mask]]:
    """The masks of the event tables, as their columns are declared, and of what was refused."""
    masks: dict[str, dict[str, Mask]] = (
        {"quarantine": {"raw": "nothing", "reason": "addresses"}} if words or names else {}
    )
    for table in EVENT_TABLES.values():
        of_table: dict[str, Mask] = {}
        if words:
            of_table |= dict.fromkeys(table.private("words"), "words")
        if names:
            own = ("source_id",) if table.name in PEOPLE else ()
            of_table |= dict.fromkeys((*own, *customers_in(table)), "person")
            of_table |= dict.fromkeys(table.private("staff", "author"), "staff")
            of_table |= dict.fromkeys(table.private("name"), "row")
        if names and table.name == "person":
            of_table |= {"source_id": "staff_row", "name": "staff_row"}
        if names and table.name == "change":
            of_table |= {"old": "assignee", "new": "assignee"}
        masks[f"event_{table.name}"] = of_table
    return {table: columns for table, columns in masks.items() if columns}
