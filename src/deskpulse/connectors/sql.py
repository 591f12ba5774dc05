"""A database of one's own, such as a helpdesk's Postgres: tables or views behind any address Ibis can open.

The address is a secret, since it holds a password. The mapping is the one that files are imported by.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar

import ibis

from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.listed import listed_events, listings, needed
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.delimited import LINE
from deskpulse.connectors.files import text_table
from deskpulse.errors import SourceError

ROWS = 20_000
EXAMPLE = """
[[sources]]
name = "helpdesk"
connector = "sql"
every = "15m"

[[sources.options.tables]]
name = "tickets"
table = "tickets"                # a table or a view
schema = "public"                # where it is, if not in the one the address opens
cursor = "updated_at"            # a column that grows with each change
mapping = '''
shape = "ticket"
[columns]
id = "ticket"
created_at = "created_at"
requester_id = "customer"
'''
"""


class Database:
    """An open database and whose it is."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.told: Any = None
        try:
            self.backend: Any = ibis.connect(account.secret("address"))
        except SourceError:
            raise
        except Exception as cause:  # every engine has errors of its own, and their words may hold the address
            raise SourceError(
                f"The database of '{account.source}' cannot be opened ({type(cause).__name__}). Check that it runs, "
                f"and the address, with: deskpulse connect {account.source}"
            ) from None

    def __enter__(self) -> Database:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(AttributeError):
            self.backend.disconnect()

    def table(self, listing: Mapping[str, Any]) -> Any:
        """The listing's table or view; raises SourceError."""
        name = needed(self.account, listing, "table")
        try:
            return self.backend.table(name, database=listing.get("schema"))
        except Exception:  # every engine has an error of its own for a table that is not there
            raise SourceError(
                f"The database of '{self.account.source}' has no table '{name}', or it may not be read. Check 'table' "
                f"and 'schema', and the rights of the user."
            ) from None


class SQL(ApiConnector):
    """Reads tables of a database by the settings."""

    title: ClassVar[str] = "A database, by its settings"
    gives: ClassVar[tuple[str, ...]] = ("what its mappings say",)
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="address", says="The database's address, such as postgres://reader:secret@host/db", is_secret=True),
    )
    scopes: ClassVar[tuple[str, ...]] = ("reading the tables named",)
    maps: ClassVar[Mapping[str, str]] = {"anything": "[[sources.options.tables]], each with a mapping"}
    limits: ClassVar[tuple[str, ...]] = (
        "Without a 'cursor' column a table is read whole each time.",
        "Rows that were removed from the database stay.",
    )
    example: ClassVar[str] = EXAMPLE

    def open(self, account: Account) -> Database:
        """The database."""
        return Database(account)

    def check(self, client: Database) -> tuple[str, ...]:
        """Looks for each table; a source that has none yet is only opened."""
        if "tables" not in client.account.options:
            return ("what to read: add [[sources.options.tables]] to deskpulse.toml, as docs/connectors/sql.md shows",)
        for listing in listings(client.account, "tables").values():
            client.table(listing)
        return ()

    def pages(self, client: Database, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """Table by table, in the order of its cursor column, from the last value seen on: that one is read again."""
        position = Position.read(cursor)
        for name, listing in listings(client.account, "tables").items():
            here = position.lists.setdefault(name, {"from": since.isoformat(sep=" ") if since else None})
            column, most = listing.get("cursor"), ROWS
            while True:
                rows, last = _portion(client.table(listing), column, here["from"], most)
                is_end = len(rows) < most
                most = most * 4 if last == here["from"] else ROWS  # one value fills the portion: ask for more of it
                is_new = last != here["from"] or is_end
                here["from"] = last if column else None
                if is_new:
                    body = json.dumps(rows).encode()
                    yield Page(stream=name, body=body, cursor=position.text, fetched_at=now, items=len(rows))
                if is_end:
                    break

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows by the table's mapping."""
        listing = listings(account, "tables").get(page.stream)
        if listing is not None:
            yield from listed_events(page, page.data, account, listing)


def _portion(table: Any, column: str | None, begin: str | None, most: int) -> tuple[list[dict[str, str]], str | None]:
    """Rows as texts, and the last value of the cursor column."""
    if column is None:
        return _texts(table), None
    if begin is not None:
        table = table.filter(table[column] >= ibis.literal(begin).cast(table[column].type()))
    rows = _texts(table.order_by(table[column].asc(nulls_first=True)).limit(most))
    return rows, (rows[-1][column] or begin) if rows else begin


def _texts(table: Any) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = text_table(_in_utc(table).to_pyarrow()).drop_columns([LINE]).to_pylist()
    return rows


def _in_utc(table: Any) -> Any:
    zoned = {name: table[name].cast("timestamp('UTC')") for name, kind in table.schema().items() if _has_zone(kind)}
    return table.mutate(**zoned) if zoned else table


def _has_zone(kind: Any) -> bool:
    return bool(kind.is_timestamp() and kind.timezone not in (None, "UTC"))


API = SQL()
