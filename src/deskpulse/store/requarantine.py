"""Refused rows of a file, kept in place of those that were kept before."""

from __future__ import annotations

import pyarrow as pa

from deskpulse.store.work import Work


def requarantine(work: Work, source: str, file: str, rows: pa.Table) -> None:
    """Forget what was refused of a source's file, and keep these rows (schema QUARANTINE)."""
    with work.transaction():
        work.con.execute("DELETE FROM quarantine WHERE source = ? AND file = ?", [source, file])
        work.quarantine(rows)
