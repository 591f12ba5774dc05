"""Deliveries of programs that are read as one give the rows that each would give by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from deskpulse.connectors import hooked
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.hooked import Delivery, hooked_events, hooked_together

NOON = datetime(2026, 3, 2, 12)


def sent(*rows: Any, table: Any = "messages", at: datetime = NOON, source: str = "shop") -> Delivery:
    body = json.dumps({"table": table, "rows": list(rows)}).encode()
    return Delivery(source=source, connector="hooks", kind="", body=body, received_at=at)


def message(id_: Any, **values: Any) -> dict[str, Any]:
    return {"source_id": id_, "ticket": "7", "at": "2026-03-02T09:00:00Z", "author_kind": "agent", **values}


def rows(items: Sequence[Batch | Quarantined]) -> Counter[str]:
    """Every row and everything refused, whatever batch it is in."""
    found: Counter[str] = Counter()
    for item in items:
        told = item.rows.to_pylist() if isinstance(item, Batch) else [item]
        found.update(f"{item.table if isinstance(item, Batch) else 'refused'} {row}" for row in told)
    return found


LATER = NOON + timedelta(seconds=1)
DELIVERIES = {
    "alike": [sent(message("a")), sent(message("b"), message("c", text="!")), sent(message("d"))],
    "of other columns": [sent(message("a", text="Hi")), sent(message("b", seq=3)), sent(message("c", text="Ho"))],
    "of other seconds": [sent(message("a")), sent(message("a", author_kind="customer"), at=LATER)],
    "of another table": [sent(message("a")), sent({"source_id": "7", "created_at": "2026-03-02"}, table="tickets")],
    "a row refused": [sent(message("a")), sent(message("b"), message("c", at="soon")), sent(message("d", ticket=""))],
    "unreadable": [sent(message("a")), sent(message("b", colour="red")), sent("row"), sent(message("c"), table=[1])],
    "of numbers": [sent(message(1)), sent(message(2.5)), sent(message(True)), sent(message(None))],
    "equal and without an id": [sent(message("")), sent(message("")), sent(message(None), message(" "))],
    "none": [sent(), sent(), sent(message("a"))],
}


@pytest.mark.parametrize("deliveries", DELIVERIES.values(), ids=DELIVERIES)
def test_together_they_tell_what_each_tells(deliveries: list[Delivery]) -> None:
    assert rows(hooked_together(deliveries)) == rows([item for one in deliveries for item in hooked_events(one)])


def test_those_alike_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty of one second and ten of the next: two readings."""
    read: list[int] = []
    pushed = hooked.pushed  # type: ignore[attr-defined]

    def counted(table: str, given: Sequence[Any], **options: Any) -> Any:
        read.append(len(given))
        return pushed(table, given, **options)

    monkeypatch.setattr(hooked, "pushed", counted)
    told = hooked_together([sent(message(f"m{n}"), at=NOON if n < 50 else LATER) for n in range(60)])
    assert (read, sum(rows(told).values())) == ([50, 10], 60)
