"""Pages of Request Tracker's transactions, each with the tickets it is about and what was written.

Request Tracker takes what an access may not see out of a page after it was cut, so that a short or an empty page does
not mean the end; the end is the newest transaction that could be seen when the run began.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile
from typing import Any

from deskpulse.connectors import request_tracker_events as events
from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.page import Page, Position
from deskpulse.errors import SourceError

SIZE = 100
"""Rows of a page; more than this are never given."""

SETTLED = timedelta(minutes=1)
"""A transaction may be stored after one with a higher id was: those of the last minute are read again."""

MOST_HIDDEN = 10_000
"""Pages without a transaction that can be seen before a run gives up."""

ANY_ZONE = timedelta(days=1)
"""Times in a query are in the zone of the access's owner, whatever is written behind them."""

WHAT = (
    "ObjectType = 'RT::Ticket' AND TicketType = 'ticket' AND Type != 'SetWatcher' AND ("
    + " OR ".join([f"Type = '{kind}'" for kind in events.KINDS] + [f"Field = '{name}'" for name in events.NAMES])
    + ")"
)
TRANSACTION = {
    "fields": "Type,Field,OldValue,NewValue,ObjectId,Created,Creator,TimeTaken",
    "fields[Creator]": "id,Name,RealName",
}
TICKET = {
    "fields": "Created,LastUpdated,Subject,Queue,Owner,Status,Priority,Creator,Requestor,CustomFields",
    "fields[Queue]": "Name",
    "fields[Owner]": "id,Name,RealName",
    "fields[Creator]": "id",
    "fields[Requestor]": "id,Name,RealName,Organization",
}
TEXT = {"fields": "TransactionId,Filename,Content"}
PRIVILEGED = '[{"field":"Domain","value":"SystemInternal"},{"field":"Name","value":"Privileged"}]'
SEE_STAFF = "SeeGroup and AdminGroupMembership, to know who is staff (or say it by the option 'staff')"
HIDDEN = (403, 404)


@dataclass(kw_only=True)
class Reading:
    """One run. ``staff_named`` says that the settings tell who is staff."""

    client: Client
    position: Position
    now: datetime
    staff_named: bool = False
    has_texts: bool = False

    def transactions(self, since: datetime | None) -> Iterator[Page]:
        """All that is new, or began since a moment."""
        newest = self._newest()
        here = self.position.lists.setdefault("transactions", {})
        if newest is None:
            return
        if "after" not in here:
            here["after"] = self._before(since, newest)
        begin = at = here["after"]
        if at < newest:
            self._learn_people()
        page = 1
        while at < newest and SIZE * (page - 1) < newest - at:
            answer = self._ask(f"{WHAT} AND id > {at} AND id <= {newest}", page, TRANSACTION)
            found = items(answer)
            page = 1 if found else page + 1
            if found:
                at = number(found[-1])
                yield self._page(answer, found, (at - begin) / (newest - begin))

    def sees_tickets(self) -> bool:
        """The access may see a ticket."""
        answer = self.client.get("tickets", {"query": "id > 0", "per_page": 1})
        return bool(items(answer))

    def staff(self) -> list[str]:
        """The ids of all privileged users; none where they may not be seen."""
        groups = self.client.get("groups", {"query": PRIVILEGED}, accept=HIDDEN)
        found: list[str] = []
        for group in items(groups) if groups.status == 200 else ():
            for page in count(1):
                answer = self.client.get(
                    f"group/{group['id']}/members", {"per_page": SIZE, "page": page}, accept=HIDDEN
                )
                members = items(answer) if answer.status == 200 else []
                found += [str(member["id"]) for member in members]
                if len(members) < SIZE:
                    break
        return found

    def _newest(self) -> int | None:
        """The newest transaction that can be seen; null where there is none. Raises SourceError."""
        for page, size in ((1, 1), *((page, SIZE) for page in range(1, MOST_HIDDEN))):
            answer = self._ask(WHAT, page, {"order": "DESC", "per_page": size})
            found = items(answer)
            if found:
                return number(found[0])
            if answer.data.get("total") == 0 or not self.sees_tickets():
                return None
        raise SourceError(
            f"{self.client.source}: the access sees none of the newest {MOST_HIDDEN * SIZE} transactions. Give it "
            f"SeeQueue and ShowTicket on more queues."
        )

    def _before(self, since: datetime | None, newest: int) -> int:
        """The id after which reading begins."""
        if since is None:
            return 0
        query = f"{WHAT} AND Created > '{since - ANY_ZONE:%Y-%m-%d %H:%M:%S}'"
        found = items(self._ask(query, 1, {}))
        return number(found[0]) - 1 if found else newest

    def _ask(self, query: str, page: int, more: Mapping[str, Any]) -> Answer:
        params = {"query": query, "orderby": "id", "order": "ASC", "per_page": SIZE, "page": page, **more}
        return self.client.get("transactions", params)

    def _learn_people(self) -> None:
        """Who is staff by now (who once was stays so), and who nobody is."""
        known = self.position.known
        known["staff"] = sorted({*known.get("staff", ()), *self.staff()})
        if not known["staff"] and not self.staff_named:
            raise SourceError(f"{self.client.source}: the access lacks {SEE_STAFF}.")
        if "nobody" not in known:
            known["nobody"] = self._nobody()

    def _nobody(self) -> str:
        """The id of who owns what nobody owns; raises SourceError. Only its link tells everybody the id of a user."""
        told = self.client.get("user/Nobody").data
        for link in told.get("_hyperlinks", ()) if isinstance(told, dict) else ():
            if link.get("ref") == "self":
                return str(link["id"])
        raise SourceError(
            f"{self.client.source} does not tell who 'Nobody' is: is there a Request Tracker 5 at this url?"
        )

    def _page(self, answer: Answer, found: Sequence[Any], done: float) -> Page:
        here = self.position.lists["transactions"]
        settled = takewhile(lambda one: created(one) < self.now - SETTLED, found)
        here["after"] = max([here["after"], *map(number, settled)])
        context = self._context(found)
        page = Page(
            stream="transactions",
            body=answer.body,
            cursor=self.position.text,
            fetched_at=self.now,
            context=context,
            items=len(found),
            done=done,
        )
        page.__dict__["data"] = answer.data  # parsed once
        return page

    def _context(self, found: Sequence[Any]) -> Mapping[str, Any]:
        """What reading these transactions needs: their tickets, names of queues, and who of their people is staff."""
        tickets = self._tickets(sorted({str(one.get("ObjectId")) for one in found}))
        self._learn_queues(found, tickets)
        known = self.position.known
        people = {str(one["Creator"]["id"]) for one in found if events.is_person(one.get("Creator"))}
        people |= {person for ticket in tickets for person in events.people(ticket)}
        return {
            "tickets": tickets,
            "texts": self._texts([str(one["id"]) for one in found if one.get("Type") in events.MESSAGES]),
            "queues": known["queues"],
            "staff": sorted(people & set(known["staff"])),
            "nobody": known["nobody"],
        }

    def _tickets(self, numbers: Sequence[str]) -> list[Any]:
        """The tickets, those that were merged too (a query with EffectiveId finds them); deleted ones are not told."""
        named = " OR ".join(f"id = {one}" for one in numbers if is_number(one))
        query = f"({named or 'id = 0'}) AND EffectiveId > 0"
        return items(self.client.get("tickets", {"query": query, "orderby": "id", "per_page": SIZE, **TICKET}))

    def _texts(self, numbers: Sequence[str]) -> dict[str, str]:
        """What was written in each transaction: the first part that is text and no file."""
        found: dict[str, str] = {}
        wanted = [{"field": "TransactionId", "value": one} for one in numbers]
        wanted.append({"field": "ContentType", "operator": "STARTSWITH", "value": "text/"})
        for page in count(1) if self.has_texts and numbers else ():
            params = {**TEXT, "orderby": "id", "per_page": SIZE, "page": page}
            answer = self.client.send("POST", "attachments", params=params, body=wanted, accept=HIDDEN)
            parts = items(answer) if answer.status == 200 else []
            for part in parts:
                if not part.get("Filename") and isinstance(part.get("Content"), str):
                    found.setdefault(str(part.get("TransactionId")), part["Content"])
            if len(parts) < SIZE:
                return found
        return found

    def _learn_queues(self, found: Sequence[Any], tickets: Sequence[Any]) -> None:
        queues = self.position.known.setdefault("queues", {})
        present = [one["Queue"] for one in tickets if isinstance(one.get("Queue"), dict)]
        queues.update({str(one.get("id")): one.get("Name") for one in present})
        moved = [one for one in found if one.get("Field") == "Queue"]
        asked = {str(one.get(name)) for one in moved for name in ("OldValue", "NewValue")}
        for queue in filter(is_number, sorted(asked - queues.keys())):
            answer = self.client.get(f"queue/{queue}", accept=HIDDEN)
            queues[queue] = answer.data.get("Name") if answer.status == 200 else None


def items(answer: Answer) -> list[Any]:
    """The rows of a list that have a number; raises SourceError where there is no list."""
    found = answer.data.get("items") if isinstance(answer.data, dict) else None
    if not isinstance(found, list):
        raise SourceError("The answer has no items: is there a Request Tracker 5 at this url?")
    return [one for one in found if isinstance(one, dict) and is_number(one.get("id"))]


def is_number(told: Any) -> bool:
    """An id."""
    try:
        return events.number(told) >= 0
    except ValueError:
        return False


def number(item: Any) -> int:
    """The id of a row."""
    return events.number(item["id"])


def created(item: Any) -> datetime:
    """When a transaction was made (naive UTC); long ago where it does not say."""
    try:
        return datetime.fromisoformat(item["Created"]).astimezone(UTC).replace(tzinfo=None)
    except (KeyError, TypeError, ValueError):
        return datetime.min
