"""Refused rows of a file, kept in place of those that were kept before."""

from __future__ import annotations

import pyarrow as pa

from deskpulse.store.work import Work


def requarantine(work: Work, source: str, file: str, rows: pa.Table) -> None:
    """Forget what was refused of a source's file, and keep these rows (schema QUARANTINE)."""
    with work.transaction():
        work.con.execute("DELETE FROM quarantine WHERE source = ? AND file = ?", [source, file])
        work.quarantine(rows)


def forget_refused_pages(work: Work, source: str) -> int:
    """Forget what was refused of a source's pages, which are read again; gives how many rows that were."""
    of_pages = "(starts_with(file, $source || ': ') OR starts_with(file, $source || ' page ')) AND file <> $hook"
    with work.transaction():
        done = work.con.execute(
            f"DELETE FROM quarantine WHERE source = $source AND {of_pages}",
            {"source": source, "hook": f"{source}: hook"},
        ).fetchall()
    return int(done[0][0])
