"""Request Tracker 5 over REST 2.0: every transaction of every ticket, in the order of their ids.

Ids of transactions only grow, so the last one read is an exact cursor. Each page of transactions is kept with the
tickets it is about as they are by then: who asked, and which queue, owner and status nobody has changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar

from deskpulse.connectors import request_tracker_events as events
from deskpulse.connectors.api.client import Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.request_tracker_reading import SEE_STAFF, Reading


class RequestTracker(ApiConnector):
    """Reads a Request Tracker."""

    title: ClassVar[str] = "Request Tracker"
    gives: ClassVar[tuple[str, ...]] = ("ticket", "message", "change", "survey", "person", "customer")
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="url", says="The address of the server", example="https://rt.example.com"),
        Need(
            name="token", says="An authentication token of a user (Logged in as, Settings, Auth Tokens)", is_secret=True
        ),
        Need(name="staff", says="Names of users that are staff, beside those that are privileged", default=""),
        Need(name="texts", says="Whether what was written is read: yes or no", default="yes"),
        Need(name="bots", says="Names of users that are bots, joined by commas", default=""),
        Need(name="rating", says="The custom field that holds the customer's satisfaction", default=""),
        Need(name="scale", says="The lowest and highest value of that field", default="1-5"),
        Need(
            name="statuses",
            says="What own statuses mean: new, open, pending, on_hold, solved or closed",
            example="answered=pending,done=solved",
            default="",
        ),
    )
    scopes: ClassVar[tuple[str, ...]] = (
        "SeeQueue", "ShowTicket", "ShowTicketComments", "SeeCustomField", SEE_STAFF,
    )  # fmt: skip
    maps: ClassVar[Mapping[str, str]] = {
        "ticket": "a ticket (no reminder, no approval) with its first requestor as the customer; queues are teams",
        "message": "Create and Correspond are public, Comment is internal with the time it took; what an agent creates "
        "is a request noted down, what a bot creates for a requestor is the requestor's",
        "change": "status (stalled is pending, resolved solved, rejected closed), owner, queue, priority; deleted; "
        "merged. What a ticket opened with is the old value of its first change",
        "survey": "each value the custom field of satisfaction took",
        "person": "privileged users that acted or own a ticket, and bots",
        "customer": "requestors and other people that wrote, with the organization as account",
    }
    limits: ClassVar[tuple[str, ...]] = (
        "Words come as they were written, in plain text or HTML; files are not read.",
        "Time recorded outside of replies and comments is not read.",
        "Where the access may not see all tickets, each sync passes over what it may not see since the last one.",
        "With --since, what happened to older tickets before is not read.",
        "Of a ticket that was deleted before the first sync no more is known than when it was opened, and by whom.",
        "Three requests per 100 transactions; two without what was written.",
    )
    unverified: ClassVar[tuple[str, ...]] = ("Other versions than 5.0.3, and other databases than SQLite.",)

    def open(self, account: Account) -> Client:
        """The client; ``about`` is the account."""
        base = f"{account.text('url').rstrip('/')}/REST/2.0"
        client = Client(base, source=account.source, headers={"Authorization": f"token {account.secret('token')}"})
        client.about = account
        return client

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks for a ticket and the members of staff."""
        reading = _reading(client, Position(), datetime.min)
        missing = () if reading.sees_tickets() else ("SeeQueue and ShowTicket (or there is no ticket yet)",)
        return missing if reading.staff_named or reading.staff() else (*missing, SEE_STAFF)

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """The transactions after the last one read, to the newest."""
        yield from _reading(client, Position.read(cursor), now).transactions(since)

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows of a page of transactions and of their tickets."""
        rows = Rows(account.source, page.fetched_at, page=f"{account.source}: {page.stream}")
        events.transactions(page.data, rows, events.Told.of(page.context, account))
        yield from rows.batches()


def _reading(client: Client, position: Position, now: datetime) -> Reading:
    account: Account = client.about
    return Reading(
        client=client,
        position=position,
        now=now,
        staff_named=bool(events.names(account.text("staff", ""))),
        has_texts=account.text("texts", "yes") != "no",
    )


API = RequestTracker()
