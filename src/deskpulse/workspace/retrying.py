"""Refused rows tried again: from their file by the mapping as it is now, or as they were kept, by the checks of now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from deskpulse.answers.sources import RefusedRow, refused_rows
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.errors import InputError
from deskpulse.events import EVENT_TABLES
from deskpulse.language import gettext
from deskpulse.store.erased import Erased
from deskpulse.store.layout import find_workspace, write_atomically
from deskpulse.store.requarantine import requarantine
from deskpulse.store.work import QUARANTINE, open_work
from deskpulse.sync import check
from deskpulse.workspace.privacy import screened
from deskpulse.workspace.writing import MEMORY, Stream, build_and_publish, connector_called, merge

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

LOG = "imports.json"
EVERY = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Retried:
    """How many rows of a file are still refused, and how many were before."""

    before: int
    still: int


def remember_import(root: Path, source: str, connector: str, files: Sequence[str]) -> None:
    """Keeps by what a source's files were read, so that they can be read again."""
    known = _imports(root)
    path = str(Path(connector).resolve()) if connector.endswith(".toml") else connector
    read = {str(Path(file)): {"connector": path, "path": str(Path(file).resolve())} for file in files}
    known[source] = {**known.get(source, {}), **read}
    write_atomically(find_workspace(root).private / LOG, json.dumps(known, ensure_ascii=False, indent=1))


def _imports(root: Path) -> dict[str, dict[str, dict[str, str]]]:
    file = find_workspace(root).private / LOG
    found: dict[str, dict[str, dict[str, str]]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def can_retry(place: Workspace, source: str, file: str) -> bool:
    """There is something to read again: a kept row of an event table, or a file that is still there."""
    known = _imports(place.root).get(source, {}).get(file)
    return file in EVENT_TABLES or (known is not None and Path(known["path"]).exists())


def again(place: Workspace, source: str, file: str) -> str:
    """What to type for rows that the page itself cannot read again: of a page of an API, of a delivery, or a file."""
    if file == f"{source}: hook":
        return gettext("have it sent again")
    is_connected = source in {known.name for known in place.settings.sources}
    if is_connected and file.startswith((f"{source}: ", f"{source} page ")):
        return f"deskpulse replay {source}"
    return f"deskpulse import PRESET|MAPPING {file} --source {source}"


def retry(place: Workspace, source: str, file: str, *, now: datetime) -> Retried:
    """Reads the refused rows of a file again; raises AccessError, InputError where there is nothing to read."""
    place.viewer.need("administer")
    from deskpulse.workspace import open

    fresh = open(place.root)
    known = [
        row for row in refused_rows(fresh.backend, most=EVERY, after=0) if (row.source, row.file) == (source, file)
    ]
    if not can_retry(place, source, file):
        raise InputError(f"'{file}' is not where it was read. Type: {again(place, source, file)}")
    stream, refused = _again(fresh, source, file, known, now)
    kept_out = screened(refused, source=source, privacy=fresh.settings.privacy, erased=Erased(fresh.root))
    still = [one for one in kept_out if isinstance(one, Quarantined)]
    with open_work(fresh.root, holder=f"deskpulse, {file} again", memory_limit=MEMORY) as work:
        merge(work, fresh, stream, source=source, as_of=fresh.as_of)
        # Only now: had the merge failed, the rows would be where they were.
        requarantine(work, source, file, _table(source, still))
        build_and_publish(work, fresh, lambda step: None)
    fresh.refresh()
    return Retried(before=len(known), still=len(still))


def _again(
    place: Workspace, source: str, file: str, known: Sequence[RefusedRow], now: datetime
) -> tuple[Stream, list[Quarantined]]:
    """The rows that can be understood now, and those that still cannot."""
    if file in EVENT_TABLES:
        kept = [_kept(row) for row in known]
        columns = dict.fromkeys(name for row in kept for name in row)
        rows = pa.table({name: [row.get(name) for row in kept] for name in columns})
        good, refusals = check(EVENT_TABLES[file], rows)
        return [Batch(table=file, rows=good)], refusals
    how = _imports(place.root)[source][file]
    read = list(connector_called(how["connector"]).read([how["path"]], source=source, observed_at=now))
    return [one for one in read if isinstance(one, Batch)], list(_named(read, file))


def _kept(row: RefusedRow) -> Mapping[str, Any]:
    if not row.raw:
        raise InputError(f"A refused row of '{row.file}' was erased or is masked ([privacy]): send it again instead.")
    values: Mapping[str, Any] = json.loads(row.raw)
    return values


def _named(read: Sequence[Batch | Quarantined], file: str) -> Iterator[Quarantined]:
    """What is refused, under the name the file was first read by."""
    for one in read:
        if isinstance(one, Quarantined):
            yield Quarantined(file=file, line=one.line, column=one.column, reason=one.reason, raw=one.raw)


def _table(source: str, still: Sequence[Quarantined]) -> pa.Table:
    rows = [
        {"source": source, "file": q.file, "line": q.line, "column_name": q.column, "reason": q.reason, "raw": q.raw}
        for q in still
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE)
