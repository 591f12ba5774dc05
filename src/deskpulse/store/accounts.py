"""Accounts with their sessions, tokens and one-time links: a small SQLite file beside the writer's database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deskpulse.store.account_file import AccountFile, stamp


@dataclass(frozen=True, kw_only=True)
class Account:
    """Someone who may sign in. ``agent``, ``team`` and ``partner`` are who they are in the data, where they are.

    ``subject`` is who they are to a single sign-on provider: ``issuer|subject``.
    """

    id: int
    name: str
    role: str
    password: str | None
    subject: str | None
    agent: str | None
    team: str | None
    partner: str | None
    language: str | None
    zone: str | None
    disabled_at: str | None


@dataclass(frozen=True, kw_only=True)
class Session:
    """A signed-in browser: ``form`` is the secret its forms carry, ``hash`` names it."""

    hash: str
    account: Account
    form: str
    created_at: str
    expires_at: str
    address: str | None


@dataclass(frozen=True, kw_only=True)
class Token:
    """A key for programs; ``scopes`` are what it may do."""

    id: int
    account: Account
    name: str
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str | None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A one-time link to choose a password with; ``account`` is its name, null for the first account there is."""

    account: str | None


ACCOUNT_COLUMNS = (
    "a.id, a.name, a.role, a.password, a.subject, a.agent, a.team, a.partner, a.language, a.zone, a.disabled_at"
)
_FIELDS = tuple(column.removeprefix("a.") for column in ACCOUNT_COLUMNS.split(", "))
CHANGEABLE = ("role", "password", "agent", "team", "partner", "language", "zone", "disabled_at", "subject")


class AccountStore(AccountFile):
    """Who may sign in, and with what."""

    def accounts(self) -> tuple[Account, ...]:
        """Every account, by name."""
        with self._open() as con:
            rows = con.execute(f"SELECT {ACCOUNT_COLUMNS} FROM account a ORDER BY a.name").fetchall()
        return tuple(_account(row) for row in rows)

    def account(self, name: str) -> Account | None:
        """The account called ``name``, in any case of letters."""
        return self._one("a.name = ?", name)

    def account_of_subject(self, subject: str) -> Account | None:
        """The account a single sign-on provider's ``issuer|subject`` belongs to."""
        return self._one("a.subject = ?", subject)

    def _one(self, condition: str, value: str) -> Account | None:
        with self._open() as con:
            row = con.execute(f"SELECT {ACCOUNT_COLUMNS} FROM account a WHERE {condition}", [value]).fetchone()
        return _account(row) if row else None

    def add(self, name: str, role: str, at: datetime, **values: str | None) -> Account:
        """A new account; raises sqlite3.IntegrityError for a name that is taken."""
        known = {key: value for key, value in values.items() if key in CHANGEABLE}
        columns = ["name", "role", "created_at", *known]
        marks = ", ".join("?" * len(columns))
        with self._open() as con:
            con.execute(
                f"INSERT INTO account ({', '.join(columns)}) VALUES ({marks})", [name, role, stamp(at), *known.values()]
            )
        added = self.account(name)
        assert added is not None
        return added

    def change(self, account: int, **values: str | None) -> None:
        """Other values for an account's columns."""
        known = {key: value for key, value in values.items() if key in CHANGEABLE}
        if known:
            settings = ", ".join(f"{key} = ?" for key in known)
            with self._open() as con:
                con.execute(f"UPDATE account SET {settings} WHERE id = ?", [*known.values(), account])

    def begin(self, hashed: str, account: int, form: str, at: datetime, until: datetime, address: str) -> None:
        """A session from ``at`` to ``until``."""
        with self._open() as con:
            con.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, NULL, ?)",
                [hashed, account, form, stamp(at), stamp(until), address],
            )

    def session(self, hashed: str, at: datetime) -> Session | None:
        """The session that runs at ``at``, of an account that is not disabled."""
        found = self._sessions("s.hash = ? AND s.expires_at > ?", [hashed, stamp(at)])
        return found[0] if found else None

    def sessions(self, account: int, at: datetime) -> tuple[Session, ...]:
        """The sessions of an account that run at ``at``."""
        return self._sessions("a.id = ? AND s.expires_at > ?", [account, stamp(at)])

    def _sessions(self, condition: str, values: list[object]) -> tuple[Session, ...]:
        with self._open() as con:
            rows = con.execute(
                f"SELECT {ACCOUNT_COLUMNS}, s.hash, s.form, s.created_at, s.expires_at, s.address FROM session s"
                f" JOIN account a ON a.id = s.account"
                f" WHERE {condition} AND s.revoked_at IS NULL AND a.disabled_at IS NULL ORDER BY s.created_at",
                values,
            ).fetchall()
        return tuple(_session(row) for row in rows)

    def end_sessions(self, account: int, at: datetime, *, only: str | None = None, but: str | None = None) -> None:
        """Revokes an account's sessions: the one named ``only``, or all of them ``but`` one."""
        with self._open() as con:
            con.execute(
                "UPDATE session SET revoked_at = ?1 WHERE account = ?2 AND revoked_at IS NULL"
                " AND (?3 IS NULL OR hash = ?3) AND (?4 IS NULL OR hash <> ?4)",
                [stamp(at), account, only, but],
            )

    def issue(
        self, hashed: str, account: int, name: str, scopes: tuple[str, ...], at: datetime, until: datetime | None
    ) -> None:
        """A token, known from now on by its hash."""
        ends = stamp(until) if until else None
        with self._open() as con:
            con.execute(
                "INSERT INTO token (hash, account, name, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                [hashed, account, name, " ".join(scopes), stamp(at), ends],
            )

    def token(self, hashed: str, at: datetime) -> Token | None:
        """The token that is good at ``at``."""
        found = self._tokens("t.hash = ? AND (t.expires_at IS NULL OR t.expires_at > ?)", [hashed, stamp(at)])
        return found[0] if found else None

    def tokens(self, account: int) -> tuple[Token, ...]:
        """The tokens of an account that were not revoked."""
        return self._tokens("a.id = ?", [account])

    def _tokens(self, condition: str, values: list[object]) -> tuple[Token, ...]:
        with self._open() as con:
            rows = con.execute(
                f"SELECT {ACCOUNT_COLUMNS}, t.id, t.name, t.scopes, t.created_at, t.expires_at FROM token t"
                f" JOIN account a ON a.id = t.account"
                f" WHERE {condition} AND t.revoked_at IS NULL AND a.disabled_at IS NULL ORDER BY t.id",
                values,
            ).fetchall()
        return tuple(_token(row) for row in rows)

    def revoke(self, token: int, account: int, at: datetime) -> None:
        """The token is good no more."""
        with self._open() as con:
            con.execute(
                "UPDATE token SET revoked_at = ? WHERE id = ? AND account = ? AND revoked_at IS NULL",
                [stamp(at), token, account],
            )

    def offer_setup(self, hashed: str, until: datetime, account: int | None = None) -> None:
        """A link to choose a password with, of an account or of the first; earlier ones for it are good no more."""
        with self._open() as con:
            con.execute("DELETE FROM setup WHERE used_at IS NULL AND account IS ?", [account])
            values = [hashed, stamp(until), account]
            con.execute("INSERT INTO setup (hash, expires_at, account) VALUES (?, ?, ?)", values)

    def use_setup(self, hashed: str, at: datetime) -> bool:
        """Whether the link was good, which it is only once."""
        with self._open() as con:
            used = con.execute(
                "UPDATE setup SET used_at = ?1 WHERE hash = ?2 AND used_at IS NULL AND expires_at > ?1",
                [stamp(at), hashed],
            )
            return used.rowcount == 1

    def setup(self, hashed: str, at: datetime) -> Link | None:
        """The link, if it would be good."""
        with self._open() as con:
            row = con.execute(
                "SELECT a.name FROM setup s LEFT JOIN account a ON a.id = s.account"
                " WHERE s.hash = ? AND s.used_at IS NULL AND s.expires_at > ? AND a.disabled_at IS NULL",
                [hashed, stamp(at)],
            ).fetchone()
        return Link(account=row[0]) if row else None


def _account(row: tuple[object, ...]) -> Account:
    return Account(**dict(zip(_FIELDS, row, strict=True)))  # type: ignore[arg-type]


def _session(row: tuple[object, ...]) -> Session:
    names = ("hash", "form", "created_at", "expires_at", "address")
    size = len(_FIELDS)
    return Session(account=_account(row[:size]), **dict(zip(names, row[size:], strict=True)))  # type: ignore[arg-type]


def _token(row: tuple[object, ...]) -> Token:
    size = len(_FIELDS)
    number, name, scopes, created, expires = row[size:]
    return Token(
        id=number,  # type: ignore[arg-type]
        account=_account(row[:size]),
        name=str(name),
        scopes=tuple(str(scopes).split()),
        created_at=str(created),
        expires_at=str(expires) if expires else None,
    )
