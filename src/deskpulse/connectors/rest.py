"""Any API that lists JSON: address, access, how pages go on, and a mapping, all in the settings.

The mapping is the one that files are imported by; nested values are columns such as ``user.name``.
"""

from __future__ import annotations

import base64
from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import httpx

from deskpulse.connectors.api.client import Answer, Client
from deskpulse.connectors.api.connector import Account, ApiConnector, Need
from deskpulse.connectors.api.listed import at_path, flat, listed_events, listings, needed
from deskpulse.connectors.api.page import Page, Position
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.errors import SourceError

AUTHS = ("none", "bearer", "basic", "header:NAME", "query:NAME")
EXAMPLE = """
[[sources]]
name = "helpdesk"
connector = "rest"
every = "15m"

[sources.options]
url = "https://api.example.com/v1"
auth = "bearer"                  # or "none", "basic" (with user), "header:X-Api-Key", "query:api_key"

[[sources.options.lists]]
name = "tickets"
path = "tickets"
params = { per_page = "100" }
items = "data"                   # where the rows stand in what comes; leave it out where they are the whole
paginator = "next:links.next"    # or "link" (the header), "page:page", "cursor:after=meta.after", "none"
since = "updated_since"          # the parameter for what changed since, if there is one
cursor = "updated_at"            # the column whose greatest value that parameter gets next time
mapping = '''
shape = "ticket"
[columns]
id = "ticket"
opened_at = "created_at"
"requester.name" = "customer"
[columns.state]
meaning = "status"
values = { todo = "open", done = "solved" }
'''
"""
PAGINATORS = ("none", "link", "next:PATH", "page:PARAMETER", "cursor:PARAMETER=PATH")


class KeyOf(httpx.Auth):
    """The secret where the API wants it."""

    def __init__(self, kind: str, user: str, secret: str) -> None:
        self._kind, self._user, self._secret = kind, user, secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Puts it there."""
        kind, _, name = self._kind.partition(":")
        if kind == "bearer":
            request.headers["Authorization"] = f"Bearer {self._secret}"
        elif kind == "basic":
            both = base64.b64encode(f"{self._user}:{self._secret}".encode()).decode()
            request.headers["Authorization"] = f"Basic {both}"
        elif kind == "header":
            request.headers[name] = self._secret
        elif kind == "query":
            request.url = request.url.copy_merge_params({name: self._secret})
        yield request


class Rest(ApiConnector):
    """Reads lists of JSON by the settings."""

    title: ClassVar[str] = "Any REST API, by its settings"
    gives: ClassVar[tuple[str, ...]] = ("what its mappings say",)
    needs: ClassVar[tuple[Need, ...]] = (
        Need(name="url", says="Where the API's addresses begin", example="https://api.example.com/v1"),
        Need(name="auth", says=f"How it knows you: one of {', '.join(AUTHS)}", default="bearer"),
        Need(name="user", says="The user, for basic", default=""),
        Need(name="token", says="The token, key or password", is_secret=True, default=""),
    )
    maps: ClassVar[Mapping[str, str]] = {"anything": "[[sources.options.lists]], each with a mapping"}
    limits: ClassVar[tuple[str, ...]] = ("Mappings of the shape 'event' need whole tickets and are refused.",)
    example: ClassVar[str] = EXAMPLE

    def open(self, account: Account) -> Client:
        """The client."""
        kind = account.text("auth", "bearer")
        if kind.partition(":")[0] not in {known.partition(":")[0] for known in AUTHS}:
            raise SourceError(f"auth = \"{kind}\" of the source '{account.source}' is none of {', '.join(AUTHS)}.")
        auth = None if kind == "none" else KeyOf(kind, account.text("user", ""), account.secret("token"))
        client = Client(account.text("url"), source=account.source, auth=auth)
        client.about = account
        return client

    def check(self, client: Client) -> tuple[str, ...]:
        """Asks each list once; a source that has none yet is only opened."""
        if "lists" not in client.about.options:
            return ("what to read: add [[sources.options.lists]] to deskpulse.toml, as docs/connectors/rest.md shows",)
        asked = listings(client.about, "lists")
        return tuple(
            f"reading {name}" for name, listing in asked.items()
            if client.get(needed(client.about, listing, "path"), listing.get("params"), accept=(403,)).status == 403
        )  # fmt: skip

    def pages(self, client: Client, cursor: str | None, *, now: datetime, since: datetime | None) -> Iterator[Page]:
        """List by list; one with a parameter ``since`` goes on from the greatest value of its ``cursor``."""
        position = Position.read(cursor)
        for name, listing in listings(client.about, "lists").items():
            yield from _pages(client, position, name, listing, now, since)

    def to_events(self, page: Page, account: Account) -> Iterator[Batch | Quarantined]:
        """The rows by the list's mapping."""
        listing = listings(account, "lists").get(page.stream)
        if listing is not None:
            items = at_path(page.data, str(listing.get("items", "")))
            yield from listed_events(
                page, [] if items is None and isinstance(page.data, dict) else items, account, listing
            )


def _pages(
    client: Client, position: Position, name: str, listing: Mapping[str, Any], now: datetime, since: datetime | None
) -> Iterator[Page]:
    here = position.lists.setdefault(name, {})
    here.setdefault("since", since.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z") if since else None)
    address, params = needed(client.about, listing, "path"), dict(listing.get("params", {}))
    if listing.get("since") and here["since"] is not None:
        params[listing["since"]] = here["since"]
    goes_on: tuple[str, dict[str, Any]] | None = tuple(here["next"]) if "next" in here else (address, params)
    while goes_on:
        answer = client.get(goes_on[0], goes_on[1] or None)
        items = _items(answer.data, listing)
        here["newest"] = _newest(here.get("newest"), items, listing)
        goes_on = _next(answer, items, listing, *goes_on)
        if goes_on:
            here["next"] = goes_on
        else:
            here.pop("next", None)
            here["since"] = here.pop("newest") or here["since"]
        yield Page(stream=name, body=answer.body, cursor=position.text, fetched_at=now, items=len(items))


def _items(data: Any, listing: Mapping[str, Any]) -> list[Any]:
    found = at_path(data, str(listing.get("items", "")))
    return found if isinstance(found, list) else []


def _newest(known: Any, items: list[Any], listing: Mapping[str, Any]) -> Any:
    """The greatest value of the rows' ``cursor``: texts of dates in one form, or numbers."""
    field = str(listing.get("cursor", ""))
    told = [known, *(flat(item).get(field) for item in items if isinstance(item, dict))] if field else []
    texts = [value for value in told if isinstance(value, str)]
    numbers = [value for value in told if isinstance(value, int | float) and not isinstance(value, bool)]
    return max(numbers, default=None) if len(numbers) > len(texts) else max(texts, default=None)


def _next(
    answer: Answer, items: list[Any], listing: Mapping[str, Any], address: str, params: dict[str, Any]
) -> tuple[str, dict[str, Any]] | None:
    kind, _, told = str(listing.get("paginator", "none")).partition(":")
    if kind == "link":
        return (answer.next_link, {}) if answer.next_link else None
    if kind == "next":
        link = at_path(answer.data, told)
        return (str(link), {}) if link else None
    if kind == "page":
        return (address, {**params, told: int(params.get(told, 1)) + 1}) if items else None
    if kind == "cursor":
        parameter, _, path = told.partition("=")
        after = at_path(answer.data, path)
        return (address, {**params, parameter: after}) if after and items else None
    if kind != "none":
        raise SourceError(f'paginator = "{listing["paginator"]}" is none of {", ".join(PAGINATORS)}.')
    return None


API = Rest()
