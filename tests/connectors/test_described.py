"""What fakes answer has the names and types of the vendors' descriptions: each list that a connector asks for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.described import faults, schemas
from connectors.fakes.seeded import seeded
from connectors.fakes.wireless import fetched

ZENDESK, INTERCOM, CHATWOOT, HUBSPOT = "/api/v2/", "/", "/api/v1/accounts/1/", "/crm/v3/objects/tickets/"
USERS = "CursorBasedExportIncrementalUsersResponse"
TICKETS = "CursorBasedExportIncrementalTicketsResponse"
LISTS = {
    "zendesk": {
        f"{ZENDESK}groups.json": ("zd-groups.yml.gz", {"$ref": "#/GroupsResponse"}),
        f"{ZENDESK}users.json": ("zd-users.yml.gz", {"$ref": "#/UsersResponse"}),
        f"{ZENDESK}incremental/users/cursor.json": ("zd-users.yml.gz", {"$ref": f"#/{USERS}"}),
        f"{ZENDESK}incremental/tickets/cursor.json": ("zd-tickets.yml.gz", {"$ref": f"#/{TICKETS}"}),
    },
    "intercom": {
        f"{INTERCOM}admins": ("intercom-2.14.yaml.gz", {"$ref": "#/admin_list"}),
        f"{INTERCOM}teams": ("intercom-2.14.yaml.gz", {"$ref": "#/team_list"}),
        f"{INTERCOM}conversations/search": ("intercom-2.14.yaml.gz", {"$ref": "#/conversation_list"}),
        f"{INTERCOM}conversations/1": ("intercom-2.14.yaml.gz", {"$ref": "#/conversation"}),
    },
    "chatwoot": {
        f"{CHATWOOT}agents": ("chatwoot-app.yml.gz", {"type": "array", "items": {"$ref": "#/agent"}}),
        f"{CHATWOOT}conversations": ("chatwoot-app.yml.gz", {"$ref": "#/conversation_list"}),
        f"{CHATWOOT}conversations/1/messages": ("chatwoot-app.yml.gz", {"$ref": "#/conversation_messages"}),
    },
    "hubspot": {
        f"{HUBSPOT}1": ("hubspot-tickets.json.gz", {"$ref": "#/SimplePublicObjectWithAssociations"}),
        f"{HUBSPOT}search": ("hubspot-tickets.json.gz", {"$ref": "#/CollectionResponseWithTotalSimplePublicObject"}),
    },
}  # fmt: skip
UNDESCRIBED = {".links is unknown", ".meta is unknown"}
"""The descriptions of Zendesk's lists leave out how their pages go on, which another chapter tells."""


@cache
def answered(way: str) -> dict[str, Any]:
    """The last answer of a run to each address."""
    account = seeded(way)
    fetched(account)
    return {asked.path: account.fake.answer(asked).data for asked in list(account.fake.asked)}


@pytest.mark.parametrize(("way", "path"), [(way, path) for way, lists in LISTS.items() for path in lists])
def test_a_list_is_answered_as_described(way: str, path: str, shared_data: Path) -> None:
    name, schema = LISTS[way][path]
    told = answered(way)[path]
    assert set(faults(told, schema, schemas(shared_data / "specs" / name))) - UNDESCRIBED == set()
