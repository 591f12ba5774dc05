"""The hand-made shop of the pages' tests, asked by programs: clients with tokens of every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from web.conftest import made

from deskpulse.surfaces.server.app import create_app

Client = Callable[..., TestClient]


def client_of(app: FastAPI, role: str = "admin", scopes: tuple[str, ...] = ("read", "write"), **who: str) -> TestClient:
    """A program with a token of an account of this role."""
    accounts, now = app.state.accounts, datetime.now(UTC).replace(tzinfo=None)
    name = "-".join((role, *who.values()))
    account = accounts.store.account(name) or accounts.add(name, role, now, by="test", **who)
    token = accounts.issue_token(account, "test", scopes, now)
    headers = {"Authorization": f"Bearer {token}"}
    return TestClient(app, headers=headers, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def shop_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The served shop, for tests that only look."""
    return create_app(made(tmp_path_factory.mktemp("api") / "shop"))


@pytest.fixture(scope="session")
def client(shop_app: FastAPI) -> TestClient:
    """An admin's program."""
    return client_of(shop_app)


@pytest.fixture
def own_app(tmp_path: Path) -> FastAPI:
    """A served shop of the test's own, to change."""
    return create_app(made(tmp_path / "shop"))
