"""What happened to a ticket, in order, in words: the events its facts come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ibis.common.exceptions import TableNotFound

from deskpulse.language import composed, declared, named

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
    return composed("opened by %(channel)s", channel=row["channel"]) if row["channel"] else composed("opened")


def _message(row: Row) -> str:
    if row["is_public"] is not False:
        said = composed("%(who)s wrote in public", who=partial(declared, row["author_kind"]))
    else:
        said = composed("%(who)s wrote an internal note", who=partial(declared, row["author_kind"]))
    return composed("%(what)s, deleted later", what=said) if row["is_deleted"] else said


def _change(row: Row) -> str:
    states = [_state(row["field"], row[side]) for side in ("old", "new")]
    return composed("%(field)s: %(old)s -> %(new)s", field=partial(named, row["field"]), old=states[0], new=states[1])


def _state(field: str, value: str | None) -> object:
    """A status is a word of ours; any other value is the source's own, and nobody's to translate."""
    if value is None:
        return composed("none")
    return partial(named, value) if field == "status" else value


def _target(row: Row) -> str:
    return composed(
        "target of %(seconds)s s (%(clock)s) for %(metric)s, policy %(policy)s",
        seconds=row["target_seconds"],
        clock=partial(declared, row["clock"]),
        metric=partial(named, row["metric"]),
        policy=row["policy"] or "unnamed",
    )


def _survey(row: Row) -> str:
    if row["score"] is None:
        return composed(
            "%(kind)s survey %(action)s", kind=partial(declared, row["kind"]), action=partial(declared, row["action"])
        )
    return composed(
        "%(kind)s survey %(action)s: %(score)s of %(low)s to %(high)s",
        kind=partial(declared, row["kind"]),
        action=partial(declared, row["action"]),
        score=f"{row['score']:g}",
        low=f"{row['scale_low']:g}",
        high=f"{row['scale_high']:g}",
    )


# Table: the column it is dated by, what it says, and who did it.
DESCRIBED: dict[str, tuple[str, Callable[[Row], str], str | None]] = {
    "ticket": ("created_at", _opened, "customer"),
    "message": ("at", _message, "author"),
    "change": ("at", _change, "by"),
    "policy_target": ("at", _target, None),
    "survey": ("at", _survey, "customer"),
}
