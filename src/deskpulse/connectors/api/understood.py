"""What comes from outside, and may be anything: read so that nothing odd in it is a fault of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from deskpulse.connectors.api.connector import Account, ApiConnector
from deskpulse.connectors.api.page import Page
from deskpulse.connectors.api.parsed import uncollected
from deskpulse.connectors.api.rows import UNREADABLE
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.errors import SourceError

MOST_RAW = 500
MOST_ALIKE = 3
Found = TypeVar("Found")


def understood_pages(
    connector: ApiConnector, client: Any, source: str, cursor: str | None, *, now: datetime, since: datetime | None
) -> Iterator[Page]:
    """The connector's pages; raises SourceError where an answer is so odd that nobody knows how to go on from it."""
    last, alike = None, 0
    try:
        for page in connector.pages(client, cursor, now=now, since=since):
            alike = alike + 1 if last == (page.stream, page.body, page.cursor) else 0
            last = (page.stream, page.body, page.cursor)
            if alike == MOST_ALIKE:
                raise SourceError(
                    f"{source} answers with one page of {page.stream} again and again. What was read is kept; go on "
                    f"later with: deskpulse sync {source}"
                )
            yield page
    except (*UNREADABLE, RecursionError) as error:
        raise SourceError(
            f"{source} answered what cannot be understood ({type(error).__name__}: {error}). What was read is kept. "
            f"Try again with: deskpulse sync {source}. If it stays so, its API has changed: look for a newer deskpulse."
        ) from error


def understood_events(
    connector: ApiConnector, account: Account, number: int, page: Page
) -> Iterator[Batch | Quarantined]:
    """The page's events, whole or not at all: a page that cannot be understood is put aside and holds nothing up."""
    try:
        with uncollected():
            events = list(connector.to_events(page, account))
        yield from events
    except (*UNREADABLE, RecursionError) as error:
        told = f"the page of {page.stream} cannot be read ({type(error).__name__}: {error})"
        raw = page.body[:MOST_RAW].decode(errors="replace")
        yield Quarantined(file=f"{account.source} page {number}", line=None, column=None, reason=told, raw=raw)


def learned(items: Any, read: Callable[[Any], Found]) -> Iterator[Found]:
    """What ``read`` finds in each item of a list; an odd one teaches nothing, and is put aside when its row is read."""
    for item in items if isinstance(items, list) else ():
        try:
            found = read(item)
        except UNREADABLE:
            continue
        yield found
