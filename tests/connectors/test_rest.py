"""Any API by the settings: each way of access and of going on, and what changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.listing import FakeListing
from connectors.fakes.run import NOW, stored, workspace
from connectors.fakes.serving import serve

from deskpulse.connectors.api.connector import Account
from deskpulse.connectors.rest import API
from deskpulse.errors import SourceError
from deskpulse.workspace.syncing import sync_source

MAPPING = """
shape = "ticket"
[columns]
id = "ticket"
opened = "created_at"
"by.name" = "customer"
[columns.state]
meaning = "status"
values = { todo = "open", done = "solved" }
[columns.done_at]
meaning = "solved_at"
optional = true
"""
LATER = "2026-03-09T10:00:00Z"
ITEMS = [
    {"id": n, "opened": f"2026-03-0{n}T09:00:00Z", "changed": f"2026-03-0{n}T10:00:00Z", "by": {"name": "Zed"},
     "state": "done" if n > 1 else "todo"} | ({"done_at": f"2026-03-0{n}T10:00:00Z"} if n > 1 else {})
    for n in range(1, 6)
]  # fmt: skip


def account(fake: FakeListing, auth: str, paginator: str, path: str = "tickets", **more: Any) -> Account:
    listing = {"name": "tickets", "path": path, "items": "data", "paginator": paginator, "mapping": MAPPING, **more}
    options = {"url": fake.url, "auth": auth, "user": "me", "lists": [listing]}
    return Account(source="desk", options=options, secrets={"token": "s3cret"})


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ("bearer", "authorization", "Bearer s3cret"),
        ("basic", "authorization", "Basic bWU6czNjcmV0"),  # me:s3cret
        ("header:X-Key", "x-key", "s3cret"),
        ("query:key", "key", "s3cret"),
    ],
)
@pytest.mark.parametrize(
    ("paginator", "path"),
    [("link", "link"), ("next:links.next", "next"), ("page:page", "tickets"), ("cursor:after=meta.after", "tickets")],
)
def test_every_access_and_paginator(auth: str, header: str, value: str, paginator: str, path: str) -> None:
    fake = FakeListing(ITEMS, header=header, value=value)
    with serve(fake):
        known = account(fake, auth, paginator, path)
        with API.open(known) as client:
            assert API.check(client) == ()
            pages = list(API.pages(client, None, now=NOW, since=None))
    batches = [batch for page in pages for batch in API.to_events(page, known)]
    tickets = [row for batch in batches if getattr(batch, "table", "") == "ticket" for row in batch.rows.to_pylist()]
    assert [row["source_id"] for row in tickets] == ["1", "2", "3", "4", "5"]
    assert {row["customer"] for row in tickets} == {"Zed"}
    assert "s3cret" not in "".join(page.cursor for page in pages)


def test_only_what_changed_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKPULSE_DESK_TOKEN", "s3cret")
    fake = FakeListing(list(ITEMS), header="authorization", value="Bearer s3cret")
    listing = (
        '[[sources.options.lists]]\nname = "tickets"\npath = "tickets"\nitems = "data"\npaginator = "page:page"\n'
        f"since = \"since\"\ncursor = \"changed\"\nmapping = '''{MAPPING}'''\n"
    )
    with serve(fake):
        place = workspace(tmp_path / "desk", "rest", url=fake.url)
        settings = place.root / "deskpulse.toml"
        settings.write_text(settings.read_text() + listing)
        sync_source(place, "desk", now=NOW)
        assert len(stored(place.root, "ticket")) == 5
        fake.items = [*fake.items[1:], {**ITEMS[0], "done_at": LATER, "state": "done", "changed": LATER}]
        asked = len(fake.asked)
        done = sync_source(place, "desk", now=NOW.replace(hour=13))
    assert fake.asked[asked].one("since") == "2026-03-05T10:00:00Z"
    assert done.changed["change"] == 1
    assert done.read["ticket"] == 2


def test_mistakes_say_what_to_write() -> None:
    fake = FakeListing(ITEMS, header="key", value="s3cret")
    with serve(fake):
        with pytest.raises(SourceError, match='auth = "magic" of the source'):
            API.open(account(fake, "magic", "none"))
        wrong = account(fake, "query:key", "sideways")
        with API.open(wrong) as client, pytest.raises(SourceError, match='paginator = "sideways" is none of'):
            list(API.pages(client, None, now=NOW, since=None))
        empty = Account(source="desk", options={"url": fake.url, "auth": "none"})
        with API.open(empty) as client:
            assert "[[sources.options.lists]]" in API.check(client)[0]
