"""A fake asked without a socket between."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from urllib.parse import parse_qs

import httpx
import pytest
from connectors.fakes.run import NOW
from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Asked, Fake

from deskpulse.connectors.api import client
from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.api.page import Page
from deskpulse.connectors.api.understood import understood_pages

ADDRESS = "http://desk"
MOST_PAGES = 300


def wireless(account: Seeded) -> Account:
    """What a source of the fake is told."""
    account.fake.url = ADDRESS
    return Account(source="desk", options={"url": ADDRESS, **account.options}, secrets=account.secrets)


def fetched(account: Seeded, fake: Fake | None = None, *, cursor: str | None = None, now: datetime = NOW) -> list[Page]:
    """The pages a run gets, from the account's fake or from one that stands in for it; of endless ones the first."""
    asked = fake or account.fake
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(httpx.HTTPTransport, "__init__", lambda self, **options: None)  # its certificates take 20 ms
        patched.setattr(httpx.HTTPTransport, "close", lambda self: None)
        patched.setattr(httpx.HTTPTransport, "handle_request", lambda self, request: _answer(asked, request))
        patched.setattr(client, "wait", lambda seconds: None)
        with account.api.open(wireless(account)) as opened:
            pages = understood_pages(account.api, opened, "desk", cursor, now=now, since=None)
            return list(islice(pages, MOST_PAGES))


def _answer(fake: Fake, request: httpx.Request) -> httpx.Response:
    told = fake.hear(
        Asked(
            method=request.method,
            path=request.url.path,
            query=parse_qs(request.url.query.decode()),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.read(),
        )
    )
    return httpx.Response(told.status, headers=told.headers, content=told.content, request=request)
