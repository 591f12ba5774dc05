"""What a connector of an API declares and does; those that connectors/ has are its modules with an ``API``."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from deskpulse.connectors.api.page import Page
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.errors import SourceError, UnknownNameError

_PACKAGE = "deskpulse.connectors"


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something a connector has to be told; a secret goes to the keyring or the environment, the rest to the settings.

    Without a ``default`` it must be given; an empty default makes it optional.
    """

    name: str
    says: str
    is_secret: bool = False
    example: str = ""
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class Account:
    """One connection to a source: its name, its options and its secrets."""

    source: str
    options: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def text(self, name: str, default: str | None = None) -> str:
        """An option as text; raises SourceError where it is missing and has no default."""
        value = self.options.get(name, default)
        if value is None or (value == "" and default is None):
            raise SourceError(
                f"The source '{self.source}' has no option '{name}'. Type: deskpulse connect {self.source}, or add it "
                f'to its [[sources]]: options = {{ {name} = "..." }}.'
            )
        return str(value)

    def secret(self, name: str) -> str:
        """A secret; raises SourceError where it is missing."""
        from deskpulse.connectors.secrets import needed_secret

        return (self.secrets.get(name) or needed_secret(self.source, name)).strip()

    def host(self, name: str, domain: str) -> str:
        """The host that an option names, whether it says what stands before ``.domain`` or the whole address."""
        given = self.text(name).strip().removeprefix("https://").removeprefix("http://").partition("/")[0]
        return f"{given.removesuffix(f'.{domain}')}.{domain}"


class ApiConnector(ABC):
    """Reads a system over its API, page by page.

    ``every`` is how often it is read if nobody says, ``gives`` are the event tables it fills, ``scopes`` what its
    access must be allowed to read, ``maps`` what becomes of what, ``limits`` what cannot be had, ``unverified`` what
    was not checked against the running system, and ``example`` is a part of deskpulse.toml where options are more than
    a few words.
    """

    title: ClassVar[str]
    every: ClassVar[str] = "15m"
    gives: ClassVar[tuple[str, ...]]
    needs: ClassVar[tuple[Need, ...]]
    scopes: ClassVar[tuple[str, ...]] = ()
    maps: ClassVar[Mapping[str, str]] = {}
    limits: ClassVar[tuple[str, ...]] = ()
    unverified: ClassVar[tuple[str, ...]] = ()
    example: ClassVar[str] = ""

    @abstractmethod
    def open(self, account: Account) -> Any:
        """The client that ``check`` and ``pages`` use; as a context manager it closes itself."""

    @abstractmethod
    def check(self, client: Any) -> tuple[str, ...]:
        """Tries the access; gives what is missing in words, nothing when all is well. Raises SourceError."""

    def schedules(self, client: Any) -> str:
        """Its business hours as parts of deskpulse.toml; empty where it has none to tell. Raises SourceError."""
        return ""

    @abstractmethod
    def pages(self, client: Any, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """The pages after ``cursor``; without one, of what changed from ``since`` on (null: ever), up to ``now``."""

    @abstractmethod
    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The page's canonical rows and what was refused; asks nobody: the same page gives the same rows."""


@cache
def api_connectors() -> Mapping[str, ApiConnector]:
    """Every connector of an API by its id, the file's stem."""
    found = {name: _connector(name) for name in _modules()}
    return {name: connector for name, connector in found.items() if connector is not None}


def api_connector(name: str) -> ApiConnector:
    """The connector called ``name``, importing no other; raises UnknownNameError with the nearest one."""
    connector = _connector(name) if name in _modules() else None
    if connector is None:
        raise UnknownNameError("connector", name, api_connectors())
    return connector


def has_api(name: str) -> bool:
    """A source of this connector is read; of any other it takes only what is sent."""
    return name in _modules() and _connector(name) is not None


def _modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(importlib.import_module(_PACKAGE).__path__)]


def _connector(name: str) -> ApiConnector | None:
    connector: ApiConnector | None = getattr(importlib.import_module(f"{_PACKAGE}.{name}"), "API", None)
    return connector
