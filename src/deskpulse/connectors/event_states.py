"""The state of a ticket after each row of a log, field by field, and the rows where it changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.cells import NULL_TEXT, Cells
from deskpulse.connectors.history import Flags, History, codes, differs
from deskpulse.events.ticket import STATUSES

_PLAIN = ("assignee", "tier", "priority", "type", "topic", "schedule", "merged_into", "handoff", "escalation_asked")
_YES_OR_NO = ("deleted", "spam")
_SET_ON_THE_FIRST_ROW = ("merged_into", "deleted", "spam", "handoff", "escalation_asked")
UNKNOWN, UNRECORDED = "unknown", "unrecorded"
_CLEARED = ""


@dataclass(frozen=True, kw_only=True)
class Series:
    """A field row by row: the value before, the value after, where it changed, and when if not at the row's instant.

    ``earliest_speaks``: of several rows in one instant the first counts as the latest word. ``away``: rows at which
    it took another value (``UNRECORDED``) and came back.
    """

    old: pa.Array
    new: pa.Array
    changed: Flags
    at: pa.Array | None = None
    earliest_speaks: bool = False
    away: Flags | None = None


def series_of(cells: Cells, history: History) -> dict[str, Series]:
    """Every field the rows tell of, status always among them."""
    found = {"status": _status(cells, history)}
    for name in (*_PLAIN, *_YES_OR_NO):
        values = _values(cells, history, name)
        if values is not None:
            found[name] = _plain(history, values, name in _SET_ON_THE_FIRST_ROW)
    team = _values(cells, history, "team")
    if team is not None:
        found["team"] = _team(cells, history, team)
    if "target_met" in cells.columns:
        found["target_met"] = _verdicts(cells, history)
    return found


def _values(cells: Cells, history: History, name: str) -> pa.Array | None:
    """The field after each row: from its own column (where empty means cleared), or carried on from what rows said."""
    column = cells.get(name)
    if column is not None:
        return _as_words(column)
    said = _said(cells, name)
    if said is None:
        return None
    carried = history.carried(said)
    return pc.if_else(pc.equal(carried, _CLEARED), NULL_TEXT, carried)


def _as_words(column: pa.Array) -> pa.Array:
    return column.cast(pa.string()) if not pa.types.is_string(column.type) else column


def _said(cells: Cells, name: str) -> pa.Array | None:
    """What each row says of the field, null where it says nothing; None when no row can say anything."""
    sayings = []
    if "field" in cells.columns:
        about = pc.fill_null(pc.equal(cells.columns["field"], name), pa.scalar(False))
        sayings.append(pc.if_else(about, cells.columns["new"].fill_null(_CLEARED), NULL_TEXT))
    if "activity" in cells.columns and name == "assignee":
        takes = pc.fill_null(pc.equal(cells.columns["activity"], "assigned"), pa.scalar(False))
        sayings.append(pc.if_else(takes, cells.text("author"), NULL_TEXT))
    if not sayings or all(said.null_count == len(said) for said in sayings):
        return None
    return pc.coalesce(*sayings)


def _plain(history: History, values: pa.Array, counts_at_first: bool) -> Series:
    old = history.before(values)
    changed = differs(old, values) & ~history.is_first
    if counts_at_first:
        told = pc.and_(values.is_valid(), pc.not_equal(values.fill_null("false"), "false"))
        changed |= history.is_first & told.to_numpy(zero_copy_only=False)
    return Series(old=old, new=values, changed=changed)


def _team(cells: Cells, history: History, team: pa.Array) -> Series:
    """Teams; where the source counts its reassignments, each growth is a change, seen in the team's column or not."""
    count = cells.get("reassignment_count")
    if count is None:
        return _plain(history, team, False)
    plain = _plain(history, team.fill_null(UNKNOWN), False)
    grew = pc.greater(pc.subtract(count, history.before(count)), 0).fill_null(False).to_numpy(zero_copy_only=False)
    away = grew & ~plain.changed
    old = pc.if_else(pa.array(away), pa.scalar(UNRECORDED), plain.old)
    return Series(old=old, new=plain.new, changed=plain.changed | away, away=away)


def _verdicts(cells: Cells, history: History) -> Series:
    """The source's own verdict on its target, on every row that has one."""
    verdict = _as_words(cells.columns["target_met"])
    given = verdict.is_valid().to_numpy(zero_copy_only=False)
    return Series(old=history.before(verdict), new=verdict, changed=given, earliest_speaks=True)


def _status(cells: Cells, history: History) -> Series:
    """Status after each row, from 'new'; with what the source says of solving and reopening heeded."""
    said = _status_said(cells)
    said = _without_late_rows(said, cells, history)
    said, at = _dated_solves(said, cells, history)
    status = pc.coalesce(history.carried(said), pa.scalar("new"))
    old = pc.coalesce(history.before(status), pa.scalar("new"))
    return Series(old=old, new=status, changed=differs(old, status), at=at)


def _status_said(cells: Cells) -> pa.Array:
    activity = cells.text("activity")
    takes = pc.if_else(pc.equal(activity, "assigned"), pa.scalar("open"), NULL_TEXT)
    moves = pc.if_else(pc.is_in(activity, value_set=pa.array(STATUSES)), activity, NULL_TEXT)
    told = _said(cells, "status") if "field" in cells.columns else None
    parts = [cells.get("status"), told, moves, takes]
    return pc.coalesce(*(part for part in parts if part is not None))


def _is(values: pa.Array, *words: str) -> Flags:
    flags: Flags = pc.is_in(values, value_set=pa.array(words)).to_numpy(zero_copy_only=False)
    return flags


def _without_late_rows(said: pa.Array, cells: Cells, history: History) -> pa.Array:
    """Where the source counts reopenings, an open row after a solve that the count knows nothing of came late."""
    count = cells.get("reopen_count")
    if count is None:
        return said
    solved = _is(said, "solved", "closed")
    anew = history.starts_anew(codes(history.tickets), codes(history.carried(count)))
    late = history.happened(solved, anew) & ~solved
    return pc.if_else(pa.array(late), NULL_TEXT, said)


def _dated_solves(said: pa.Array, cells: Cells, history: History) -> tuple[pa.Array, pa.Array | None]:
    """Where the source says when it was last solved, the last solve is dated so; one it does not date is none.

    Solves that were undone by a later reopening stay as the log shows them.
    """
    solved_at = cells.get("solved_at")
    if solved_at is None:
        return said, None
    final = history.at_last(solved_at)
    solved = _is(said, "solved")
    unsolved = _is(said, *(word for word in STATUSES if word not in ("solved", "closed")))
    standing = solved & ~history.happens_later(unsolved)
    counts = standing & ~history.happens_later(solved) & final.is_valid().to_numpy(zero_copy_only=False)
    kept = pc.if_else(pa.array(standing & ~counts), NULL_TEXT, said)
    at = pc.if_else(pa.array(counts), final, pa.scalar(None, final.type))
    return kept, at if np.any(counts) else None
