"""Intercom from the tables warehouse loaders write: conversations and their parts, with all versions, admins, ratings.

What the tables leave open is read so; no published sample or account has confirmed it:

- A conversation opens as ``open``. Closed is solved (Intercom reopens such a one), snoozed is pending.
- Parts tell of status and assignment where a conversation has any that do; else the versions of the conversation do.
- A customer's comment opens what was closed or snoozed. Parts whose type begins with ``note``, and the words of an
  assignment, are internal; the words of other parts are public.
- Users, leads and contacts write as customers, admins and teams as agents; bots are bots. The Messenger is a chat.
- Ratings go from 1 to 5. Only answers are told: the tables do not say whom Intercom asked.
- Admins' teams are undated in the tables, so none are told; a conversation's team is the one it was assigned to.
- An article was published when it was created if its first version is public, else when a public version first is.
  Its totals of views and reactions have no dates, so none are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis.expr.types as ir

from deskpulse.connectors import intercom_history, intercom_people
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.rows import Origin
from deskpulse.connectors.warehouse import Columns, Warehouse, open_warehouse, orphans

TABLES: dict[str, Columns] = {
    "conversation_history": {
        "id": "text", "created_at": "instant", "updated_at": "instant", "state": "text", "assignee_id": "text",
        "assignee_type": "text", "priority": "text", "source_type": "text", "source_author_id": "text",
        "source_author_type": "text", "source_subject": "text", "source_body": "text",
        "conversation_rating_value": "number", "conversation_rating_remark": "text",
        "conversation_rating_created_at": "instant",
    },
    "conversation_part_history": {
        "id": "text", "conversation_id": "text", "created_at": "instant", "updated_at": "instant", "part_type": "text",
        "author_id": "text", "author_type": "text", "assigned_to_id": "text", "assigned_to_type": "text",
        "body": "text",
    },
    "conversation_contact_history": {
        "conversation_id": "text", "contact_id": "text", "conversation_updated_at": "instant",
    },
    "conversation_tag_history": {"conversation_id": "text", "tag_id": "text", "_fivetran_active": "boolean"},
    "tag": {"id": "text", "name": "text"},
    "contact_history": {"id": "text", "name": "text", "updated_at": "instant"},
    "admin": {"id": "text", "name": "text"},
    "team": {"id": "text", "name": "text"},
    "article_history": {
        "id": "text", "title": "text", "state": "text", "collection_id": "text", "default_locale": "text",
        "created_at": "instant", "updated_at": "instant",
    },
    "collection_history": {"id": "text", "name": "text", "updated_at": "instant"},
}  # fmt: skip
REQUIRED = {
    "conversation_history": ("id", "created_at", "updated_at"),
    "conversation_part_history": ("id", "conversation_id", "created_at", "part_type"),
    "conversation_contact_history": ("conversation_id", "contact_id"),
    "conversation_tag_history": ("conversation_id", "tag_id"),
    "admin": ("id",),
    "team": ("id",),
    "article_history": ("id", "created_at"),
}


@dataclass(frozen=True, kw_only=True)
class IntercomWarehouse:
    """Reads Intercom's warehouse tables from a folder, a DuckDB file or an Ibis address."""

    title: str = "Intercom tables of a warehouse loader (folder, DuckDB file or address)"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield canonical rows; raises InputError when an input has none of the tables."""
        origin = Origin(source=source, observed_at=observed_at)
        for address in inputs:
            warehouse = open_warehouse(address, TABLES, REQUIRED, schema="intercom")
            yield from warehouse.refused
            parts, known = warehouse.tables["conversation_part_history"], warehouse.tables["conversation_history"]
            told = "its conversation is not in the table 'conversation_history'"
            yield from orphans(parts, "conversation_id", known, told, f"{address}: conversation_part_history")
            for table, rows in _expressions(warehouse):
                yield origin.from_table(table, rows.to_pyarrow())


def _expressions(warehouse: Warehouse) -> Iterator[tuple[str, ir.Table]]:
    tables = warehouse.tables
    yield "ticket", intercom_history.tickets(tables)
    yield "message", intercom_people.messages(tables)
    yield "change", intercom_history.changes(tables)
    yield "survey", intercom_history.surveys(tables)
    yield "person", intercom_people.people(tables)
    yield "customer", intercom_people.customers(tables)
    yield "article", intercom_history.articles(tables)


CONNECTOR = IntercomWarehouse()
