"""What of a person is let into the event history: no words where none are to be kept, nobody who asked to be erased."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.events import EVENT_TABLES, EventTable
from deskpulse.settings.privacy import Privacy
from deskpulse.store.erased import Erased
from deskpulse.store.erasing import WRITTEN_BY, customers_in

Stream = Iterable[Batch | Quarantined]
BETWEEN = "\x00"
TOKENS = (re.compile(r"[^\s\"'`,;|=<>(){}\[\]]+"), re.compile(r"[\w@.+-]+"))
ELLIPSIS = "…"


def screened(stream: Stream, *, source: str, privacy: Privacy, erased: Erased) -> Stream:
    """The same stream without what the settings say is not kept, and without those who were erased."""
    if privacy.keep_text and not erased:
        return stream
    return _screened(stream, source, privacy, erased)


def _screened(stream: Stream, source: str, privacy: Privacy, erased: Erased) -> Iterator[Batch | Quarantined]:
    for item in stream:
        if isinstance(item, Quarantined):
            yield _refused(item, source, privacy, erased)
        elif item.table not in EVENT_TABLES:
            yield item
        else:
            table = EVENT_TABLES[item.table]
            rows = item.rows if privacy.keep_text else without(item.rows, table.private("words"))
            yield replace(item, rows=pseudonymised(table, rows, erased) if erased else rows)


def _refused(item: Quarantined, source: str, privacy: Privacy, erased: Erased) -> Quarantined:
    found = {token for pattern in TOKENS for text in (item.raw, item.reason) for token in pattern.findall(text or "")}
    theirs = {token for token in found if erased and erased.holds(source, token)}
    reason = item.reason
    for token in theirs:
        reason = _standing_alone(token).sub(ELLIPSIS, reason)
    return replace(item, reason=reason, raw=item.raw if privacy.keep_text and not theirs else "")


def without(rows: pa.Table, columns: Iterable[str]) -> pa.Table:
    """The rows with nothing in some columns."""
    for name in columns:
        if name in rows.column_names:
            place = rows.column_names.index(name)
            rows = rows.set_column(place, name, pa.nulls(len(rows), pa.string()))
    return rows


def pseudonymised(table: EventTable, rows: pa.Table, erased: Erased) -> pa.Table:
    """The rows with a pseudonym for each customer who was erased, and nothing they wrote or are called."""
    known = {
        column: erased_in(rows, column, erased)
        for column in (*customers_in(table), *table.private("author"))
        if column in rows.column_names
    }
    if not any(known.values()):
        return rows
    return pa.Table.from_pylist([_row(table, row, known) for row in rows.to_pylist()], schema=rows.schema)


def erased_in(rows: pa.Table, column: str, erased: Erased) -> Mapping[str, str]:
    """The pseudonyms of those customers of a column who were erased, by source and id."""
    texts = [rows[name].cast(pa.string()) for name in ("source", column)]
    pairs = pc.unique(pc.binary_join_element_wise(*texts, BETWEEN)).to_pylist()
    split = {pair: pair.split(BETWEEN, 1) for pair in pairs if pair is not None}
    named = {pair: erased.pseudonym(*parts) for pair, parts in split.items()}
    return {pair: pseudonym for pair, pseudonym in named.items() if pseudonym in erased.hashes}


def _row(table: EventTable, row: dict[str, Any], known: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    changed = dict(row)
    for column, pseudonyms in known.items():
        is_staff = column in table.private("author") and row.get(f"{column}_kind") not in (None, WRITTEN_BY)
        pseudonym = pseudonyms.get(f"{row['source']}{BETWEEN}{row[column]}")
        if pseudonym is None or is_staff:
            continue
        changed |= dict.fromkeys(name for name in table.private("words", "name") if name in row)
        if table.ticket != "source_id" and not str(row[column]).isdecimal():
            # A bare number may be something else's as well: another table's id that happens to be the same.
            changed["source_id"] = _standing_alone(row[column]).sub(pseudonym, changed["source_id"])
        changed[column] = pseudonym
    return changed


def _standing_alone(id: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(id)}(?![A-Za-z0-9])")
