"""Rows of tickets, one each, into canonical events: the moments a row names become messages, changes and ratings.

What such a file cannot tell stays untold: it has one reply, the last solve, the last reopening, and the people and
teams as they were at export.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.cells import NULL_TEXT, Cells
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.mapping import Mapping
from deskpulse.connectors.rows import Origin, Value, joined

_TOLD = (
    "channel", "customer", "subject", "assignee", "team", "tier", "priority", "type", "topic", "schedule", "tags",
    "brand", "is_test",
)  # fmt: skip
_UNSOLVED = ("open", "pending", "on_hold")
_SEQ = {"first_solved_at": 3, "reopened_at": 4, "updated_at": 5, "solved_at": 6, "closed_at": 7, "flag": 8}


@dataclass(frozen=True, kw_only=True)
class _Change:
    """One kind of change: on which rows, when, to what."""

    name: str
    field: str
    at: pa.Array
    old: pa.Array | str | None
    new: pa.Array | str
    rank: str

    @property
    def places(self) -> pa.Array:
        return pa.array(np.flatnonzero(self.at.is_valid().to_numpy(zero_copy_only=False)))


def ticket_batches(cells: Cells, mapping: Mapping, origin: Origin, file: str) -> Iterator[Batch | Quarantined]:
    """Tickets, the customer's opening, the first reply, the changes and the ratings, from rows of tickets."""
    cells, again = _newest_rows(cells, file)
    yield from again
    cells, undated = _dated_rows(cells, file)
    yield from undated
    if len(cells) == 0:
        return
    yield _tickets(cells, origin)
    yield _messages(cells, origin)
    yield from _changes(cells, origin)
    yield from _surveys(cells, mapping, origin)


def _newest_rows(cells: Cells, file: str) -> tuple[Cells, list[Quarantined]]:
    """One row per ticket: the one changed last, else the one furthest down; the others are put aside."""
    tickets = cells.columns["ticket"]
    codes = tickets.dictionary_encode().indices.to_numpy()
    updated = np.asarray(cells.instant("updated_at").cast(pa.int64()).fill_null(0))
    order = np.lexsort((np.arange(len(cells)), updated, codes))
    is_newest = np.append(codes[order][1:] != codes[order][:-1], True)[: len(order)]
    kept = np.sort(order[is_newest])
    again = np.sort(order[~is_newest])
    return cells.take(pa.array(kept)), _aside(cells, again, file, "ticket", "the ticket stands on a newer row too")


def _dated_rows(cells: Cells, file: str) -> tuple[Cells, list[Quarantined]]:
    """Rows whose moments cannot be: solved but undated (a guess would bend resolution times), or before creation."""
    done = pc.is_in(cells.text("status"), value_set=pa.array(["solved", "closed"]))
    dated = pc.coalesce(_solved_at(cells), cells.instant("closed_at"), cells.instant("updated_at"))
    problems = [("status", pc.and_(done, pc.is_null(dated)), "it is solved, but no column says when")]
    for name in ("first_reply_at", "first_solved_at", "solved_at", "closed_at", "reopened_at"):
        early = pc.fill_null(pc.less(cells.instant(name), cells.columns["created_at"]), pa.scalar(False))
        problems.append((name, early, "it lies before the ticket was created"))
    return _without(cells, problems, file)


def _without(cells: Cells, problems: list[tuple[str, pa.Array, str]], file: str) -> tuple[Cells, list[Quarantined]]:
    is_bad = np.zeros(len(cells), dtype=bool)
    aside: list[Quarantined] = []
    for column, mask, reason in problems:
        bad = mask.to_numpy(zero_copy_only=False) & ~is_bad
        aside += _aside(cells, np.flatnonzero(bad), file, column, reason)
        is_bad |= bad
    return cells.take(pa.array(np.flatnonzero(~is_bad))), aside


def _aside(cells: Cells, places: npt.NDArray[np.intp], file: str, column: str, reason: str) -> list[Quarantined]:
    lines = cells.lines.take(pa.array(places)).to_pylist()
    tickets = cells.columns["ticket"].take(pa.array(places)).to_pylist()
    return [
        Quarantined(file=file, line=line, column=column, reason=reason, raw=ticket)
        for line, ticket in zip(lines, tickets, strict=True)
    ]


def _tickets(cells: Cells, origin: Origin) -> Batch:
    told: dict[str, Value] = {name: cells.columns[name] for name in _TOLD if name in cells.columns}
    told["is_spam"] = cells.get("spam")
    return origin.batch("ticket", cells.columns["ticket"], created_at=cells.columns["created_at"], status="new", **told)


def _messages(cells: Cells, origin: Origin) -> Batch:
    """The customer's opening and, where it is known, the first public reply."""
    tickets = cells.columns["ticket"]
    opening = origin.batch(
        "message",
        joined(tickets, "opening"),
        ticket=tickets,
        at=cells.columns["created_at"],
        seq=1,
        author=cells.text("customer"),
        author_kind="customer",
        is_public=True,
        text=cells.text("subject"),
    )
    replied = cells.take(pa.array(np.flatnonzero(cells.instant("first_reply_at").is_valid())))
    reply = origin.batch(
        "message",
        joined(replied.columns["ticket"], "reply"),
        ticket=replied.columns["ticket"],
        at=replied.instant("first_reply_at"),
        seq=2,
        author=pc.coalesce(replied.text("first_reply_by"), replied.text("assignee")),
        author_kind="agent",
        is_public=True,
    )
    return Batch(table="message", rows=pa.concat_tables([opening.rows, reply.rows]))


def _changes(cells: Cells, origin: Origin) -> Iterator[Batch]:
    parts = [_rows_of(change, cells, origin).rows for change in (*_status_changes(cells), *_flag_changes(cells))]
    yield Batch(table="change", rows=pa.concat_tables(parts))


def _rows_of(change: _Change, cells: Cells, origin: Origin) -> Batch:
    places = change.places
    by = pc.coalesce(cells.text("solved_by"), cells.text("assignee")).take(places)
    tickets = cells.columns["ticket"].take(places)
    return origin.batch(
        "change",
        joined(tickets, change.name),
        ticket=tickets,
        at=change.at.take(places),
        seq=_SEQ[change.rank],
        field=change.field,
        old=change.old.take(places) if isinstance(change.old, pa.Array) else change.old,
        new=change.new.take(places) if isinstance(change.new, pa.Array) else change.new,
        by=by if change.field == "status" else None,
        by_kind=pc.if_else(pc.is_valid(by), pa.scalar("agent"), NULL_TEXT) if change.field == "status" else None,
    )


def _status_changes(cells: Cells) -> list[_Change]:
    """The moves a row tells of, each from the status before it: solved, reopened, solved again, closed."""
    status, reopened_at = cells.text("status"), cells.instant("reopened_at")
    solved_at = _solved_at(cells)
    first_solved_at = _before(cells.instant("first_solved_at"), solved_at)
    undone = pc.fill_null(pc.greater(reopened_at, solved_at), pa.scalar(False))
    before = pc.if_else(pc.is_valid(reopened_at), pa.scalar("open"), pa.scalar("new"))
    moved = pc.and_(pc.is_in(status, value_set=pa.array(_UNSOLVED)), pc.fill_null(pc.not_equal(status, before), False))
    now_at = pc.if_else(moved, _unsolved_since(cells), _null_like(solved_at))
    return [
        _Change(name="first", field="status", at=first_solved_at, old="new", new="solved", rank="first_solved_at"),
        _Change(name="reopened", field="status", at=reopened_at, old="solved", new="open", rank="reopened_at"),
        _Change(name="status", field="status", at=now_at, old=before, new=status, rank="updated_at"),
        _Change(
            name="solved",
            field="status",
            at=solved_at,
            old=pc.if_else(pc.and_(pc.is_valid(reopened_at), pc.invert(undone)), pa.scalar("open"), pa.scalar("new")),
            new="solved",
            rank="solved_at",
        ),
        _Change(
            name="closed",
            field="status",
            at=_closed_at(cells),
            old=pc.if_else(pc.is_valid(solved_at), pa.scalar("solved"), pa.scalar("new")),
            new="closed",
            rank="closed_at",
        ),
    ]


def _null_like(instants: pa.Array) -> pa.Scalar:
    return pa.scalar(None, instants.type)


def _before(earlier: pa.Array, later: pa.Array) -> pa.Array:
    """``earlier`` where it is before ``later``, so that one solve is not told twice."""
    keeps = pc.fill_null(pc.less(earlier, later), pa.scalar(True))
    return pc.if_else(keeps, earlier, _null_like(earlier))


def _solved_at(cells: Cells) -> pa.Array:
    """When it was last solved; a source that knows only closing, or only that it is done, is taken at that."""
    solved_at = cells.instant("solved_at")
    if "solved_at" in cells.columns:
        done = pc.equal(cells.text("status"), "solved")  # closed without a solve is not solved: that stays so
        return pc.coalesce(solved_at, pc.if_else(done, cells.instant("updated_at"), _null_like(solved_at)))
    done = pc.is_in(cells.text("status"), value_set=pa.array(["solved", "closed"]))
    ended = pc.coalesce(cells.instant("closed_at"), cells.instant("updated_at"))
    is_known = pc.or_(done, cells.instant("closed_at").is_valid())
    return pc.if_else(is_known, ended, _null_like(solved_at))


def _closed_at(cells: Cells) -> pa.Array:
    closed_at = cells.instant("closed_at")
    is_closed = pc.equal(cells.text("status"), "closed")
    return pc.coalesce(closed_at, pc.if_else(is_closed, cells.instant("updated_at"), _null_like(closed_at)))


def _unsolved_since(cells: Cells) -> pa.Array:
    return pc.coalesce(cells.instant("updated_at"), cells.instant("first_reply_at"), cells.columns["created_at"])


def _flag_changes(cells: Cells) -> Iterator[_Change]:
    """Deleted, merged away, and the source's own verdict: dated by the last change the row knows."""
    named = (cells.instant("updated_at"), cells.instant("closed_at"), _solved_at(cells), cells.columns["created_at"])
    ended = pc.coalesce(*named)
    for name in ("deleted", "target_met", "merged_into"):
        column = cells.get(name)
        if column is None:
            continue
        words = column.cast(pa.string())
        says = words.is_valid() if name != "deleted" else pc.fill_null(pc.equal(words, "true"), pa.scalar(False))
        yield _Change(
            name=name, field=name, at=pc.if_else(says, ended, _null_like(ended)), old=None, new=words, rank="flag"
        )


def _surveys(cells: Cells, mapping: Mapping, origin: Origin) -> Iterator[Batch]:
    asked_at, rating = cells.instant("rating_asked_at"), cells.get("rating")
    asked = _survey_rows(cells, mapping, origin, "offered", asked_at)
    parts = [asked.rows]
    if rating is not None:
        when = pc.coalesce(cells.instant("rated_at"), asked_at, _solved_at(cells), cells.columns["created_at"])
        answered_at = pc.if_else(rating.is_valid(), when, _null_like(when))
        parts.append(_survey_rows(cells, mapping, origin, "answered", answered_at).rows)
    rows = pa.concat_tables(parts)
    if rows.num_rows:
        yield Batch(table="survey", rows=rows)


def _survey_rows(cells: Cells, mapping: Mapping, origin: Origin, action: str, at: pa.Array) -> Batch:
    places = pa.array(np.flatnonzero(at.is_valid()))
    tickets = cells.columns["ticket"].take(places)
    column = mapping.columns.get("rating")
    low, high = column.scale if column and column.scale else (None, None)
    answered = action == "answered"
    return origin.batch(
        "survey",
        joined(tickets, "rating", action),
        survey=joined(tickets, "rating"),
        action=action,
        at=at.take(places),
        kind="csat",
        ticket=tickets,
        customer=cells.text("customer").take(places),
        agent=pc.coalesce(cells.text("solved_by"), cells.text("assignee")).take(places),
        score=cells.columns["rating"].take(places) if answered else None,
        scale_low=low if answered else None,
        scale_high=high if answered else None,
        comment=cells.text("rating_comment").take(places) if answered else None,
    )
