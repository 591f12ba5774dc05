"""Single sign-on: people are sent to an OpenID Connect provider and come back with a signed statement of who they are.

Authorization code flow with PKCE (RFC 7636), state and nonce; OpenID Connect Core 1.0, section 3.1.3.7 says what of the
ID token is checked: its signature by the provider's published keys, issuer, audience, times and nonce.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deskpulse.errors import DeskpulseError, SignInError
from deskpulse.settings.oidc import SingleSignOn
from deskpulse.store.account_file import Departure
from deskpulse.workspace.accounts import Account, Accounts, hashed

SECRET = "DESKPULSE_OIDC_SECRET"
AWAY = timedelta(minutes=10)
WAIT_SECONDS, LEEWAY_SECONDS = 10, 120
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures that only the provider can make: 'none' and those by a shared secret are not among them."""
FAILED = "Single sign-on did not work: try again, or ask an admin to look into the audit log."
BY = "single sign-on"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A provider as it describes itself at its well-known address."""

    settings: SingleSignOn
    described: Mapping[str, Any]

    def client(self, here: str) -> Any:
        """An OAuth client that the provider sends people back to ``here`` for."""
        from authlib.integrations.httpx_client import OAuth2Client

        secret = client_secret(self.settings.client_id)
        return OAuth2Client(
            self.settings.client_id,
            secret,
            redirect_uri=here,
            scope="openid email profile",
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            timeout=WAIT_SECONDS,
        )


def client_secret(client: str) -> str | None:
    """The client's secret, of the environment or the keyring; null for a client that has none."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return os.environ.get(SECRET) or keyring.get_password("deskpulse-oidc", client)
    except KeyringError:  # a machine without one
        return None


def find_provider(settings: SingleSignOn) -> Provider:
    """Reads what the provider says of itself; raises SignInError where it cannot be reached or is another."""
    found = _fetched(f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != settings.issuer:
        raise SignInError(f"The provider calls itself '{found.get('issuer')}': write that as issuer in [oidc].")
    return Provider(settings=settings, described=found)


def _fetched(address: str) -> Mapping[str, Any]:
    import httpx

    try:
        answer = httpx.get(address, timeout=WAIT_SECONDS, follow_redirects=False).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        raise SignInError(
            "The single sign-on provider does not answer at %(address)s. Try again later.", address=address
        ) from error
    return answer if isinstance(answer, dict) else {}


def depart(accounts: Accounts, provider: Provider, *, here: str, wanted: str, now: datetime) -> tuple[str, str]:
    """The address to send someone to, and the state that their browser keeps until they come ``here``."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    address, _ = provider.client(here).create_authorization_url(
        provider.described["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
    )
    going = Departure(nonce=nonce, verifier=verifier, wanted=wanted)
    accounts.store.depart(hashed(state), going, now, now + AWAY)
    return str(address), state


def come_back(
    accounts: Accounts, provider: Provider, *, here: str, code: str, state: str, now: datetime
) -> tuple[Account, str]:
    """Whose account it is, and the page that was wanted; raises SignInError, the reason is in the audit log."""
    going = accounts.store.come_back(hashed(state), now)
    if going is None:
        raise SignInError("That took too long, or was done already. Sign in again.")
    try:
        claims = _claims(provider, going, here, code, now)
    except Exception as fault:  # whatever a foreign server may send; nobody gets in by it
        accounts.note(BY, "sign-in refused", f"{type(fault).__name__}: {fault}"[:300], now)
        raise SignInError(FAILED) from fault
    return _account(accounts, provider.settings, claims, now), going.wanted


def _claims(provider: Provider, going: Departure, here: str, code: str, now: datetime) -> Mapping[str, Any]:
    """The statement of an ID token whose signature, issuer, audience, times and nonce are right."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    said = provider.client(here).fetch_token(
        provider.described["token_endpoint"], code=code, code_verifier=going.verifier, grant_type="authorization_code"
    )
    offered = provider.described.get("id_token_signing_alg_values_supported") or ["RS256"]
    registry = JWSRegistry(algorithms=[name for name in SIGNED_BY if name in offered], strict_check_header=False)
    keys = KeySet.import_key_set(dict(_fetched(provider.described["jwks_uri"])))  # type: ignore[arg-type]
    token = jwt.decode(said["id_token"], keys, registry=registry)
    expected = {
        "iss": {"essential": True, "value": provider.settings.issuer},
        "aud": {"essential": True, "value": provider.settings.client_id},
    }
    known = {"nonce": going.nonce, "client_id": provider.settings.client_id, "access_token": said.get("access_token")}
    claims = CodeIDToken(token.claims, token.header, expected, known)
    claims.validate(now=round(now.replace(tzinfo=UTC).timestamp()), leeway=LEEWAY_SECONDS)
    return dict(claims)


def _account(accounts: Accounts, settings: SingleSignOn, claims: Mapping[str, Any], now: datetime) -> Account:
    """The account of this person: known by subject, else by a confirmed e-mail address, else made where that is set."""
    subject = f"{claims['iss']}|{claims['sub']}"
    if found := accounts.store.account_of_subject(subject):
        return found
    name = str(claims.get("email") or "").strip() if claims.get("email_verified") is True else ""
    known = accounts.store.account(name) if name else None
    if known and known.subject is None:
        accounts.change(known.name, now, by=BY, subject=subject)
        return accounts.account(known.name)
    if known or not name or settings.new_accounts is None:
        accounts.note(name or subject, "sign-in refused", "single sign-on knows them, and they have no account", now)
        raise SignInError("You have no account here yet. Ask an admin to add one by the name of your e-mail address.")
    try:
        return accounts.add(name, settings.new_accounts, now, by=BY, subject=subject)
    except DeskpulseError as error:
        raise SignInError(FAILED) from error
