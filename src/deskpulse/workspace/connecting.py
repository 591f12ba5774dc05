"""A new source: what it needs is checked against its API, secrets are put away, and the settings get their part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from deskpulse.connectors.api.client import Client
from deskpulse.connectors.api.connector import Account, ApiConnector, api_connector
from deskpulse.connectors.secrets import keep_secret, variable
from deskpulse.errors import SettingsError, UnknownNameError
from deskpulse.settings.document import NAME
from deskpulse.settings.sources import Source, source_lines
from deskpulse.workspace.editing import append

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Connected:
    """What came of it. ``missing`` are scopes the access lacks; ``to_export`` the variables the environment must hold,
    since there is no keyring; ``is_new`` says that the settings got a part for it; ``schedules`` are the system's
    business hours as parts of the settings, where those have none."""

    source: str
    missing: tuple[str, ...]
    to_export: tuple[str, ...]
    is_new: bool
    schedules: str


def wanted(place: Workspace, name: str, connector: str | None) -> tuple[Source, ApiConnector]:
    """The source meant by a name: one of the settings, or a new one of the connector (by default of the same name)."""
    known = {source.name: source for source in place.settings.sources}
    found = known.get(name)
    if found is not None and connector not in (None, found.connector):
        raise SettingsError(
            f"{found.place}: '{name}' is read by {found.connector}. Choose another name for {connector}."
        )
    if not NAME.fullmatch(name):
        raise SettingsError(f"'{name}' will not do as the name of a source: use small letters, digits, '-' and '_'.")
    source = found or Source(name=name, connector=connector or name)
    return source, api_connector(source.connector)


def connect(
    place: Workspace,
    source: Source,
    *,
    options: Mapping[str, str],
    secrets: Mapping[str, str],
    every: str | None,
    now: datetime,
) -> Connected:
    """Checks the access, keeps the secrets and writes the settings; raises SourceError when the API refuses it, and
    nothing is kept then."""
    connector = api_connector(source.connector)
    account = Account(source=source.name, options={**source.options, **options}, secrets=secrets)
    _only_known(connector, options)
    with connector.open(account) as client:
        if isinstance(client, Client):
            client.try_out()
        missing = connector.check(client)
        schedules = "" if place.settings.schedules else connector.schedules(client)
    is_new = source.name not in {known.name for known in place.settings.sources}
    if is_new:
        append(place.root, source_lines(source, every, account.options), what=f"source {source.name} added", now=now)
        place.__dict__.pop("settings", None)
    elif options:
        raise SettingsError(
            f"{source.place}: '{source.name}' has its options already. Change them there, then type: deskpulse connect "
            f"{source.name}"
        )
    lost = [name for name, value in secrets.items() if not keep_secret(source.name, name, value)]
    return Connected(
        source=source.name,
        missing=missing,
        to_export=tuple(variable(source.name, name) for name in lost),
        is_new=is_new,
        schedules=schedules,
    )


def _only_known(connector: ApiConnector, options: Mapping[str, str]) -> None:
    known = [need.name for need in connector.needs if not need.is_secret]
    for name in options:
        if name not in (*known, "url"):
            raise UnknownNameError(f"option of {connector.title}", name, known)
