"""A HubSpot account: tickets by when they were modified, with the history of their properties."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake, Told

TICKETS = "/crm/v3/objects/tickets"
STAGES = [
    {"id": "1", "label": "New", "metadata": {"isClosed": "false"}},
    {"id": "2", "label": "Waiting on contact", "metadata": {"isClosed": "false"}},
    {"id": "3", "label": "Being worked on", "metadata": {"isClosed": "false"}},
    {"id": "4", "label": "Done", "metadata": {"isClosed": "true"}},
]


class FakeHubSpot(Fake):
    """Tickets by id, ``size`` a page of a search."""

    def __init__(self, *, size: int = 100) -> None:
        super().__init__()
        self.size = size
        self.tickets: dict[str, dict[str, Any]] = {}

    def answer(self, asked: Asked) -> Told:
        """The list, search or ticket asked for."""
        if asked.headers.get("authorization") != "Bearer s3cret":
            return Told(status=401, data={"category": "INVALID_AUTHENTICATION"})
        if asked.path == "/crm/v3/owners":
            return Told(data={"results": [{"id": "7", "firstName": "Ann", "lastName": "Ash"}]})
        if asked.path == "/crm/v3/pipelines/tickets":
            return Told(data={"results": [{"id": "0", "label": "Support", "stages": STAGES}]})
        if asked.path == f"{TICKETS}/search":
            return Told(data=self.search(asked.data))
        if asked.path == TICKETS:
            return Told(data={"results": []})
        return Told(data=self.tickets[asked.path.split("/")[-1]])

    def search(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Tickets modified since the moment of the filter."""
        least, begin = int(sent["filterGroups"][0]["filters"][0]["value"]), int(sent.get("after") or 0)
        found = sorted((one for one in self.tickets.values() if modified(one) >= least), key=modified)
        rest = found[begin : begin + self.size]
        hidden = ("associations", "propertiesWithHistory")
        results = [{name: value for name, value in one.items() if name not in hidden} for one in rest]
        more = {"paging": {"next": {"after": str(begin + self.size)}}} if begin + self.size < len(found) else {}
        return {"total": len(found), "results": results, **more}


def modified(ticket: dict[str, Any]) -> int:
    """When, in thousandths of a second."""
    moment = datetime.fromisoformat(ticket["properties"]["hs_lastmodifieddate"])
    return int(1000 * moment.astimezone(UTC).timestamp())


def seeded() -> Seeded:
    """Tickets with histories, three modified in each second."""
    fake = FakeHubSpot(size=4)
    for n in range(1, 19):
        at = f"2026-03-02T10:{{:02}}:{n:02}.000Z".format
        stages = [
            {"value": str(4 - place), "timestamp": at(20 - place), "sourceType": "CRM_UI", "updatedByUserId": 7}
            for place in range(3)
        ]
        owners = [{"value": "7", "timestamp": at(2), "sourceType": "CRM_UI"}]
        fake.tickets[str(n)] = {
            "id": str(n), "createdAt": at(0), "updatedAt": at(30), "archived": False,
            "properties": {
                "subject": "S", "content": "Help", "createdate": at(0), "source_type": "EMAIL", "hs_pipeline": "0",
                "hs_lastmodifieddate": f"2026-03-02T10:30:{n // 3:02}.000Z", "hs_ticket_priority": "HIGH",
                "hs_ticket_category": "BILLING", "first_agent_reply_date": at(5), "hs_pipeline_stage": "4",
                "hubspot_owner_id": "7",
            },
            "propertiesWithHistory": {"hs_pipeline_stage": stages, "hubspot_owner_id": owners},
            "associations": {"contacts": {"results": [{"id": "70", "type": "ticket_to_contact"}]}},
        }  # fmt: skip
    return Seeded(connector="hubspot", fake=fake)
