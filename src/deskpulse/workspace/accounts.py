"""Accounts of a workspace: who may sign in, as what, and by which links. ``now`` is always an argument (naive UTC)."""

from __future__ import annotations

import secrets
import sqlite3
from datetime import datetime, timedelta
from typing import get_args

from deskpulse.errors import AccessError, SignInError, UnknownNameError
from deskpulse.language import codes
from deskpulse.store.account_file import AuditLine
from deskpulse.store.accounts import Account, Link
from deskpulse.time.zone import zone_info
from deskpulse.workspace.access import Role
from deskpulse.workspace.signing_in import SESSION, WRONG, SigningIn, hashed

__all__ = ["SESSION", "WRONG", "Account", "Accounts", "AuditLine", "hashed"]

SETUP = timedelta(hours=24)
INVITATION = timedelta(days=7)
LEAST_PASSWORD = 12
OLD_LINK = "This link is not good any more: it is good once, and for a while. Ask an admin for a new one."


class Accounts(SigningIn):
    """The accounts of the workspace in ``root``."""

    @property
    def is_set_up(self) -> bool:
        """There is an account."""
        return bool(self.store.accounts())

    def offer_setup(self, now: datetime) -> str:
        """The secret of a new one-time link to make the first account with."""
        secret = secrets.token_urlsafe(32)
        self.store.offer_setup(hashed(secret), now + SETUP)
        return secret

    def invite(self, name: str, now: datetime, *, by: str) -> str:
        """The secret of a new one-time link to choose an account's password with; raises UnknownNameError."""
        account = self.account(name)
        secret = secrets.token_urlsafe(32)
        self.store.offer_setup(hashed(secret), now + INVITATION, account.id)
        self.store.note(by, "link made", f"for {account.name} to choose a password", now)
        return secret

    def link(self, secret: str, now: datetime) -> Link | None:
        """What a one-time link is for; null where it is not good (any more)."""
        found = self.store.setup(hashed(secret), now)
        return None if found and found.account is None and self.is_set_up else found

    def set_up(self, secret: str, name: str, password: str, now: datetime) -> Account:
        """The account of a link with its password: the first, an admin, or one invited (whatever ``name`` says).

        Raises SignInError for a link that is not good, AccessError for a password that is not.
        """
        self._check_password(password)
        found = self.link(secret, now)
        if found is None or (found.account is None and not name.strip()):
            raise SignInError(OLD_LINK)
        if not self.store.use_setup(hashed(secret), now):
            raise SignInError(OLD_LINK)
        if found.account is None:
            return self.add(name, "admin", now, password=password, by=name)
        self.change(found.account, now, by=found.account, password=password)
        return self.account(found.account)

    def add(
        self, name: str, role: str, now: datetime, *, password: str | None = None, by: str, **who: str | None
    ) -> Account:
        """A new account; ``who`` takes agent, team, partner, language, zone. Raises AccessError, UnknownNameError."""
        _check(role=role, **who)
        if not name.strip():
            raise AccessError("An account needs a name, like an e-mail address.")
        if password is not None:
            self._check_password(password)
        try:
            account = self.store.add(name.strip(), role, now, password=self._hash(password), **who)
        except sqlite3.IntegrityError:
            raise AccessError("There is an account called '%(name)s'. Choose another name.", name=name) from None
        self.store.note(by, "account added", f"{account.name} as {role}", now)
        return account

    def _hash(self, password: str | None) -> str | None:
        return None if password is None else str(self._hasher.hash(password))

    def _check_password(self, password: str) -> None:
        if len(password) < LEAST_PASSWORD:
            raise AccessError(
                "A password needs %(least)s characters or more: a sentence is easy to remember.", least=LEAST_PASSWORD
            )

    def change(self, name: str, now: datetime, *, by: str, but: str | None = None, **values: str | None) -> None:
        """Other values for an account. Who it is and what it may do ends its sessions (``but`` one of them).

        Raises UnknownNameError for an account or a role, AccessError for what would leave nobody to administer.
        """
        account = self.account(name)
        _check(**values)
        if values.get("role", "admin") != "admin" or values.get("partner"):
            self._keep_an_admin(account)
        if values.get("password") is not None:
            self._check_password(str(values["password"]))
            values = {**values, "password": self._hash(values["password"])}
        self.store.change(account.id, **values)
        if set(values) - {"language", "zone"}:
            self.store.end_sessions(account.id, now, but=but)
        self.store.note(by, "account changed", f"{account.name}: {_words(values)}", now)

    def disable(self, name: str, now: datetime, *, by: str) -> None:
        """Nobody gets in by this account, its sessions and its tokens; raises UnknownNameError, AccessError."""
        account = self.account(name)
        self._keep_an_admin(account)
        self.store.change(account.id, disabled_at=now.isoformat(sep=" "))
        self.store.end_sessions(account.id, now)
        self.store.note(by, "account disabled", account.name, now)

    def enable(self, name: str, now: datetime, *, by: str) -> None:
        """The account is good again, and so are its tokens; raises UnknownNameError."""
        account = self.account(name)
        self.store.change(account.id, disabled_at=None)
        self.store.note(by, "account enabled", account.name, now)

    def _keep_an_admin(self, account: Account) -> None:
        admins = [one for one in self.accounts() if one.role == "admin" and not one.disabled_at and not one.partner]
        if [one.id for one in admins] == [account.id]:
            raise AccessError("'%(name)s' is the only admin: make another one first.", name=account.name)

    def accounts(self) -> tuple[Account, ...]:
        """Every account, by name."""
        return self.store.accounts()

    def account(self, name: str) -> Account:
        """The account called ``name``; raises UnknownNameError."""
        found = self.store.account(name)
        if found is None:
            raise UnknownNameError("account", name, (account.name for account in self.store.accounts()))
        return found

    def audit(self, *, most: int = 200, after: int = 0, words: str = "") -> tuple[AuditLine, ...]:
        """The newest lines of the audit log that hold ``words``, after so many."""
        return self.store.audit(most=most, after=after, words=words)

    def audit_length(self, words: str = "") -> int:
        """How many lines of the audit log hold ``words``."""
        return self.store.audit_length(words)

    def end_all_sessions(self, name: str, now: datetime, *, by: str) -> None:
        """Whoever is signed in by this account is not any more; raises UnknownNameError."""
        account = self.account(name)
        self.store.end_sessions(account.id, now)
        self.store.note(by, "sessions ended", f"all of {account.name}", now)


def _check(*, role: str | None = None, zone: str | None = None, language: str | None = None, **_: str | None) -> None:
    if role is not None and role not in get_args(Role):
        raise UnknownNameError("role", role, get_args(Role))
    if language and language not in codes():
        raise UnknownNameError("language", language, codes())
    if zone:
        zone_info(zone)


def _words(values: dict[str, str | None]) -> str:
    """What was changed, and to what, except for what is secret."""
    return ", ".join(name if name == "password" else f"{name} {value or 'none'}" for name, value in values.items())
