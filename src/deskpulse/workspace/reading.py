"""Kept pages as events: one as it comes, or many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from deskpulse.connectors.api.connector import Account, api_connector
from deskpulse.connectors.api.page import Page
from deskpulse.connectors.api.understood import understood_events
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.settings.sources import Source
from deskpulse.store.pages import Pages


@dataclass(frozen=True, kw_only=True)
class Read:
    """Kept pages as events, waiting to be merged: columns, which take a tenth of the pages' room.

    ``number``, ``cursor`` and ``fetched_at`` are those of the newest of them; ``size`` is in bytes.
    """

    number: int
    cursor: str
    fetched_at: datetime
    events: list[Batch | Quarantined]
    size: int
    pages: int = 1


def account_of(source: Source) -> Account:
    """The account that a source of the settings is."""
    return Account(source=source.name, options=source.options)


def read_page(source: Source, number: int, page: Page) -> Read:
    """One page's events; what was parsed of it is let go."""
    events = list(understood_events(api_connector(source.connector), account_of(source), number, page))
    page.read_through()
    return Read(number=number, cursor=page.cursor, fetched_at=page.fetched_at, events=events, size=_size(events))


def read_kept(root: Path, source: Source, numbers: Sequence[int]) -> Read:
    """The events of several kept pages, read one after the other; raises WorkspaceError for one that is damaged."""
    pages = Pages(root, source.name)
    read = [read_page(source, number, pages.read(number)) for number in numbers]
    events = [_in_one_piece(item) for item in together(read)]
    last = read[-1]
    return Read(
        number=last.number,
        cursor=last.cursor,
        fetched_at=last.fetched_at,
        events=events,
        size=_size(events),
        pages=len(read),
    )


def together(read: Sequence[Read]) -> Iterator[Batch | Quarantined]:
    """The rows of all pages table by table: to put a table aside costs the same for one page and for many."""
    tables: dict[str, list[pa.Table]] = {}
    for item in (item for one in read for item in one.events):
        if isinstance(item, Batch):
            tables.setdefault(item.table, []).append(item.rows)
        else:
            yield item
    for table, rows in tables.items():
        yield Batch(table=table, rows=pa.concat_tables(rows))


def _in_one_piece(item: Batch | Quarantined) -> Batch | Quarantined:
    return Batch(table=item.table, rows=item.rows.combine_chunks()) if isinstance(item, Batch) else item


def _size(events: Sequence[Batch | Quarantined]) -> int:
    return sum(item.rows.nbytes for item in events if isinstance(item, Batch))
