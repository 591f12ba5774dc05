"""Zendesk from the tables warehouse loaders write: tickets, comments, field history, users, schedules, ratings.

What the loaders leave open is read so:

- A history row at or before a ticket's creation is what the ticket opened with; a ticket without any history of a field
  has had its present value since it was opened. Solved or closed without history: since the ticket's last update.
- Whoever is the ticket's requester writes as its customer. Others write as agents when their role says so, or when any
  ticket was ever assigned to them (roles are the present ones, and people who left lose theirs).
- ``merged_ticket_ids`` lists the tickets that were merged into this one; they went when they were last updated.
- A deleted ticket keeps its history and is marked deleted at its last update.
- Comments and history of tickets that are not in the ticket table are put aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis.expr.types as ir
import pyarrow as pa

from deskpulse.connectors import zendesk_history, zendesk_people, zendesk_targets
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.rows import Origin
from deskpulse.connectors.warehouse import Columns, Warehouse, open_warehouse
from deskpulse.connectors.zendesk_schedules import SCHEDULE_TABLES, schedules_toml

TABLES: dict[str, Columns] = {
    "ticket": {
        "id": "text", "created_at": "instant", "updated_at": "instant", "status": "text", "subject": "text",
        "description": "text", "is_public": "boolean", "assignee_id": "text", "group_id": "text", "priority": "text",
        "type": "text", "requester_id": "text", "submitter_id": "text", "brand_id": "text", "via_channel": "text",
        "merged_ticket_ids": "text",
    },
    "ticket_comment": {
        "id": "text", "ticket_id": "text", "user_id": "text", "created": "instant", "public": "boolean", "body": "text",
        "deleted": "boolean", "_fivetran_deleted": "boolean",
    },
    "ticket_field_history": {
        "ticket_id": "text", "field_name": "text", "updated": "instant", "user_id": "text", "value": "text",
    },
    "user": {"id": "text", "name": "text", "role": "text", "organization_id": "text", "created_at": "instant"},
    "group": {"id": "text", "name": "text"},
    "organization": {"id": "text", "name": "text"},
    "brand": {"id": "text", "name": "text"},
    "ticket_tag": {"ticket_id": "text", "tag": "text"},
    "schedule": {"id": "text", "name": "text"},
    "ticket_schedule": {"ticket_id": "text", "schedule_id": "text", "created_at": "instant"},
    "ticket_sla_policy": {"ticket_id": "text", "sla_policy_id": "text", "policy_applied_at": "instant"},
    "sla_policy_metric_history": {
        "sla_policy_id": "text", "sla_policy_updated_at": "instant", "metric": "text", "priority": "text",
        "target": "number", "target_in_seconds": "number", "business_hours": "boolean",
    },
}  # fmt: skip
REQUIRED = {
    "ticket": ("id", "created_at"),
    "ticket_comment": ("id", "ticket_id", "created"),
    "ticket_field_history": ("ticket_id", "field_name", "updated"),
    "user": ("id",),
    "group": ("id",),
    "ticket_schedule": ("ticket_id", "schedule_id", "created_at"),
    "ticket_sla_policy": ("ticket_id", "sla_policy_id", "policy_applied_at"),
    "sla_policy_metric_history": ("sla_policy_id", "metric"),
}


@dataclass(frozen=True, kw_only=True)
class ZendeskWarehouse:
    """Reads Zendesk's warehouse tables from a folder, a DuckDB file or an Ibis address."""

    title: str = "Zendesk tables of a warehouse loader (folder, DuckDB file or address)"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield canonical rows; raises InputError when an input has no ticket table."""
        origin = Origin(source=source, observed_at=observed_at)
        for address in inputs:
            warehouse = open_warehouse(address, TABLES, REQUIRED)
            yield from warehouse.refused
            yield from _orphans(warehouse, address)
            for table, rows in _expressions(warehouse):
                yield origin.from_table(table, rows.to_pyarrow())


def schedules(address: str) -> str:
    """The schedules at ``address`` as TOML for a workspace's settings; raises InputError."""
    required = {"schedule": ("id", "start_time", "end_time")}
    return schedules_toml(open_warehouse(address, SCHEDULE_TABLES, required).tables)


def _expressions(warehouse: Warehouse) -> Iterator[tuple[str, ir.Table]]:
    tables = warehouse.tables
    told = zendesk_history.history(tables)
    yield "ticket", zendesk_history.tickets(tables, told)
    yield "message", zendesk_people.messages(tables, told)
    yield "change", zendesk_history.changes(tables, told)
    yield "survey", zendesk_history.surveys(tables)
    yield "policy_target", zendesk_targets.policy_targets(tables, told)
    yield "person", zendesk_people.people(tables, told)
    yield "customer", zendesk_people.customers(tables)


def _orphans(warehouse: Warehouse, address: str) -> Iterator[Quarantined]:
    """Comments and history that belong to no ticket of the table."""
    known = warehouse.tables["ticket"]
    for name in ("ticket_comment", "ticket_field_history"):
        table = warehouse.tables[name]
        lost: pa.Table = table.anti_join(known, table.ticket_id == known.id).to_pyarrow()
        for row in lost.to_pylist():
            raw = ",".join("" if value is None else str(value) for value in row.values())
            reason = "its ticket is not in the table 'ticket'"
            yield Quarantined(file=f"{address}: {name}", line=None, column="ticket_id", reason=reason, raw=raw)


CONNECTOR = ZendeskWarehouse()
