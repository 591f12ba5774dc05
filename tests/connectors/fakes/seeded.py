"""A made-up account with a history for each connector: what is killed, broken and distorted on purpose.

A connector takes part by a module of its own name here with ``seeded()``, and ``WAYS`` where it has several.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import tomlkit
from connectors.fakes.serving import Fake, serve

import deskpulse.workspace as workspaces
from deskpulse.connectors.api.connector import Account, ApiConnector, api_connector, api_connectors
from deskpulse.workspace import Workspace


@dataclass(kw_only=True)
class Seeded:
    """A fake with a history, and what a source of it needs to be told besides its address."""

    connector: str
    fake: Fake
    options: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=lambda: {"token": "s3cret"})

    @property
    def api(self) -> ApiConnector:
        """The connector."""
        return api_connector(self.connector)

    @contextmanager
    def serving(self, folder: Path) -> Iterator[Account]:
        """Runs it; what it has to keep on the disk goes to ``folder``."""
        with serve(self.fake) as url:
            yield Account(source="desk", options={"url": url, **self.options}, secrets=self.secrets)

    def workspace(self, root: Path, account: Account) -> Workspace:
        """A workspace with the source 'desk'."""
        source = {"name": account.source, "connector": self.connector, "options": dict(account.options)}
        return workspaces.create(root, settings=tomlkit.dumps({"sources": [source]}))


@cache
def ways() -> tuple[str, ...]:
    """Every connector of an API that has a history here; one that has several ways as ``rest/link`` and so on."""
    modules = {name: _module(name) for name in api_connectors()}
    return tuple(
        f"{name}/{way}" if way else name
        for name, module in modules.items()
        if hasattr(module, "seeded")
        for way in getattr(module, "WAYS", ("",))
    )


def seeded(way: str) -> Seeded:
    """A new account of one of the ways."""
    name, _, more = way.partition("/")
    made: Seeded = _module(name).seeded(*filter(None, (more,)))
    return made


def _module(name: str) -> Any:
    place = f"connectors.fakes.{name}"
    return importlib.import_module(place) if importlib.util.find_spec(place) else None
