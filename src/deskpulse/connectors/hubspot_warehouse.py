"""HubSpot Service from the tables warehouse loaders write: tickets, the history of their properties, stages, owners.

What the tables leave open is read so; no published sample or account has confirmed it:

- A stage that is closed (by ``is_closed`` or ``ticket_state``) is solved, since HubSpot reopens such tickets. Of open
  stages one called New, or without a telling name the first of its pipeline, is ``new``; Waiting on contact (or on the
  customer) is ``pending``; Hold or third party is ``on_hold``; the others are ``open``.
- A history row at or before a ticket's creation is what it opened with; without any history of a property the ticket
  has had its present value since it was opened. Stages without history: an open one since creation, a closed or
  unknown one since the closing date, or the last change where there is no such date and the stage is closed.
- Closing dates count for nothing else: HubSpot may keep one on a ticket that was reopened. One before creation is put
  aside.
- The pipeline is the team, since the tables date no teams of people.
- The opening text is the customer's, and the first agent reply the present owner's; conversations are in other tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis.expr.types as ir

from deskpulse.connectors import hubspot_history
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.rows import Origin
from deskpulse.connectors.warehouse import Columns, Warehouse, open_warehouse, orphans

TABLES: dict[str, Columns] = {
    "ticket": {
        "id": "text", "is_deleted": "boolean", "_fivetran_deleted": "boolean", "_fivetran_synced": "instant",
        "property_createdate": "instant", "property_closed_date": "instant", "property_hs_lastmodifieddate": "instant",
        "property_first_agent_reply_date": "instant", "property_hs_pipeline": "text",
        "property_hs_pipeline_stage": "text", "property_hs_ticket_category": "text",
        "property_hs_ticket_priority": "text", "property_hubspot_owner_id": "text", "property_subject": "text",
        "property_content": "text", "property_source_type": "text",
    },
    "ticket_property_history": {
        "ticket_id": "text", "name": "text", "timestamp_instant": "instant", "value": "text", "source": "text",
    },
    "ticket_pipeline": {"pipeline_id": "text", "label": "text"},
    "ticket_pipeline_stage": {
        "stage_id": "text", "label": "text", "is_closed": "boolean", "ticket_state": "text", "display_order": "integer",
    },
    "ticket_contact": {"ticket_id": "text", "contact_id": "text"},
    "contact": {"id": "text", "property_firstname": "text", "property_lastname": "text", "property_company": "text"},
    "owner": {"owner_id": "text", "first_name": "text", "last_name": "text"},
}  # fmt: skip
REQUIRED = {
    "ticket": ("id", "property_createdate"),
    "ticket_property_history": ("ticket_id", "name", "timestamp_instant"),
    "ticket_pipeline": ("pipeline_id",),
    "ticket_pipeline_stage": ("stage_id",),
    "ticket_contact": ("ticket_id", "contact_id"),
    "owner": ("owner_id",),
}


@dataclass(frozen=True, kw_only=True)
class HubspotWarehouse:
    """Reads HubSpot's warehouse tables from a folder, a DuckDB file or an Ibis address."""

    title: str = "HubSpot Service tables of a warehouse loader (folder, DuckDB file or address)"

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield canonical rows; raises InputError when an input has none of the tables."""
        origin = Origin(source=source, observed_at=observed_at)
        for address in inputs:
            warehouse = open_warehouse(address, TABLES, REQUIRED, schema="hubspot")
            yield from warehouse.refused
            tracked = hubspot_history.tracked(warehouse.tables)
            told, file = "its ticket is not in the table 'ticket'", f"{address}: ticket_property_history"
            yield from orphans(tracked, "ticket_id", warehouse.tables["ticket"], told, file)
            yield from _impossible(warehouse, address)
            for table, rows in _expressions(warehouse):
                yield origin.from_table(table, rows.to_pyarrow())


def _impossible(warehouse: Warehouse, address: str) -> Iterator[Quarantined]:
    for row in hubspot_history.closed_before_created(warehouse.tables).to_pyarrow().to_pylist():
        yield Quarantined(
            file=f"{address}: ticket",
            line=None,
            column="property_closed_date",
            reason="it lies before the ticket was created: the ticket counts, the date does not",
            raw=row["id"],
        )


def _expressions(warehouse: Warehouse) -> Iterator[tuple[str, ir.Table]]:
    tables = warehouse.tables
    told = hubspot_history.told(tables)
    yield "ticket", hubspot_history.tickets(tables, told)
    yield "message", hubspot_history.messages(tables)
    yield "change", hubspot_history.changes(tables, told)
    yield "person", hubspot_history.people(tables, told)
    yield "customer", hubspot_history.customers(tables)


CONNECTOR = HubspotWarehouse()
