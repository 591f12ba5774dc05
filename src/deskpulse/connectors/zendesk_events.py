"""Pages of Zendesk's API as canonical rows. Both ways of writing a change are read: as a key of the event
(``"status": "open"``), and as ``field_name`` with ``value``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from deskpulse.connectors.api.rows import Rows

FIELDS = {
    "status": "status",
    "assignee_id": "assignee",
    "group_id": "team",
    "priority": "priority",
    "type": "type",
}
STATUSES = {"hold": "on_hold"}
KEPT = ("new", "open", "pending", "on_hold", "solved", "closed")
SCORES = {"good": 1.0, "good_with_comment": 1.0, "bad": 0.0, "bad_with_comment": 0.0}
METRICS = {"reply_time": "first_response", "resolution_time": "resolution"}
AFTER_MESSAGES = 1_000_000
"""The place of a change in its second: after the messages, since a reply and its solve are one act."""

AT_OPENING = -1
SYSTEM = "-1"
Known = Mapping[str, Any]


def tickets(data: Any, rows: Rows, known: Known) -> None:
    """Tickets as they were opened, and those that are gone. What they became is told by the events."""

    def read(ticket: Any) -> None:
        number, version = ticket["id"], ticket.get("generated_timestamp") or _seconds(ticket["updated_at"])
        rows.add(
            "ticket", number, version, created_at=ticket["created_at"], subject=ticket.get("subject"),
            channel=(ticket.get("via") or {}).get("channel"), customer=ticket.get("requester_id"),
            tags=",".join(sorted(ticket.get("tags") or ())) or None, brand=ticket.get("brand_id"),
        )  # fmt: skip
        if ticket.get("status") == "deleted":
            rows.add(
                "change", f"{number}:deleted", version, ticket=number, at=ticket["updated_at"], field="deleted",
                new="true", seq=AFTER_MESSAGES,
            )  # fmt: skip
        for merged in ticket.get("merged_ticket_ids") or ():
            _merge(rows, merged, number, ticket["updated_at"])

    rows.each(data.get("tickets"), read)


def ticket_events(data: Any, rows: Rows, known: Known) -> None:
    """What happened: one audit is one update, with the fields it changed and the comment it brought."""
    reader = _Audits(rows, known)
    rows.each(data.get("ticket_events"), reader.read)


class _Audits:
    def __init__(self, rows: Rows, known: Known) -> None:
        self.rows = rows
        self.groups: Mapping[str, str] = known.get("groups", {})
        self.staff = frozenset(known.get("staff", ()))
        self.bots = frozenset(known.get("bots", ()))
        self.asked = dict(known.get("asked", {}))

    def read(self, audit: Any) -> None:
        ticket, at = str(audit["ticket_id"]), audit.get("created_at") or audit["timestamp"]
        by = str(audit.get("updater_id") or audit.get("author_id") or SYSTEM)
        beside = _children(audit)

        def read(child: Any) -> None:
            kind = child.get("event_type") or child.get("type")
            if kind == "Comment":
                self._message(child, audit, ticket, at, by)
            elif kind in ("Create", "Change"):
                self._changes(child, kind == "Create", (audit["id"], ticket, at, by), beside)

        self.rows.inner(audit.get("child_events"), read)
        source = _source(audit)
        if source.get("rel") == "merge":
            self._merges(source, ticket, at)

    def _message(self, child: Any, audit: Any, ticket: str, at: Any, by: str) -> None:
        author = str(child.get("author_id") or by)
        self.rows.add(
            "message", child.get("id") or f"{audit['id']}:comment", 1, ticket=ticket, at=at, author=author,
            author_kind=self._kind(author, ticket), is_public=child.get("public", True),
            text=child.get("plain_body") or child.get("body"),
        )  # fmt: skip

    def _changes(self, child: Any, is_opening: bool, what: tuple[Any, str, Any, str], beside: Any) -> None:
        audit, ticket, at, by = what
        for name, given, before in _told(child):
            if name == SCORE:
                words = next((value for one in beside for told, value, _ in _told(one) if told == COMMENT), None)
                self._survey(ticket, at, str(given), words)
            if name not in FIELDS:
                continue
            field, new, old = FIELDS[name], self._named(name, given), self._named(name, before)
            if field == "status" and (new not in KEPT or old == "deleted"):
                self._deletion(audit, ticket, at, by, new)
            if field == "status" and new not in KEPT:
                continue
            number = child.get("id") if "id" in child and not is_opening else f"{child.get('id', audit)}:{field}"
            self.rows.add(
                "change", number, 1, ticket=ticket, at=at, seq=AT_OPENING if is_opening else AFTER_MESSAGES,
                field=field, old=None if is_opening else old, new=new, by=by, by_kind=self._by(child, by, ticket),
            )  # fmt: skip

    def _deletion(self, audit: Any, ticket: str, at: Any, by: str, status: str | None) -> None:
        """A ticket that went, or came back."""
        self.rows.add(
            "change", f"{audit}:deleted", 1, ticket=ticket, at=at, seq=AFTER_MESSAGES, field="deleted",
            new="true" if status == "deleted" else "false", by=by,
        )  # fmt: skip

    def _survey(self, ticket: str, at: Any, value: str, words: Any) -> None:
        if value != "offered" and value not in SCORES:
            return
        is_answer = value != "offered"
        self.rows.add(
            "survey", f"{ticket}:rating:{_seconds(at)}:{value}", 1, survey=f"{ticket}:rating", ticket=ticket, at=at,
            action="answered" if is_answer else "offered", kind="csat", score=SCORES.get(value),
            comment=words if is_answer else None,
            scale_low=0.0 if is_answer else None, scale_high=1.0 if is_answer else None,
        )  # fmt: skip

    def _merges(self, source: Any, ticket: str, at: Any) -> None:
        begun, ended = source.get("from") or {}, source.get("to") or {}
        if isinstance(ended, dict) and ended.get("ticket_id") and str(ended["ticket_id"]) != ticket:
            _merge(self.rows, ticket, ended["ticket_id"], at)
        if isinstance(begun, dict):
            for merged in begun.get("ticket_ids") or [begun.get("ticket_id")]:
                if merged and str(merged) != ticket:
                    _merge(self.rows, merged, ticket, at)

    def _named(self, name: str, value: Any) -> str | None:
        if value in (None, ""):
            return None
        text = str(value)
        if name == "group_id":
            return self.groups.get(text) or text
        return STATUSES.get(text.lower(), text.lower()) if name == "status" else text

    def _by(self, child: Any, by: str, ticket: str) -> str:
        return "system" if _source(child).get("rel") in ("trigger", "automation") else self._kind(by, ticket)

    def _kind(self, person: str, ticket: str) -> str:
        if person == SYSTEM:
            return "system"
        if person in self.bots:
            return "bot"
        return "agent" if person in self.staff and self.asked.get(ticket) != person else "customer"


SCORE, COMMENT = "satisfaction_score", "satisfaction_comment"
READ = frozenset((*FIELDS, SCORE, COMMENT))


def _told(child: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, new and old value of each field an event sets. ``type`` is a field only where it is not the event's own."""
    if "field_name" in child:
        yield child["field_name"], child.get("value"), child.get("previous_value")
        return
    for name in child:
        if name in READ and (name != "type" or "event_type" in child):
            yield name, child[name], child.get("previous_value")


def _source(told: Any) -> Mapping[str, Any]:
    via = told.get("via")
    source = via.get("source") if isinstance(via, dict) else None
    return source if isinstance(source, dict) else {}


def _merge(rows: Rows, merged: Any, into: Any, at: Any) -> None:
    rows.add(
        "change", f"{merged}:merged_into", 1, ticket=merged, at=at, field="merged_into", new=into, seq=AFTER_MESSAGES
    )


def _seconds(at: Any) -> int:
    if isinstance(at, int | float):
        return int(at)
    return int(datetime.fromisoformat(str(at)).timestamp())


def ticket_metric_events(data: Any, rows: Rows, known: Known) -> None:
    """Targets that policies set; what was met is worked out here, from what happened."""

    def read(event: Any) -> None:
        sla = event.get("sla")
        if event.get("type") != "apply_sla" or event.get("metric") not in METRICS or not isinstance(sla, dict):
            return
        is_later = event["metric"] == "reply_time" and event.get("instance_id", 1) > 1
        seconds = sla.get("target_in_seconds")
        policy = sla.get("policy") or {}
        rows.add(
            "policy_target", event["id"], 1, ticket=event["ticket_id"], at=event["time"],
            policy=policy.get("title") or policy.get("id"),
            metric="next_reply" if is_later else METRICS[event["metric"]],
            target_seconds=sla["target"] * 60 if seconds is None else seconds,
            clock="business" if sla.get("business_hours") else "calendar",
        )  # fmt: skip

    rows.each(data.get("ticket_metric_events"), read)


def users(data: Any, rows: Rows, known: Known) -> None:
    """Agents, and everybody as somebody who may ask."""
    names = {one.get("id"): one.get("name") for one in data.get("organizations") or () if isinstance(one, dict)}

    def read(user: Any) -> None:
        version = _seconds(user["updated_at"]) if user.get("updated_at") else 1
        if user.get("role") in ("agent", "admin"):
            kind = "bot" if str(user["id"]) in known["bots"] else "agent"
            rows.add("person", user["id"], version, name=user.get("name"), kind=kind)
        belongs = user.get("organization_id")
        rows.add("customer", user["id"], version, name=user.get("name"), account=names.get(belongs) or belongs)

    rows.each(data.get("users"), read)


def groups(data: Any, rows: Rows, known: Known) -> None:
    """Names of groups stand beside the events that need them."""


def assignees(events: Iterable[Any]) -> Iterator[str]:
    """Whom tickets were assigned to: they are staff, whatever their role is by now."""
    for event in events:
        for child in _children(event):
            if "assignee_id" in child or child.get("field_name") == "assignee_id":
                told = [value for name, new, old in _told(child) if name == "assignee_id" for value in (new, old)]
                yield from (str(value) for value in told if value)


def requesters(events: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Ticket and requester, where events say so."""
    for event in events:
        for child in _children(event):
            if child.get("requester_id"):
                yield str(event.get("ticket_id")), str(child["requester_id"])


def people_and_tickets(events: Iterable[Any]) -> tuple[set[str], set[str]]:
    """Who acts on a page of events, and which tickets it is about."""
    people, about = set(), set()
    for event in events:
        about.add(str(event.get("ticket_id")))
        people.add(str(event.get("updater_id") or event.get("author_id")))
        people.update(str(c["author_id"]) for c in _children(event) if "author_id" in c)
    return people, about


def _children(event: Any) -> list[Any]:
    """What an update did; what is no table of values is put aside when it is read."""
    children = event.get("child_events")
    return [child for child in children if isinstance(child, dict)] if isinstance(children, list) else []


READERS: Mapping[str, Callable[[Any, Rows, Known], None]] = {
    "groups": groups,
    "users": users,
    "tickets": tickets,
    "ticket_events": ticket_events,
    "ticket_metric_events": ticket_metric_events,
}
