"""A ticket's life cut into stretches that count towards a duration and stretches that do not, on both clocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from deskpulse.answers.profile import fact_table
from deskpulse.facts import span
from deskpulse.language import composed, named
from deskpulse.time.business import business_seconds
from deskpulse.time.schedule import Schedule

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of time a duration runs over; with ``statuses`` only while the ticket is in one of them."""

    begin: datetime
    end: datetime
    statuses: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of a ticket in one state, counted as a whole or not at all, and why not.

    ``to_at`` null: it still runs; its seconds run to now. ``business_seconds`` null: no schedule, or not known for a
    part of a stretch.
    """

    from_at: datetime
    to_at: datetime | None
    status: str | None
    agent: str | None
    team: str | None
    schedule: str | None
    counted: bool
    reason: str | None
    calendar_seconds: int
    business_seconds: int | None

    def record(self) -> dict[str, Any]:
        """A flat mapping, times in ISO 8601 (UTC)."""
        return {
            "from": f"{self.from_at.isoformat()}Z",
            "to": f"{self.to_at.isoformat()}Z" if self.to_at else None,
            "status": self.status,
            "agent": self.agent,
            "team": self.team,
            "schedule": self.schedule,
            "counted": self.counted,
            "reason": self.reason,
            "calendar_seconds": self.calendar_seconds,
            "business_seconds": self.business_seconds,
        }


def segments_of(
    backend: Any,
    ticket_key: int,
    windows: Sequence[Window],
    *,
    why: str,
    now: datetime,
    schedules: Mapping[str, Schedule],
) -> tuple[Segment, ...]:
    """A ticket's stretches, cut where a window begins or ends; ``why`` says what lies outside of all windows."""
    table = fact_table(backend, span.FACT)
    spans = backend.to_pyarrow(table.filter(table["ticket_key"] == ticket_key).order_by("position")).to_pylist()
    return tuple(
        _segment(row, begin, end, windows, why, now, schedules)
        for row in spans
        for begin, end in _cut(row["from_at"], row["to_at"], windows)
    )


def _cut(
    begin: datetime, end: datetime | None, windows: Sequence[Window]
) -> Iterator[tuple[datetime, datetime | None]]:
    edges = {edge for window in windows for edge in (window.begin, window.end)}
    inside = sorted(edge for edge in edges if begin < edge and (end is None or edge < end))
    marks = [begin, *inside]
    yield from zip(marks, [*inside, end], strict=True)


def _segment(
    row: Mapping[str, Any],
    begin: datetime,
    end: datetime | None,
    windows: Sequence[Window],
    why: str,
    now: datetime,
    schedules: Mapping[str, Schedule],
) -> Segment:
    until = end or max(now, begin)
    reason = _reason(begin, until, row["status"], windows, why)
    is_whole = begin == row["from_at"] and end == row["to_at"] and end is not None
    business = row[span.stretch.business] if is_whole else _business(row["schedule"], begin, until, schedules)
    return Segment(
        from_at=begin,
        to_at=end,
        status=row["status"],
        agent=row["agent"],
        team=row["team"],
        schedule=row["schedule"],
        counted=reason is None,
        reason=reason,
        calendar_seconds=(until - begin) // SECOND,
        business_seconds=business,
    )


def _reason(begin: datetime, end: datetime, status: str | None, windows: Sequence[Window], why: str) -> str | None:
    over = [window for window in windows if window.begin <= begin and end <= window.end]
    if not over:
        return why
    counts = any(window.statuses is None or status in window.statuses for window in over)
    if counts:
        return None
    if status is None:
        return composed("does not count while in no status")
    return composed("does not count while %(status)s", status=partial(named, status))


def _business(name: str | None, begin: datetime, end: datetime, schedules: Mapping[str, Schedule]) -> int | None:
    schedule = schedules.get(name) if name else None
    return business_seconds(schedule, begin, end) if schedule else None
