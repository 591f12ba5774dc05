"""Accounts of a workspace: who may sign in, with what, and for how long. ``now`` is always an argument (naive UTC)."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast, get_args

from deskpulse.errors import AccessError, SignInError, UnknownNameError
from deskpulse.store.accounts import Account, AccountStore, Session, Token
from deskpulse.store.layout import find_workspace
from deskpulse.workspace.access import Role, Viewer

SESSION = timedelta(hours=12)
SETUP = timedelta(hours=24)
WINDOW = timedelta(minutes=15)
FAILURES_OF_NAME, FAILURES_OF_ADDRESS = 10, 50
"""Wrong passwords in ``WINDOW`` after which nobody is let in by that name, or from that address."""
LEAST_PASSWORD = 12
SCOPES = ("read", "write", "admin")
WRONG = "The name or the password is not right, or there were too many tries. Wait a quarter of an hour and try again."


def hashed(secret: str) -> str:
    """What is stored of a long random text."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Accounts:
    """The accounts of the workspace in ``root``."""

    def __init__(self, root: Path) -> None:
        self.store = AccountStore(find_workspace(root).private)

    @cached_property
    def _hasher(self) -> Any:
        from argon2 import PasswordHasher

        return PasswordHasher()

    @cached_property
    def _nobodys(self) -> str:
        """A hash to check against where there is no account, so that both take the same time."""
        return str(self._hasher.hash(secrets.token_urlsafe()))

    @property
    def is_set_up(self) -> bool:
        """There is an account."""
        return bool(self.store.accounts())

    def offer_setup(self, now: datetime) -> str:
        """The secret of a new one-time link to make the first account with."""
        secret = secrets.token_urlsafe(32)
        self.store.offer_setup(hashed(secret), now + SETUP)
        return secret

    def set_up(self, secret: str, name: str, password: str, now: datetime) -> Account:
        """The first account, an admin, by a link that was offered; raises SignInError, AccessError."""
        self._check_password(password)
        if self.is_set_up or not self.store.use_setup(hashed(secret), now):
            raise SignInError("This link is not good any more. Start the server again for a new one.")
        return self.add(name, "admin", now, password=password, by=name)

    def add(
        self, name: str, role: str, now: datetime, *, password: str | None = None, by: str, **who: str | None
    ) -> Account:
        """A new account; ``who`` takes agent, team, partner, language, zone. Raises AccessError, UnknownNameError."""
        self._check_role(role)
        if not name.strip():
            raise AccessError("An account needs a name, like an e-mail address.")
        if password is not None:
            self._check_password(password)
        try:
            account = self.store.add(name.strip(), role, now, password=self._hash(password), **who)
        except sqlite3.IntegrityError:
            raise AccessError(f"There is an account called '{name}'. Choose another name.") from None
        self.store.note(by, "account added", f"{account.name} as {role}", now)
        return account

    def _hash(self, password: str | None) -> str | None:
        return None if password is None else str(self._hasher.hash(password))

    def _check_role(self, role: str) -> None:
        if role not in get_args(Role):
            raise UnknownNameError("role", role, get_args(Role))

    def _check_password(self, password: str) -> None:
        if len(password) < LEAST_PASSWORD:
            raise AccessError(f"A password needs {LEAST_PASSWORD} characters or more: a sentence is easy to remember.")

    def change(self, name: str, now: datetime, *, by: str, **values: str | None) -> None:
        """Other values for an account; a new role, team or password ends its sessions. Raises UnknownNameError."""
        account = self.account(name)
        if "role" in values:
            self._check_role(str(values["role"]))
        if "password" in values:
            self._check_password(str(values["password"]))
            values = {**values, "password": self._hash(values["password"])}
        self.store.change(account.id, **values)
        if set(values) - {"language", "zone"}:
            self.store.end_sessions(account.id, now)
        self.store.note(by, "account changed", f"{account.name}: {', '.join(values)}", now)

    def account(self, name: str) -> Account:
        """The account called ``name``; raises UnknownNameError."""
        found = self.store.account(name)
        if found is None:
            raise UnknownNameError("account", name, (account.name for account in self.store.accounts()))
        return found

    def sign_in(self, name: str, password: str, address: str, now: datetime) -> str:
        """The id of a new session; raises SignInError, the same for an unknown name, a wrong password and too many."""
        of_name, of_address = self.store.failures(name, address, now - WINDOW)
        account = self.store.account(name)
        is_right = self._is_right(account.password if account else None, password)
        if of_name >= FAILURES_OF_NAME or of_address >= FAILURES_OF_ADDRESS or not is_right or account is None:
            self.store.failed(name, address, now)
            self.store.note(name, "sign-in refused", address, now)
            raise SignInError(WRONG)
        return self.begin(account, address, now)

    def _is_right(self, stored: str | None, password: str) -> bool:
        from argon2.exceptions import VerificationError

        try:
            self._hasher.verify(stored or self._nobodys, password)
        except VerificationError:
            return False
        return stored is not None

    def begin(self, account: Account, address: str, now: datetime) -> str:
        """The id of a new session of an account that was recognised; raises SignInError for a disabled one."""
        if account.disabled_at:
            raise SignInError(WRONG)
        secret = secrets.token_urlsafe(32)
        self.store.begin(hashed(secret), account.id, secrets.token_urlsafe(24), now, now + SESSION, address)
        self.store.note(account.name, "signed in", address, now)
        return secret

    def note(self, who: str, action: str, detail: str, now: datetime) -> None:
        """A line of the audit log."""
        self.store.note(who, action, detail, now)

    def sign_out(self, viewer: Viewer, now: datetime) -> None:
        """Ends the viewer's session."""
        if viewer.account is not None and viewer.session:
            self.store.end_sessions(viewer.account, now, only=viewer.session)
            self.store.note(viewer.name, "signed out", "", now)

    def viewer_of_session(self, secret: str, now: datetime) -> Viewer | None:
        """Whose session it is; null where it has ended."""
        session = self.store.session(hashed(secret), now)
        return _signed_in(session) if session else None

    def viewer_of_token(self, secret: str, now: datetime) -> Viewer | None:
        """Whose token it is; null where it is not good."""
        token = self.store.token(hashed(secret), now)
        return (
            replace(_viewer(token.account), scopes=token.scopes, name=f"{token.account.name} ({token.name})")
            if token
            else None
        )

    def issue_token(
        self, account: Account, name: str, scopes: tuple[str, ...], now: datetime, *, days: int | None = None
    ) -> str:
        """A new token, shown this once; raises UnknownNameError for a scope."""
        for scope in scopes:
            if scope not in SCOPES:
                raise UnknownNameError("scope", scope, SCOPES)
        secret = f"dp_{secrets.token_urlsafe(32)}"
        until = now + timedelta(days=days) if days else None
        self.store.issue(hashed(secret), account.id, name or "token", scopes or ("read",), now, until)
        self.store.note(account.name, "token issued", f"{name}: {' '.join(scopes)}", now)
        return secret

    def tokens(self, account: int) -> tuple[Token, ...]:
        """The tokens of an account."""
        return self.store.tokens(account)

    def sessions(self, account: int, now: datetime) -> tuple[Session, ...]:
        """The running sessions of an account."""
        return self.store.sessions(account, now)


def _viewer(account: Account) -> Viewer:
    return Viewer(
        name=account.name,
        role=cast(Role, account.role),
        agent=account.agent,
        team=account.team,
        partner=account.partner,
        language=account.language,
        zone=account.zone,
        account=account.id,
    )


def _signed_in(session: Session) -> Viewer:
    return replace(_viewer(session.account), form=session.form, session=session.hash)
