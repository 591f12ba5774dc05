"""Rows of events or updates into canonical events: what differs from the ticket's row before becomes a change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.cells import NULL_TEXT, Cells
from deskpulse.connectors.connector import Batch
from deskpulse.connectors.event_states import UNRECORDED, Series, series_of
from deskpulse.connectors.history import Flags, History, chosen, in_order
from deskpulse.connectors.rows import Origin, Value, joined

_SPOKEN = {
    "opened": ("customer", True),
    "customer_message": ("customer", True),
    "agent_message": ("agent", True),
    "bot_message": ("bot", True),
    "note": ("agent", False),
}
_PER_ROW = 2  # so that something can come between two rows
_TOLD_OF_TICKET = ("channel", "customer", "subject", "tags", "brand", "schedule", "is_test")
_OPENS_WITH = ("assignee", "team", "tier", "priority", "type", "topic")


@dataclass(frozen=True, kw_only=True)
class Journal:
    """The cells in order, with the instant and the id of each row."""

    cells: Cells
    history: History
    created_at: pa.Array
    at: pa.Array
    row_id: pa.Array
    series: dict[str, Series]


def event_batches(cells: Cells, origin: Origin) -> Iterator[Batch]:
    """Tickets, their messages and their changes, from rows of events or updates."""
    if len(cells) == 0:
        return
    journal = open_journal(cells)
    changes, changed = _changes(journal, origin)
    yield _tickets(journal, origin)
    yield from _messages(journal, origin, changed)
    yield changes


def open_journal(cells: Cells) -> Journal:
    """Sort by ticket, instant, counter and line; nothing happens to a ticket before it was created."""
    keys = [cells.columns[name] for name in ("at", "seq") if name in cells.columns]
    cells = cells.take(in_order(cells.columns["ticket"], *keys, cells.lines))
    history = History(cells.columns["ticket"])
    first = pa.array(history.first)
    created_at = pc.coalesce(cells.instant("created_at"), cells.columns["at"]).take(first)
    at = pc.max_element_wise(cells.columns["at"], created_at)
    again = pa.array(history.occurrence(at))
    row_id = joined(history.tickets, pc.divide(at.cast(pa.int64()), 1_000_000), again)
    series = series_of(cells, history)
    dated = series["status"].at
    at = at if dated is None else pc.coalesce(dated, at)
    return Journal(cells=cells, history=history, created_at=created_at, at=at, row_id=row_id, series=series)


def _tickets(journal: Journal, origin: Origin) -> Batch:
    first = chosen(journal.history.is_first)
    told: dict[str, Value] = {
        name: journal.cells.columns[name].take(first) for name in _TOLD_OF_TICKET if name in journal.cells.columns
    }
    opens: dict[str, Value] = {
        name: journal.series[name].new.take(first) for name in _OPENS_WITH if name in journal.series
    }
    tickets = journal.history.tickets.take(first)
    created_at = journal.created_at.take(first)
    return origin.batch("ticket", tickets, created_at=created_at, status="new", **told, **opens)


def _changes(journal: Journal, origin: Origin) -> tuple[Batch, Flags]:
    """Every change, and which rows gave one."""
    changed = journal.history.is_first.copy()
    parts = []
    for name, series in journal.series.items():
        parts.append(_change_rows(journal, origin, name, series).rows)
        if series.away is not None:
            gone = Series(old=series.new, new=pa.repeat(UNRECORDED, len(series.new)), changed=series.away)
            parts.append(_change_rows(journal, origin, name, gone, step=-1, suffix="away").rows)
        changed |= series.changed
    return Batch(table="change", rows=pa.concat_tables(parts)), changed


def _change_rows(
    journal: Journal, origin: Origin, name: str, series: Series, *, step: int = 0, suffix: str = "change"
) -> Batch:
    places = chosen(series.changed)
    by = journal.cells.get("author")
    by = journal.series["assignee"].new if by is None and "assignee" in journal.series else by
    by = (journal.cells.text("author") if by is None else by).take(places)
    kind = journal.cells.text("author_kind").take(places)
    seq = _PER_ROW * journal.history.position[series.changed] + step
    ids = journal.row_id.take(places)
    return origin.batch(
        "change",
        joined(ids, name, suffix),
        ticket=journal.history.tickets.take(places),
        at=journal.at.take(places),
        seq=pa.array(-seq if series.earliest_speaks else seq),
        field=name,
        old=series.old.take(places),
        new=series.new.take(places),
        by=by,
        by_kind=pc.coalesce(kind, pc.if_else(pc.is_valid(by), pa.scalar("agent"), NULL_TEXT)),
    )


def _messages(journal: Journal, origin: Origin, changed: Flags) -> Iterator[Batch]:
    kind, is_public = _spoken(journal, changed)
    if _has_no_messages(journal.cells):
        yield _opening_messages(journal, origin)
    places = chosen(kind.is_valid().to_numpy(zero_copy_only=False))
    if len(places):
        yield origin.batch(
            "message",
            joined(journal.row_id.take(places), "message"),
            ticket=journal.history.tickets.take(places),
            at=journal.at.take(places),
            seq=pa.array(_PER_ROW * journal.history.position).take(places),
            author=_author(journal, kind).take(places),
            author_kind=kind.take(places),
            is_public=is_public.take(places),
            text=journal.cells.text("text").take(places),
            work_seconds=_or_none(journal.cells.get("work_seconds"), places),
            concurrency=_or_none(journal.cells.get("concurrency"), places),
        )


def _or_none(column: pa.Array | None, places: pa.Array) -> pa.Array | None:
    return None if column is None else column.take(places)


def _author(journal: Journal, kind: pa.Array) -> pa.Array:
    """The author; a customer's message without one is by the ticket's customer."""
    asks = pc.if_else(pc.equal(kind, "customer"), journal.cells.text("customer"), NULL_TEXT)
    return pc.coalesce(journal.cells.text("author"), asks)


def _has_no_messages(cells: Cells) -> bool:
    """The file tells of states alone, so that the opening message must be supplied."""
    if "author_kind" in cells.columns or "text" in cells.columns:
        return False
    told = set(pc.unique(cells.text("activity")).to_pylist())
    return not told & {"opened", "customer_message", "agent_message", "bot_message"}


def _opening_messages(journal: Journal, origin: Origin) -> Batch:
    first = chosen(journal.history.is_first)
    tickets = journal.history.tickets.take(first)
    return origin.batch(
        "message",
        joined(tickets, "opening"),
        ticket=tickets,
        at=journal.created_at.take(first),
        seq=0,
        author=journal.cells.text("customer").take(first),
        author_kind="customer",
        is_public=True,
        text=journal.cells.text("subject").take(first),
    )


def _spoken(journal: Journal, changed: Flags) -> tuple[pa.Array, pa.Array]:
    """The kind of author of each row's message (null: no message), and whether the customer can read it."""
    cells = journal.cells
    activity = cells.text("activity")
    place = pc.index_in(activity, value_set=pa.array(list(_SPOKEN)))
    kind = pa.array([kind for kind, _ in _SPOKEN.values()]).take(place)
    is_public = pa.array([is_public for _, is_public in _SPOKEN.values()]).take(place)
    if "activity" in cells.columns:  # a repeated status changes nothing, but it did happen: it stays as a note
        is_silent = pc.and_(pc.is_null(kind), pa.array(~changed))
        kind = pc.if_else(is_silent, pa.scalar("agent"), kind)
        is_public = pc.if_else(is_silent, pa.scalar(False), is_public)
    speaks = pc.and_(_speaks(cells), pc.is_null(activity))
    kind = pc.if_else(speaks, pc.coalesce(cells.text("author_kind"), pa.scalar("agent")), kind)
    public_column = cells.get("is_public")
    told = pc.coalesce(public_column, pa.scalar(True)) if public_column is not None else pa.scalar(True)
    return kind, pc.if_else(speaks, told, is_public)


def _speaks(cells: Cells) -> pa.Array:
    """Rows that carry a message of their own accord: they have text, or else an author and no field."""
    if "text" in cells.columns:
        return cells.columns["text"].is_valid()
    if "author_kind" in cells.columns:
        return pc.and_(cells.columns["author_kind"].is_valid(), cells.text("field").is_null())
    return pa.array(np.zeros(len(cells), dtype=bool))
