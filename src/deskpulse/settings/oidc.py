"""Single sign-on by OpenID Connect: which provider, as which client, and what becomes of people it knows alone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from deskpulse.settings.document import Section

ROLES = ("viewer", "agent", "lead", "analyst", "admin")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True)
class SingleSignOn:
    """The provider. The client's secret is no setting: the environment or the system's keyring holds it.

    ``new_accounts`` is the role of people who have no account yet; null: only those an admin has added get in.
    """

    issuer: str
    client_id: str
    title: str = "single sign-on"
    new_accounts: str | None = None


def read_single_sign_on(document: Section) -> SingleSignOn | None:
    """The section ``[oidc]``, if there is one; raises SettingsError."""
    table = document.section("oidc")
    if not table.values:
        return None
    table.only(("issuer", "client_id", "title", "new_accounts"))
    issuer = table.needed("issuer", "https://login.example.com")
    address = urlsplit(issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        table.fail("issuer", f"'{issuer}' will not do: expects an address that begins with https://.")
    return SingleSignOn(
        issuer=issuer,
        client_id=table.needed("client_id", "deskpulse"),
        title=table.text("title") or SingleSignOn.title,
        new_accounts=table.choice("new_accounts", ROLES) if "new_accounts" in table.values else None,
    )
