"""Rows of any JSON list by a mapping of the settings: the same mappings that files are imported by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.api.page import Page
from deskpulse.connectors.api.rows import MOST_RAW
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.delimited import LINE, Rows
from deskpulse.connectors.mapped import mapped_batches
from deskpulse.connectors.mapping import parse_mapping
from deskpulse.connectors.rows import Origin
from deskpulse.errors import SourceError


def listings(account: Account, key: str) -> Mapping[str, Mapping[str, Any]]:
    """The tables of an option such as ``lists``, by their names; raises SourceError."""
    tables = account.options.get(key)
    if not isinstance(tables, list) or not tables or not all(isinstance(one, dict) and "name" in one for one in tables):
        raise SourceError(
            f"The source '{account.source}' has no {key}: add [[sources.options.{key}]] with a name and a mapping to "
            f"deskpulse.toml. docs/connectors shows an example."
        )
    return {str(one["name"]): one for one in tables}


def needed(account: Account, listing: Mapping[str, Any], key: str) -> str:
    """What a listing must say; raises SourceError."""
    value = listing.get(key)
    if not isinstance(value, str) or not value:
        raise SourceError(f"'{listing['name']}' of the source '{account.source}' lacks {key} = \"...\": add it.")
    return value


def listed_events(
    page: Page, items: Any, account: Account, listing: Mapping[str, Any]
) -> Iterator[Batch | Quarantined]:
    """The rows by the listing's mapping; raises SourceError for a mapping that cannot work here."""
    name = f"{account.source}: {page.stream}"
    mapping = parse_mapping(needed(account, listing, "mapping"), origin=f"the mapping of {name}")
    if mapping.shape == "event":
        raise SourceError(
            f'The mapping of {name} has shape = "event", which needs all rows of a ticket at once. Use "ticket", or '
            f'"table" with table = "messages" and "changes".'
        )
    if not isinstance(items, list):
        yield _refused(name, None, items, "is no list")
        return
    for line, item in enumerate(items, 1):
        if not isinstance(item, dict):
            yield _refused(name, line, item, "is no table of values")
    numbered = [(line, flat(item)) for line, item in enumerate(items, 1) if isinstance(item, dict)]
    rows = [row for _, row in numbered]
    headers = dict.fromkeys(header for row in rows for header in row)
    columns = {header: pa.array([_text(row.get(header)) for row in rows], pa.string()) for header in headers}
    columns |= _absent({column.header for column in mapping.columns.values()}, set(headers), len(rows))
    lines = pa.array([line for line, _ in numbered], pa.int64())
    if rows:
        texts = Rows(file=name, table=pa.table({**columns, LINE: lines}))
        yield from mapped_batches(texts, mapping, Origin(source=account.source, observed_at=page.fetched_at))


def _refused(name: str, line: int | None, item: Any, reason: str) -> Quarantined:
    return Quarantined(file=name, line=line, column=None, reason=reason, raw=json.dumps(item)[:MOST_RAW])


def _absent(wanted: set[str], headers: set[str], size: int) -> dict[str, pa.Array]:
    """JSON leaves out what is empty: a page on which nobody has a value is still of the same form."""
    known = {header.casefold() for header in headers}
    return {header: pa.repeat(pa.scalar(""), size) for header in sorted(wanted) if header.casefold() not in known}


def flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A row whose nested values are columns such as ``user.name``; lists of texts are joined by commas."""
    found: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def at_path(data: Any, path: str) -> Any:
    """What stands at ``a.b`` in nested tables; the whole for an empty path, null where there is nothing."""
    for part in filter(None, path.split(".")):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        plain = all(isinstance(one, str | int | float) for one in value)
        return ",".join(str(one) for one in value) if plain else json.dumps(value)
    return str(value)
