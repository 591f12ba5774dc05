"""Zendesk Support over its API: tickets and everything that happened to them, agents, groups, customers, targets.

The exports are read by their own cursors: tickets by the cursor export, what happened (audits with comments) and what
policies set (metric events) by the time-based ones. Names of groups, who is staff, and which tickets staff asked for
themselves are kept beside each page, so that it can be read again without the API.

Built from the published description of the API. Not checked against the running product: see ``unverified``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from deskpulse.connectors import zendesk_events
from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position, share_read
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.api.understood import learned
from deskpulse.connectors.api.whole import is_fresh
from deskpulse.connectors.connector import Batch, Quarantined

STAFF_ROLES = ("agent", "admin")
NEWEST = timedelta(minutes=5)
"""A start later than this before now is refused by older accounts."""

CHECKED = {
    "api/v2/incremental/tickets/cursor.json": "tickets:read (an admin's: exports are for admins)",
    "api/v2/incremental/ticket_events.json": "tickets:read (an admin's: exports are for admins)",
    "api/v2/users.json": "users:read",
    "api/v2/groups.json": "groups:read",
}


class Zendesk(ApiConnector):
    """Reads a Zendesk Support account."""

    title: ClassVar[str] = "Zendesk Support"
    gives: ClassVar[tuple[str, ...]] = (
        "ticket", "message", "change", "survey", "policy_target", "person", "customer",
    )  # fmt: skip
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="subdomain", says="What stands before .zendesk.com in your address", example="acme"),
        Need(name="email", says="The address of the admin the token belongs to; empty for an OAuth token", default=""),
        Need(name="token", says="An API token, or an OAuth access token", is_secret=True),
        Need(name="bots", says="Ids of users that are bots, joined by commas", default=""),
    )
    scopes: ClassVar[tuple[str, ...]] = ("tickets:read", "users:read", "groups:read", "organizations:read")
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "a ticket as it was opened: channel, requester, subject, tags, brand",
        "message": "comments of the event export; public and internal; the requester writes as the customer",
        "change": "status (hold is on_hold), assignee, group, priority and type from the event export; deleted; merged",
        "survey": "changes of satisfaction_score: offered, good (1), bad (0), with the comment of the same update",
        "policy_target": "metric events apply_sla of reply_time (first, then next reply) and resolution_time",
        "person": "users with the role agent or admin",
        "customer": "users, with the organization's name as account",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "What changed within the last minute is not exported yet; it comes with the next sync.",
        "About 10 requests a minute on the exports: a first sync of 1 000 000 events takes some two hours.",
        "Comments alone are messages: what was said in calls, chats and messaging is not read.",
        "Which schedule a ticket has is not exported; connect shows the schedules as settings to add.",
        "A comment made private later stays public here; a redacted one keeps its first text on the kept page.",
        "Which groups an agent was a member of when is not exported: teams come from the tickets.",
    )
    unverified: ClassVar[tuple[str, ...]] = (
        "All of it against the running product; the shapes follow the published description and other programs' use.",
        "How merges are marked in events (via.source.rel = 'merge'), and the fields of apply_sla.",
    )

    def open(self, account: Account) -> Client:
        """The client; ``url`` among the options goes before the subdomain."""
        base = account.options.get("url") or f"https://{account.host('subdomain', 'zendesk.com')}"
        email, token = account.text("email", ""), account.secret("token")
        if email:
            return Client(base, source=account.source, auth=(f"{email}/token", token))
        return Client(base, source=account.source, headers={"Authorization": f"Bearer {token}"})

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks each kind of list once."""
        missing = [
            scope
            for path, scope in CHECKED.items()
            if client.get(path, {"start_time": 1} if "incremental" in path else None, accept=(403,)).status == 403
        ]
        return tuple(dict.fromkeys(missing))

    def schedules(self, client: Client) -> str:
        """Its schedules with their holidays."""
        from deskpulse.connectors.zendesk_schedules import schedules_over_api

        return schedules_over_api(client)

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Groups and staff, then tickets, what happened to them, what policies set, and users."""
        reading = _Reading(client=client, position=Position.read(cursor), now=now, start=_epoch(since) if since else 1)
        yield from reading.whole("groups", "api/v2/groups.json", {}, reading.learn_groups)
        yield from reading.whole("users", "api/v2/users.json", {"role[]": STAFF_ROLES}, reading.learn_staff)
        yield from reading.export("tickets", {}, reading.learn_requesters)
        yield from reading.timed("ticket_events", {"include": "comment_events"}, reading.learn_openings)
        yield from reading.timed("ticket_metric_events", {}, reading.learn_nothing)
        yield from reading.export("users", {"include": "organizations"}, reading.learn_nothing)

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of any of the lists."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        read = zendesk_events.READERS[page.stream]
        read(page.data, rows, {**page.context, "bots": account.text("bots", "").replace(" ", "").split(",")})
        yield from rows.batches()


def _epoch(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


def _instant(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None) if isinstance(seconds, int | float) else None


Learn = Callable[[Any], Mapping[str, Any]]


@dataclass(kw_only=True)
class _Reading:
    """One run over the lists of an account: what it learns on the way goes on in the cursor."""

    client: Client
    position: Position
    now: datetime
    start: int

    def whole(self, name: str, path: str, params: Mapping[str, Any], learn: Learn) -> Iterator[Page]:
        """A list that is read from its beginning each time, a hundred at once."""
        place = self.position.lists.get(f"all {name}", {})
        address = place.get("next") or path
        if is_fresh(place, self.now):
            return
        while address:
            is_first = address == path
            answer = self.client.get(address, {**params, "page[size]": 100} if is_first else None)
            data = answer.data
            more = data.get("meta", {}).get("has_more")
            address = data.get("links", {}).get("next") if more else None
            self.position.lists[f"all {name}"] = {"next": address} if address else {"read": self.now.isoformat()}
            yield self._page(name, answer, learn, len(data.get(name, ())), None)

    def export(self, name: str, params: Mapping[str, Any], learn: Learn) -> Iterator[Page]:
        """The cursor export. A page may be empty before the end: only ``end_of_stream`` is the end."""
        begin = None
        while True:
            place = self.position.lists.get(name, {})
            at = {"cursor": place["cursor"]} if "cursor" in place else {"start_time": self._earliest()}
            answer = self.client.get(f"api/v2/incremental/{name}/cursor.json", {**params, **at})
            data, items = answer.data, answer.data.get(name, [])
            if data.get("after_cursor"):
                self.position.lists[name] = {"cursor": data["after_cursor"]}
            stamps = [item.get("generated_timestamp") for item in items if isinstance(item, dict)]
            reached = _instant(stamps[-1]) if stamps else None
            begin = begin or (_instant(stamps[0]) if stamps else None)
            is_end = data.get("end_of_stream", True) or not data.get("after_cursor")
            page = self._page(name, answer, learn, len(items), share_read(begin, reached, self.now))
            del answer, data, items
            yield page
            if is_end:
                return

    def timed(self, name: str, params: Mapping[str, Any], learn: Learn) -> Iterator[Page]:
        """The time-based export. The last second is read again by the next page: the same rows count once."""
        begin = None
        while True:
            start = self.position.lists.get(name, {}).get("start", self._earliest())
            answer = self.client.get(f"api/v2/incremental/{name}.json", {**params, "start_time": start})
            data = answer.data
            end = data.get("end_time") or start
            self.position.lists[name] = {"start": end}
            begin = begin or (_instant(start) if start > 1 else None)
            is_end = data.get("end_of_stream", not data.get("next_page")) or end == start
            done = share_read(begin, _instant(end), self.now)
            page = self._page(name, answer, learn, len(data.get(name, ())), done)
            del answer, data
            yield page
            if is_end:
                return

    def learn_groups(self, data: Any) -> Mapping[str, Any]:
        """Names of groups."""
        names = dict(learned(data.get("groups"), lambda group: (str(group["id"]), group.get("name"))))
        self.position.known["groups"] = self._known("groups") | names
        return {}

    def learn_staff(self, data: Any) -> Mapping[str, Any]:
        """Who is staff; who once was stays so."""
        self._add_staff(learned(data.get("users"), lambda user: str(user["id"])))
        return {}

    def learn_requesters(self, data: Any) -> Mapping[str, Any]:
        """Tickets that staff asked for themselves; whom a ticket is assigned to is staff."""
        tickets = [ticket for ticket in data.get("tickets", ()) if isinstance(ticket, dict)]
        self._add_staff(str(ticket["assignee_id"]) for ticket in tickets if ticket.get("assignee_id"))
        self._add_asked(learned(tickets, lambda ticket: (str(ticket["id"]), str(ticket.get("requester_id")))))
        return {}

    def learn_openings(self, data: Any) -> Mapping[str, Any]:
        """What reading this page of events needs: names of groups, and which of its people are staff."""
        events = [event for event in data.get("ticket_events", ()) if isinstance(event, dict)]
        self._add_staff(zendesk_events.assignees(events))
        self._add_asked(zendesk_events.requesters(events))
        people, tickets = zendesk_events.people_and_tickets(events)
        staff, asked = self._known("staff"), self._known("asked")
        return {
            "groups": self._known("groups"),
            "staff": sorted(people & staff.keys()),
            "asked": {ticket: asked[ticket] for ticket in sorted(tickets & asked.keys())},
        }

    def learn_nothing(self, data: Any) -> Mapping[str, Any]:
        """The page says all there is to know."""
        return {}

    def _known(self, name: str) -> dict[str, Any]:
        return dict(self.position.known.get(name, {}))

    def _add_staff(self, ids: Iterable[str]) -> None:
        self.position.known["staff"] = self._known("staff") | dict.fromkeys(ids, 1)

    def _add_asked(self, found: Iterable[tuple[str, str]]) -> None:
        staff = self._known("staff")
        asked = {ticket: requester for ticket, requester in found if requester in staff}
        self.position.known["asked"] = self._known("asked") | asked

    def _earliest(self) -> int:
        return min(self.start, _epoch(self.now - NEWEST))

    def _page(self, name: str, answer: Answer, learn: Learn, items: int, done: float | None) -> Page:
        context = learn(answer.data)
        page = Page(
            stream=name,
            body=answer.body,
            cursor=self.position.text,
            fetched_at=self.now,
            context=context,
            items=items,
            done=done,
        )
        page.__dict__["data"] = answer.data  # parsed once: the client has to, to know where to go on
        return page


API = Zendesk()
