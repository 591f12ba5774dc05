"""Invitations to surveys and the answers to them, durable on the disk before anybody is thanked.

A small SQLite file beside the writer's database: an answer is taken while an import writes, and handed over to the
event history later. Every instant is an argument (naive UTC).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

FILE = "surveys.sqlite"
SCHEMA = (
    """
    CREATE TABLE invitation (
      id TEXT PRIMARY KEY, survey TEXT NOT NULL, kind TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
      source TEXT NOT NULL, ticket TEXT, customer TEXT, channel TEXT, offered_at TEXT NOT NULL,
      is_handed_over INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX invitation_of ON invitation (source, customer, offered_at);
    CREATE TABLE answer (
      invitation TEXT NOT NULL REFERENCES invitation, number INTEGER NOT NULL, at TEXT NOT NULL, score REAL NOT NULL,
      comment TEXT, is_handed_over INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (invitation, number));
    """,
)
"""SCHEMA[i] takes the file from version i to i + 1."""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Somebody who is asked; ``ticket`` and ``customer`` are ids of ``source``."""

    id: str
    survey: str
    kind: str
    low: int
    high: int
    source: str
    ticket: str | None
    customer: str | None
    channel: str | None
    offered_at: datetime


@dataclass(frozen=True, kw_only=True)
class SurveyAnswer:
    """What was answered to an invitation; ``number`` counts the answers to it from 1."""

    invitation: Invitation
    number: int
    at: datetime
    score: float
    comment: str | None


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What was not handed over to the event history yet."""

    invitations: tuple[Invitation, ...] = ()
    answers: tuple[SurveyAnswer, ...] = ()

    @property
    def last(self) -> datetime | None:
        """The newest instant in it; null when nothing waits."""
        return max((*(one.offered_at for one in self.invitations), *(one.at for one in self.answers)), default=None)


_NAMES = tuple(field.name for field in fields(Invitation))
_COLUMNS = ", ".join(f"i.{name}" for name in _NAMES)


class SurveyStore:
    """The file. Each call opens it anew, so threads and processes do not share a connection."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        with self._change() as con:
            (version,) = con.execute("PRAGMA user_version").fetchone()
            for statement in ";".join(SCHEMA[version:]).split(";"):
                con.execute(statement)
            con.execute(f"PRAGMA user_version = {len(SCHEMA)}")
        self.path.chmod(0o600)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        con = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        try:
            con.execute("PRAGMA foreign_keys = ON")
            con.execute("PRAGMA synchronous = FULL")  # an answer that was thanked for outlives a power cut
            con.execute("PRAGMA secure_delete = ON")
            yield con
        finally:
            con.close()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._open() as con:
            con.execute("BEGIN IMMEDIATE")
            try:
                yield con
                con.execute("COMMIT")
            except BaseException:
                con.execute("ROLLBACK")
                raise

    def invite(self, one: Invitation, *, since: datetime) -> datetime | None:
        """Keeps an invitation, unless the customer (else the ticket) was invited since: then gives when, and keeps
        nothing."""
        whom = ("customer", one.customer) if one.customer else ("ticket", one.ticket)
        values = [getattr(one, name) for name in _NAMES[:-1]]
        with self._change() as con:
            asked = con.execute(
                f"SELECT max(offered_at) FROM invitation WHERE source = ? AND {whom[0]} = ? AND offered_at > ?",
                [one.source, whom[1], _stamp(since)],
            ).fetchone()[0]
            if asked is None:
                marks = ", ".join("?" * len(_NAMES))
                con.execute(
                    f"INSERT INTO invitation ({', '.join(_NAMES)}) VALUES ({marks})", [*values, _stamp(one.offered_at)]
                )
        return datetime.fromisoformat(asked) if asked else None

    def invitation(self, id: str) -> Invitation | None:
        """The invitation with an id."""
        with self._open() as con:
            row = con.execute(f"SELECT {_COLUMNS} FROM invitation i WHERE i.id = ?", [id]).fetchone()
        return _invitation(row) if row else None

    def answer(self, invitation: str, *, at: datetime, score: float, comment: str | None) -> int:
        """Keeps an answer; gives its number. It is on the disk when this returns."""
        with self._change() as con:
            number = self._last(con, invitation)[0] + 1
            con.execute(
                "INSERT INTO answer (invitation, number, at, score, comment) VALUES (?, ?, ?, ?, ?)",
                [invitation, number, _stamp(at), score, comment],
            )
        return number

    def last(self, invitation: str) -> tuple[int, float | None]:
        """How many answers there are to an invitation, and the last one's score."""
        with self._open() as con:
            return self._last(con, invitation)

    def _last(self, con: sqlite3.Connection, invitation: str) -> tuple[int, float | None]:
        row = con.execute(
            "SELECT number, score FROM answer WHERE invitation = ? ORDER BY number DESC LIMIT 1", [invitation]
        ).fetchone()
        return (int(row[0]), float(row[1])) if row else (0, None)

    def waiting(self) -> Waiting:
        """What was not handed over yet."""
        with self._open() as con:
            invitations = con.execute(f"SELECT {_COLUMNS} FROM invitation i WHERE NOT i.is_handed_over").fetchall()
            answers = con.execute(
                f"SELECT {_COLUMNS}, a.number, a.at, a.score, a.comment FROM answer a"
                " JOIN invitation i ON i.id = a.invitation WHERE NOT a.is_handed_over"
            ).fetchall()
        return Waiting(
            invitations=tuple(_invitation(row) for row in invitations),
            answers=tuple(_answer(row) for row in answers),
        )

    def handed_over(self, waiting: Waiting) -> None:
        """It is in the event history: it waits no more, and its comments are kept there alone."""
        with self._change() as con:
            con.executemany(
                "UPDATE invitation SET is_handed_over = 1 WHERE id = ?", [[one.id] for one in waiting.invitations]
            )
            con.executemany(
                "UPDATE answer SET is_handed_over = 1, comment = NULL WHERE invitation = ? AND number = ?",
                [[one.invitation.id, one.number] for one in waiting.answers],
            )

    def erase(self, source: str, customer: str, *, tickets: Sequence[str]) -> None:
        """Forgets who was asked, by the customer's id or on these tickets, and what they wrote; their links end."""
        with self._change() as con:
            con.execute("CREATE TEMP TABLE theirs (ticket TEXT PRIMARY KEY)")
            con.executemany("INSERT OR IGNORE INTO theirs VALUES (?)", [[ticket] for ticket in tickets])
            con.execute(
                "CREATE TEMP TABLE gone AS SELECT id FROM invitation WHERE source = ?1"
                " AND (customer = ?2 OR ticket IN (SELECT ticket FROM theirs))",
                [source, customer],
            )
            con.execute("DELETE FROM answer WHERE invitation IN (SELECT id FROM gone)")
            con.execute("DELETE FROM invitation WHERE id IN (SELECT id FROM gone)")


def _stamp(at: datetime) -> str:
    """An instant as it is stored: texts in the order of time."""
    return at.isoformat(sep=" ", timespec="seconds")


def _invitation(row: Sequence[object]) -> Invitation:
    values = dict(zip(_NAMES, row, strict=True))
    return Invitation(**{**values, "offered_at": datetime.fromisoformat(str(values["offered_at"]))})  # type: ignore[arg-type]


def _answer(row: Sequence[object]) -> SurveyAnswer:
    number, at, score, comment = row[len(_NAMES) :]
    return SurveyAnswer(
        invitation=_invitation(row[: len(_NAMES)]),
        number=int(str(number)),
        at=datetime.fromisoformat(str(at)),
        score=float(str(score)),
        comment=str(comment) if comment is not None else None,
    )
