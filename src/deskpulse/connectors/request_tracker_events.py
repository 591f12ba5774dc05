"""Request Tracker's transactions, and the tickets they are about, as canonical rows.

Nothing says what a ticket opened with. It is the old value of the first change of a field, or the present one where
nothing changed: both are told as one row, of which the earliest change makes the highest version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.api.rows import Rows
from deskpulse.errors import SourceError
from deskpulse.events.ticket import STATUSES as KNOWN_STATUSES

STATUSES = {"new": "new", "open": "open", "stalled": "pending", "resolved": "solved", "rejected": "closed"}
DELETED = "deleted"
SYSTEM = "RT_System"
NEVER_CHANGED, FIRST = 1, 2**62
LONGEST_ID = 18
AT_OPENING = -1
SEQUENCES = 4_000_000
"""Ids order what happened in one second; what they are beyond this does not matter."""

FIELDS = {"Status": "status", "Owner": "assignee", "Queue": "team", "Priority": "priority"}
MERGED = "MergedInto"
MESSAGES, RATINGS = ("Create", "Correspond", "Comment"), "CustomField"
KINDS, NAMES = (*MESSAGES, RATINGS), (*FIELDS, MERGED)
"""The types of transactions that are read, and the fields whatever the type."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What reading a page needs beside it: from its context, and from the settings."""

    tickets: Mapping[str, Any]
    queues: Mapping[str, str | None]
    texts: Mapping[str, str]
    staff: frozenset[str]
    nobody: str
    named: frozenset[str]
    bots: frozenset[str]
    statuses: Mapping[str, str]
    rating: str
    scale: tuple[float, float]

    @classmethod
    def of(cls, context: Mapping[str, Any], account: Account) -> Told:
        """From a page's context and a source's options; raises SourceError."""
        return cls(
            tickets={str(ticket["id"]): ticket for ticket in context["tickets"]},
            queues=context["queues"],
            texts=context.get("texts", {}),
            staff=frozenset(context["staff"]),
            nobody=context["nobody"],
            named=names(account.text("staff", "")),
            bots=names(account.text("bots", "")),
            statuses=STATUSES | _statuses(account),
            rating=account.text("rating", "").strip(),
            scale=_scale(account),
        )

    def kind(self, person: Any, ticket: str) -> str:
        """Who acts; staff that asked for the ticket themselves are its customers."""
        name, key = person.get("Name"), str(person["id"])
        if name == SYSTEM:
            return "system"
        if name in self.bots:
            return "bot"
        if key not in self.staff and name not in self.named:
            return "customer"
        return "customer" if any(str(one["id"]) == key for one in self.requestors(ticket)) else "agent"

    def requestors(self, ticket: str) -> list[Any]:
        """Who asked; empty for a ticket that is not told of."""
        return requestors(self.tickets.get(ticket, {}))

    def value(self, field: str, value: Any) -> str | None:
        """A field's value in canonical words."""
        text = str(value) if value not in (None, "") else None
        if field == "team" and text:
            return self.queues.get(text) or text
        if text == DELETED and field == "status":
            return None
        if field == "status" and text:
            return self.statuses.get(text.casefold(), "open")
        return None if field == "assignee" and text == self.nobody else text


def names(joined: str) -> frozenset[str]:
    """Names joined by commas."""
    return frozenset(name.strip() for name in joined.split(",") if name.strip())


def _statuses(account: Account) -> dict[str, str]:
    found = {}
    for one in names(account.text("statuses", "")):
        name, _, meaning = (part.strip() for part in one.partition("="))
        if meaning not in KNOWN_STATUSES:
            raise SourceError(
                f"The source '{account.source}' says {one!r} in statuses: write name=meaning, and mean one of "
                f"{', '.join(KNOWN_STATUSES)}."
            )
        found[name.casefold()] = meaning
    return found


def _scale(account: Account) -> tuple[float, float]:
    low, _, high = account.text("scale", "1-5").partition("-")
    try:
        return float(low), float(high)
    except ValueError:
        raise SourceError(
            f"The source '{account.source}' lacks a scale such as 1-5: write its lowest-highest."
        ) from None


def requestors(ticket: Any) -> list[Any]:
    """Who asked for a ticket, who opened it first."""
    opened_by, asked = ticket.get("Creator"), ticket.get("Requestor")
    found = [one for one in asked if is_person(one)] if isinstance(asked, list) else []
    return sorted(found, key=lambda one: not is_person(opened_by) or one["id"] != opened_by["id"])


def people(ticket: Any) -> list[str]:
    """Ids of those who asked for a ticket and of who owns it."""
    return [str(one["id"]) for one in (*requestors(ticket), ticket.get("Owner")) if is_person(one)]


def number(told: Any) -> int:
    """An id as a number; raises ValueError."""
    text = str(told)
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID:
        return int(text)
    raise ValueError(f"{text} is no id")


def is_person(told: Any) -> bool:
    """Somebody whose id is told."""
    return isinstance(told, dict) and told.get("id") is not None


def transactions(data: Any, rows: Rows, told: Told) -> None:
    """Everything a page tells."""
    rows.each(list(told.tickets.values()), lambda ticket: _ticket(ticket, rows, told))
    rows.each(data.get("items"), lambda item: _transaction(item, rows, told))


def _ticket(ticket: Any, rows: Rows, told: Told) -> None:
    key, asked = str(ticket["id"]), requestors(ticket)
    rows.add(
        "ticket", key, seconds(ticket["LastUpdated"]), created_at=ticket["Created"], subject=ticket.get("Subject"),
        customer=asked[0]["id"] if asked else None,
    )  # fmt: skip
    for one in asked:
        rows.add("customer", one["id"], 1, name=_name(one), account=one.get("Organization") or None)
    owner = ticket["Owner"]
    if str(owner["id"]) != told.nobody:
        _person(rows, told, owner, "bot" if owner.get("Name") in told.bots else "agent")
    present = {"Status": ticket["Status"], "Owner": owner["id"], "Queue": ticket["Queue"]["id"]}
    for name, value in (present | {"Priority": ticket.get("Priority")}).items():
        _opening(rows, told, key, name, value, NEVER_CHANGED)


def _opening(rows: Rows, told: Told, ticket: str, name: str, value: Any, version: int) -> None:
    field = FIELDS[name]
    if ticket in told.tickets:
        rows.add(
            "change", f"{ticket}:opening:{field}", version, ticket=ticket, at=told.tickets[ticket]["Created"],
            seq=AT_OPENING, field=field, new=told.value(field, value),
        )  # fmt: skip


def _transaction(item: Any, rows: Rows, told: Told) -> None:
    kind, name, ticket = item["Type"], item.get("Field"), str(number(item["ObjectId"]))
    if kind in MESSAGES:
        _message(item, rows, told, ticket)
    elif kind == RATINGS:
        _rating(item, rows, told, ticket)
    elif name in FIELDS:
        _change(item, rows, told, ticket)
    elif name == MERGED:
        _merge(item, rows, told, ticket)
    else:
        raise ValueError("nothing that was asked for")


def _merge(item: Any, rows: Rows, told: Told, ticket: str) -> None:
    """It is said of both tickets; of the surviving one, that it was merged into itself."""
    into = str(item["NewValue"]).rpartition("/")[2]
    if item["Type"] == "AddLink" and into != ticket:
        _changed(item, rows, told, ticket, "merged_into", into)


def _message(item: Any, rows: Rows, told: Told, ticket: str) -> None:
    by, id_, is_opening = item["Creator"], number(item["id"]), item["Type"] == "Create"
    kind, asked = told.kind(by, ticket), told.requestors(ticket)
    _person(rows, told, by, kind)
    is_noted = is_opening and kind == "agent"
    if is_opening and kind in ("bot", "system") and asked:
        by, kind = asked[0], "customer"
    rows.add(
        "message", id_, 1, ticket=ticket, at=item["Created"], seq=id_ % SEQUENCES, author=by["id"],
        author_kind=kind, is_public=item["Type"] != "Comment" and not is_noted,
        text=told.texts.get(str(id_)), work_seconds=60.0 * float(item.get("TimeTaken") or 0) or None,
    )  # fmt: skip
    if is_opening and ticket not in told.tickets:
        rows.add("ticket", ticket, 0, created_at=item["Created"], customer=by["id"] if kind == "customer" else None)


def _change(item: Any, rows: Rows, told: Told, ticket: str) -> None:
    name, old, new = item["Field"], item.get("OldValue"), item.get("NewValue")
    if name == "Status" and DELETED in (old, new):
        _changed(item, rows, told, ticket, "deleted", "true" if new == DELETED else "false")
    if old != DELETED:
        _opening(rows, told, ticket, name, old, FIRST - number(item["id"]))
    if new != DELETED:
        _changed(item, rows, told, ticket, FIELDS[name], told.value(FIELDS[name], new), told.value(FIELDS[name], old))


def _changed(
    item: Any, rows: Rows, told: Told, ticket: str, field: str, new: str | None, old: str | None = None
) -> None:
    by, is_deletion = item["Creator"], field == "deleted"
    kind = told.kind(by, ticket)
    _person(rows, told, by, kind)
    rows.add(
        "change", f"{item['id']}:deleted" if is_deletion else item["id"], 1, ticket=ticket, at=item["Created"],
        seq=number(item["id"]) % SEQUENCES, field=field, old=old, new=new, by=by["id"], by_kind=kind,
    )  # fmt: skip


def _rating(item: Any, rows: Rows, told: Told, ticket: str) -> None:
    fields = told.tickets.get(ticket, {}).get("CustomFields") or ()
    is_rating = any(str(one["id"]) == str(item["Field"]) and one.get("name") == told.rating for one in fields)
    if is_rating and item.get("NewValue"):
        asked = told.requestors(ticket)
        rows.add(
            "survey", item["id"], 1, survey=f"{ticket}:rating", ticket=ticket, at=item["Created"], action="answered",
            kind="csat", score=item["NewValue"], scale_low=told.scale[0], scale_high=told.scale[1],
            customer=asked[0]["id"] if asked else None,
        )  # fmt: skip


def _person(rows: Rows, told: Told, person: Any, kind: str) -> None:
    if kind == "customer":
        rows.add("customer", person["id"], 0, name=_name(person))
    else:
        rows.add("person", person["id"], 1, name=_name(person), kind=kind)


def _name(person: Any) -> str | None:
    name: str | None = person.get("RealName") or person.get("Name")
    return name


def seconds(at: str) -> int:
    """ISO text as seconds since 1970."""
    return int(datetime.fromisoformat(at).timestamp())
