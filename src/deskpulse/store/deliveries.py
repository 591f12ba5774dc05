"""Which reports were sent to whom: a small SQLite file beside the writer's database. Instants are naive UTC."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FILE = "deliveries.sqlite"
SCHEMA = (
    """
    CREATE TABLE schedule (report TEXT PRIMARY KEY, since TEXT NOT NULL);
    CREATE TABLE delivery (
      report TEXT NOT NULL, due_at TEXT NOT NULL, recipient TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
      next_at TEXT NOT NULL, claimed_until TEXT, sent_at TEXT, gave_up_at TEXT, error TEXT,
      PRIMARY KEY (report, due_at, recipient));
    """,
)
"""SCHEMA[i] takes the file from version i to i + 1."""

COLUMNS = "report, due_at, recipient, attempts, next_at, sent_at, gave_up_at, error"
WAITING = "sent_at IS NULL AND gave_up_at IS NULL"
ONE = "report = ? AND due_at = ? AND recipient = ?"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A report of a due time on its way to one recipient; ``error`` is what went wrong at the last attempt."""

    report: str
    due_at: datetime
    recipient: str
    attempts: int
    next_at: datetime
    sent_at: datetime | None
    gave_up_at: datetime | None
    error: str | None

    @property
    def state(self) -> str:
        """``sent``, ``given up``, ``failed`` (it will be tried again) or ``waiting``."""
        if self.sent_at:
            return "sent"
        return "given up" if self.gave_up_at else "failed" if self.error else "waiting"


class Ledger:
    """The file. Each call opens it anew, so that threads and processes do not share a connection."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        with self._open() as con:
            con.execute("BEGIN IMMEDIATE")
            (version,) = con.execute("PRAGMA user_version").fetchone()
            for number, script in enumerate(SCHEMA[version:], version + 1):
                for statement in filter(str.strip, script.split(";")):
                    con.execute(statement)
                con.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        con = sqlite3.connect(self.path, timeout=30)
        try:
            with con:
                yield con
        finally:
            con.close()

    def since(self, report: str, first: datetime) -> datetime:
        """Since when a report is scheduled: ``first`` if it was never seen before."""
        with self._open() as con:
            con.execute("INSERT OR IGNORE INTO schedule VALUES (?, ?)", [report, _stamp(first)])
            (since,) = con.execute("SELECT since FROM schedule WHERE report = ?", [report]).fetchone()
        return datetime.fromisoformat(since)

    def plan(self, report: str, due_at: datetime, recipient: str) -> None:
        """A delivery that is due, once; older ones of the same that never arrived are given up for it."""
        due = _stamp(due_at)
        with self._open() as con:
            con.execute(
                "INSERT OR IGNORE INTO delivery (report, due_at, recipient, next_at) VALUES (?, ?, ?, ?)",
                [report, due, recipient, due],
            )
            con.execute(
                f"UPDATE delivery SET gave_up_at = ? WHERE report = ? AND recipient = ? AND due_at < ? AND {WAITING}",
                [due, report, recipient, due],
            )

    def claim(self, at: datetime, until: datetime) -> Delivery | None:
        """A delivery to be tried now, nobody else's until ``until``: one who dies on the way leaves it to the next."""
        with self._open() as con:
            con.execute("BEGIN IMMEDIATE")
            row = con.execute(
                f"SELECT {COLUMNS} FROM delivery WHERE {WAITING} AND next_at <= ?1"
                " AND coalesce(claimed_until, '') <= ?1 ORDER BY due_at, report, recipient LIMIT 1",
                [_stamp(at)],
            ).fetchone()
            if row is None:
                return None
            claimed = f"UPDATE delivery SET claimed_until = ?, attempts = attempts + 1 WHERE {ONE}"
            con.execute(claimed, [_stamp(until), *row[:3]])
        return _delivery((*row[:3], row[3] + 1, *row[4:]))

    def sent(self, delivery: Delivery, at: datetime) -> None:
        """It arrived."""
        self._note(delivery, "sent_at = ?, error = NULL", [_stamp(at)])

    def failed(self, delivery: Delivery, error: str, next_at: datetime) -> None:
        """It did not, and is tried again from ``next_at`` on."""
        self._note(delivery, "error = ?, next_at = ?", [error, _stamp(next_at)])

    def give_up(self, delivery: Delivery, error: str, at: datetime) -> None:
        """It did not, and is not tried again."""
        self._note(delivery, "error = ?, gave_up_at = ?", [error, _stamp(at)])

    def _note(self, one: Delivery, change: str, values: list[str]) -> None:
        with self._open() as con:
            con.execute(
                f"UPDATE delivery SET {change}, claimed_until = NULL WHERE {ONE}",
                [*values, one.report, _stamp(one.due_at), one.recipient],
            )

    def newest(self, most: int = 100) -> tuple[Delivery, ...]:
        """The newest deliveries, the last that was due first."""
        query = f"SELECT {COLUMNS} FROM delivery ORDER BY due_at DESC, report, recipient LIMIT ?"
        with self._open() as con:
            return tuple(_delivery(row) for row in con.execute(query, [most]).fetchall())


def _stamp(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")


def _delivery(row: tuple[object, ...]) -> Delivery:
    report, due_at, recipient, attempts, next_at, sent_at, gave_up_at, error = row
    due, following = datetime.fromisoformat(str(due_at)), datetime.fromisoformat(str(next_at))
    return Delivery(
        report=str(report),
        due_at=due,
        recipient=str(recipient),
        attempts=int(str(attempts)),
        next_at=following,
        sent_at=datetime.fromisoformat(str(sent_at)) if sent_at else None,
        gave_up_at=datetime.fromisoformat(str(gave_up_at)) if gave_up_at else None,
        error=str(error) if error else None,
    )
