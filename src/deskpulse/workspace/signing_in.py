"""Getting in: by password, session or token, and how often a wrong password may be tried."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from deskpulse.errors import AccessError, SignInError, UnknownNameError
from deskpulse.store.accounts import Account, AccountStore, Session, Token
from deskpulse.store.layout import find_workspace
from deskpulse.workspace.access import Role, Viewer

SESSION, LONG_SESSION = timedelta(hours=12), timedelta(days=30)
WINDOW = timedelta(minutes=15)
FAILURES_OF_BOTH, FAILURES_OF_NAME, FAILURES_OF_ADDRESS = 10, 100, 50
"""Wrong passwords in ``WINDOW`` after which nobody is let in: by that name from that address, by that name at all, and
from that address. A stranger cannot shut somebody out who signs in from elsewhere, short of a hundred tries."""
SCOPES = ("read", "write", "admin")
WRONG = "The name or the password is not right, or there were too many tries. Wait a quarter of an hour and try again."


def hashed(secret: str) -> str:
    """What is stored of a long random text."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SigningIn:
    """The ways into the workspace in ``root``."""

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

    def sign_in(self, name: str, password: str, address: str, now: datetime, *, stays: bool = False) -> str:
        """The id of a new session; raises SignInError, the same for an unknown name, a wrong password and too many.

        ``stays``: for a month on this device, not for half a day.
        """
        account = self.store.account(name.strip())
        self._prove(name.strip(), account.password if account else None, password, address, now)
        if account is None or account.disabled_at:
            raise SignInError(WRONG)
        return self.begin(account, address, now, stays=stays)

    def confirm(self, viewer: Viewer, password: str, address: str, now: datetime) -> None:
        """That it is them who sit there, before they change what lets them in; raises SignInError.

        Where single sign-on lets them in, they have no password to give.
        """
        account = self.store.account(viewer.name)
        if account is None or account.password is not None:
            self._prove(viewer.name, account.password if account else None, password, address, now)

    def _prove(self, name: str, stored: str | None, password: str, address: str, now: datetime) -> None:
        of_both, of_name, of_address = self.store.failures(name, address, now - WINDOW)
        if of_both >= FAILURES_OF_BOTH or of_name >= FAILURES_OF_NAME or of_address >= FAILURES_OF_ADDRESS:
            raise SignInError(WRONG)
        if not self._is_right(stored, password):
            self.store.failed(name, address, now)
            self.store.note(name, "sign-in refused", address, now)
            raise SignInError(WRONG)

    def _is_right(self, stored: str | None, password: str) -> bool:
        from argon2.exceptions import VerificationError

        nobodys = self._nobodys  # made at the first try, whoever it is
        try:
            self._hasher.verify(stored or nobodys, password)
        except VerificationError:
            return False
        return stored is not None

    def begin(self, account: Account, address: str, now: datetime, *, stays: bool = False) -> str:
        """The id of a new session of an account that was recognised; raises SignInError for a disabled one."""
        if account.disabled_at:
            raise SignInError(WRONG)
        secret = secrets.token_urlsafe(32)
        until = now + (LONG_SESSION if stays else SESSION)
        self.store.begin(hashed(secret), account.id, secrets.token_urlsafe(24), now, until, address)
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

    def end_sessions(self, viewer: Viewer, now: datetime, *, only: str | None = None) -> None:
        """Ends one of the viewer's own sessions, or all but the one they are in."""
        if viewer.account is not None:
            self.store.end_sessions(viewer.account, now, only=only, but=None if only else viewer.session)
            self.store.note(viewer.name, "sessions ended", "one" if only else "all others", now)

    def viewer_of_session(self, secret: str, now: datetime) -> Viewer | None:
        """Whose session it is; null where it has ended."""
        session = self.store.session(hashed(secret), now)
        return replace(_viewer(session.account), form=session.form, session=session.hash) if session else None

    def viewer_of_token(self, secret: str, now: datetime) -> Viewer | None:
        """Whose token it is; null where it is not good."""
        token = self.store.token(hashed(secret), now)
        if token is None:
            return None
        return replace(_viewer(token.account), scopes=token.scopes, name=f"{token.account.name} ({token.name})")

    def sessions(self, account: int, now: datetime) -> tuple[Session, ...]:
        """The running sessions of an account."""
        return self.store.sessions(account, now)

    def issue_token(
        self, account: Account, name: str, scopes: tuple[str, ...], now: datetime, *, days: int | None = None
    ) -> str:
        """A new token, shown this once; raises UnknownNameError for a scope, AccessError for one above the role."""
        for scope in scopes:
            if scope not in SCOPES:
                raise UnknownNameError("scope", scope, SCOPES)
        if "admin" in scopes and account.role != "admin":
            raise AccessError("Only an admin's token can have the scope 'admin'. Choose 'read' or 'write'.")
        secret = f"dp_{secrets.token_urlsafe(32)}"
        until = now + timedelta(days=days) if days else None
        kept = scopes or ("read",)
        self.store.issue(hashed(secret), account.id, name.strip() or "token", kept, now, until)
        self.store.note(account.name, "token issued", f"{name.strip() or 'token'}: {' '.join(kept)}", now)
        return secret

    def tokens(self, account: int) -> tuple[Token, ...]:
        """The tokens of an account that were not revoked."""
        return self.store.tokens(account)

    def revoke_token(self, viewer: Viewer, token: int, now: datetime) -> None:
        """One of the viewer's own tokens is good no more."""
        if viewer.account is not None:
            self.store.revoke(token, viewer.account, now)
            self.store.note(viewer.name, "token revoked", str(token), now)


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
