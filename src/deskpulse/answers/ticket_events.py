"""What happened to a ticket, in order, in words: the events its facts come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ibis.common.exceptions import TableNotFound

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class TicketEvent:
    """One event: when, from which table and row of the source, and what it says."""

    at: datetime
    table: str
    source_id: str
    what: str
    by: str | None

    def record(self) -> dict[str, Any]:
        """A flat mapping, the time in ISO 8601 (UTC)."""
        return {
            "at": f"{self.at.isoformat()}Z",
            "table": self.table,
            "source_id": self.source_id,
            "what": self.what,
            "by": self.by,
        }


def events_of(backend: Any, ticket_key: int) -> tuple[TicketEvent, ...]:
    """A ticket's events in order; in the same second by their order in the source."""
    found = [
        (row[dated_by], row.get("seq") or 0, place, _event(name, row, row[dated_by], describe, by))
        for place, (name, (dated_by, describe, by)) in enumerate(DESCRIBED.items())
        for row in _rows(backend, f"event_{name}", ticket_key)
        if row[dated_by] is not None
    ]
    return tuple(event for *_, event in sorted(found, key=lambda entry: entry[:3]))


def _rows(backend: Any, name: str, ticket_key: int) -> Iterator[Row]:
    try:
        table = backend.table(name)
    except TableNotFound:  # a source without such events
        return
    yield from backend.to_pyarrow(table.filter(table["ticket_key"] == ticket_key)).to_pylist()


def _event(name: str, row: Row, at: datetime, describe: Callable[[Row], str], by: str | None) -> TicketEvent:
    return TicketEvent(at=at, table=name, source_id=row["source_id"], what=describe(row), by=row[by] if by else None)


def _opened(row: Row) -> str:
    return f"opened by {row['channel']}" if row["channel"] else "opened"


def _message(row: Row) -> str:
    kind = f"{row['author_kind']} wrote {'in public' if row['is_public'] is not False else 'an internal note'}"
    return f"{kind}, deleted later" if row["is_deleted"] else kind


def _change(row: Row) -> str:
    field = row["field"].replace("_", " ")
    return f"{field}: {row['old'] or 'none'} -> {row['new'] or 'none'}"


def _target(row: Row) -> str:
    metric = row["metric"].replace("_", " ")
    return f"target of {row['target_seconds']} s ({row['clock']}) for {metric}, policy {row['policy'] or 'unnamed'}"


def _survey(row: Row) -> str:
    score = "" if row["score"] is None else f": {row['score']:g} of {row['scale_low']:g} to {row['scale_high']:g}"
    return f"{row['kind']} survey {row['action']}{score}"


# Table: the column it is dated by, what it says, and who did it.
DESCRIBED: dict[str, tuple[str, Callable[[Row], str], str | None]] = {
    "ticket": ("created_at", _opened, "customer"),
    "message": ("at", _message, "author"),
    "change": ("at", _change, "by"),
    "policy_target": ("at", _target, None),
    "survey": ("at", _survey, "customer"),
}
