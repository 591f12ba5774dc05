"""The SQLite file of accounts: its tables, its migrations, and the lines that are only ever added.

Nothing secret is kept as it is: passwords as Argon2id hashes, session ids and tokens as SHA-256 of long random texts.
Every instant is an argument (naive UTC).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FILE = "accounts.sqlite"
SCHEMA = (
    """
    CREATE TABLE account (
      id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, role TEXT NOT NULL, password TEXT,
      subject TEXT UNIQUE, agent TEXT, team TEXT, partner TEXT, language TEXT, zone TEXT,
      created_at TEXT NOT NULL, disabled_at TEXT);
    CREATE TABLE session (
      hash TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, form TEXT NOT NULL,
      created_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT, address TEXT);
    CREATE TABLE token (
      id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, account INTEGER NOT NULL REFERENCES account,
      name TEXT NOT NULL, scopes TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT, revoked_at TEXT);
    CREATE TABLE setup (hash TEXT PRIMARY KEY, expires_at TEXT NOT NULL, used_at TEXT);
    CREATE TABLE failure (name TEXT NOT NULL COLLATE NOCASE, address TEXT NOT NULL, at TEXT NOT NULL);
    CREATE INDEX failure_at ON failure (at);
    CREATE TABLE audit (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL, detail TEXT);
    """,
    """
    ALTER TABLE setup ADD COLUMN account INTEGER REFERENCES account;
    CREATE TABLE departure (
      hash TEXT PRIMARY KEY, nonce TEXT NOT NULL, verifier TEXT NOT NULL, wanted TEXT NOT NULL,
      expires_at TEXT NOT NULL);
    """,
)
"""SCHEMA[i] takes the file from version i to i + 1."""

HOLDING = "FROM audit WHERE instr(lower(who || ' ' || action || ' ' || coalesce(detail, '')), lower(?))"


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """Who did what, and to what, at ``at`` (UTC)."""

    at: str
    who: str
    action: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Someone sent to a single sign-on provider, who is to come back with an answer that fits."""

    nonce: str
    verifier: str
    wanted: str


def stamp(at: datetime) -> str:
    """An instant as it is stored: texts in the order of time."""
    return at.isoformat(sep=" ", timespec="seconds")


class AccountFile:
    """The file. Each call opens it anew, so threads and processes do not share a connection."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        with self._open() as con:
            self._migrate(con)
        self.path.chmod(0o600)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        con = sqlite3.connect(self.path, timeout=10)
        try:
            con.execute("PRAGMA foreign_keys = ON")
            with con:
                yield con
        finally:
            con.close()

    def _migrate(self, con: sqlite3.Connection) -> None:
        (version,) = con.execute("PRAGMA user_version").fetchone()
        for number, script in enumerate(SCHEMA[version:], version + 1):
            con.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")

    def failed(self, name: str, address: str, at: datetime) -> None:
        """Someone gave a wrong password."""
        with self._open() as con:
            con.execute("INSERT INTO failure VALUES (?, ?, ?)", [name, address, stamp(at)])

    def failures(self, name: str, address: str, since: datetime) -> tuple[int, int, int]:
        """How many wrong passwords were given since: for the name from the address, for the name, from the address."""
        with self._open() as con:
            con.execute("DELETE FROM failure WHERE at < ?", [stamp(since)])
            query = (
                "SELECT coalesce(sum(name = ?1 AND address = ?2), 0), coalesce(sum(name = ?1), 0),"
                " coalesce(sum(address = ?2), 0) FROM failure WHERE at >= ?3"
            )
            of_both, of_name, of_address = con.execute(query, [name, address, stamp(since)]).fetchone()
        return int(of_both), int(of_name), int(of_address)

    def depart(self, hashed: str, going: Departure, at: datetime, until: datetime) -> None:
        """Someone leaves for the provider; those who did not come back in time are forgotten."""
        with self._open() as con:
            con.execute("DELETE FROM departure WHERE expires_at <= ?", [stamp(at)])
            values = [hashed, going.nonce, going.verifier, going.wanted, stamp(until)]
            con.execute("INSERT INTO departure VALUES (?, ?, ?, ?, ?)", values)

    def come_back(self, hashed: str, at: datetime) -> Departure | None:
        """Whoever left under this hash, once."""
        with self._open() as con:
            query = "DELETE FROM departure WHERE hash = ? AND expires_at > ? RETURNING nonce, verifier, wanted"
            row = con.execute(query, [hashed, stamp(at)]).fetchone()
        return Departure(nonce=row[0], verifier=row[1], wanted=row[2]) if row else None

    def note(self, who: str, action: str, detail: str, at: datetime) -> None:
        """A line of the audit log."""
        with self._open() as con:
            con.execute(
                "INSERT INTO audit (at, who, action, detail) VALUES (?, ?, ?, ?)", [stamp(at), who, action, detail]
            )

    def audit(self, *, most: int = 200, after: int = 0, words: str = "") -> tuple[AuditLine, ...]:
        """The newest lines of the audit log, after so many, that hold ``words``."""
        with self._open() as con:
            query = f"SELECT at, who, action, coalesce(detail, '') {HOLDING} ORDER BY id DESC LIMIT ? OFFSET ?"
            rows = con.execute(query, [words, most, after]).fetchall()
        return tuple(AuditLine(at=at, who=who, action=action, detail=detail) for at, who, action, detail in rows)

    def audit_length(self, words: str = "") -> int:
        """How many lines of the audit log hold ``words``."""
        with self._open() as con:
            return int(con.execute(f"SELECT count(*) {HOLDING}", [words]).fetchone()[0])
