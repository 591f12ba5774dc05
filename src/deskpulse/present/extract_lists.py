"""Lists of tickets, comments, customers and standings as tables for files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from deskpulse.answers.question import Question
from deskpulse.present.extract import CHOSEN, Cell, Column, Extract, chosen, period_text
from deskpulse.time.zone import to_local

TICKETS = (
    *(Column(name=name) for name in ("ticket", "subject")),
    *(Column(name=name, kind="instant") for name in ("created_at", "solved_at")),
    *(Column(name=name, kind="integer", unit="seconds") for name in ("first_response_seconds", "resolution_seconds")),
    *(Column(name=name) for name in ("channel", "topic", "priority", "status", "customer", "agent", "team")),
    *(Column(name=name, kind="integer") for name in ("exchanges", "reopenings")),
    Column(name="left_out"),
)
COMMENTS = (
    Column(name="rated_at", kind="instant"),
    *(Column(name=name) for name in ("survey", "kind", "scale")),
    Column(name="score", kind="number"),
    *(Column(name=name) for name in ("comment", "ticket", "channel", "team", "topic", "agent", "customer")),
    *(Column(name=name, kind="boolean") for name in ("is_satisfied", "is_dissatisfied", "is_negative", "is_positive")),
)
CUSTOMERS = (
    *(Column(name=name) for name in ("customer", "name", "account", "segment")),
    *(Column(name=name, kind="integer") for name in ("tickets", "unsolved", "reopenings", "ratings", "low_ratings")),
    Column(name="last_at", kind="instant"),
)
STANDINGS = (
    Column(name="unit"),
    Column(name="n", kind="integer"),
    *(Column(name=name, kind="number") for name in ("rank", "rank_low", "rank_high")),
    *(Column(name=name, kind="number") for name in ("adjusted", "adjusted_low", "adjusted_high")),
    *(Column(name=name, kind="number") for name in ("observed", "expected")),
)
POINTS = (
    Column(name="unit"),
    Column(name="n", kind="integer"),
    *(Column(name=name, kind="number") for name in ("size", "value", "z")),
    Column(name="place"),
)


def extract_list(
    name: str, columns: tuple[Column, ...], rows: Iterable[Any], asked: Question, sought: Mapping[str, str | None]
) -> Extract:
    """Things that were found, a row each, with their times in the question's zone; ``sought`` is what was typed."""
    start, end, zone, where = chosen(asked)
    typed = tuple((one.capitalize(), text) for one, text in sought.items() if text)
    about = (("Period", period_text(start, end)), ("Time zone", zone), ("Filters", where or "none"), *typed)
    told = (start, end, zone, where)
    cells = ((*(_cell(getattr(row, column.name), zone) for column in columns), *told) for row in rows)
    return Extract(name=name, columns=(*columns, *CHOSEN), rows=cells, about=about)


def _cell(value: Any, zone: str) -> Cell:
    cell: Cell = to_local(value, zone) if isinstance(value, datetime) else value
    return cell
