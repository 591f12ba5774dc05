"""``POST /hooks/SOURCE`` and what becomes of it: kept before it is answered, merged later, the same in any order."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from connectors.fakes.github import FakeGitHub, user
from connectors.fakes.run import everything, stored, workspace
from connectors.fakes.serving import serve
from fastapi.testclient import TestClient
from hooks.test_signatures import signed

import deskpulse
from deskpulse.connectors.signatures import Sent
from deskpulse.errors import BusyError
from deskpulse.store.work import open_work
from deskpulse.surfaces.server.app import create_app
from deskpulse.workspace import hooking
from deskpulse.workspace.hooking import Hooks
from deskpulse.workspace.syncing import sync_source

SETTINGS = """
[[sources]]
name = "shop"
connector = "hooks"
[[sources]]
name = "silent"
connector = "hooks"
[[sources]]
name = "pay"
connector = "stripe"
[[sources]]
name = "fresh"
connector = "freshdesk"
[[sources]]
name = "calls"
connector = "twilio"
[[sources]]
name = "crm"
connector = "hubspot"
[[sources]]
name = "zen"
connector = "zendesk"
[sources.options]
subdomain = "acme"
"""
JSON = {"content-type": "application/json"}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in ("SHOP", "PAY", "ZEN", "DESK", "FRESH", "CALLS", "CRM"):
        monkeypatch.setenv(f"DESKPULSE_{source}_WEBHOOK", "s3cret")
    monkeypatch.setenv("DESKPULSE_DESK_TOKEN", "s3cret")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return deskpulse.create(tmp_path / "shop", settings=SETTINGS).root


@pytest.fixture
def client(root: Path) -> TestClient:
    """The server; nothing drains in the background."""
    return TestClient(create_app(root), follow_redirects=False, raise_server_exceptions=False)


def seconds(after: float = 0) -> str:
    return str(int(datetime.now(UTC).timestamp() + after))


def post(client: TestClient, data: Any, *, to: str = "shop", connector: str = "hooks", stamp: str = "") -> int:
    """The status that a signed delivery is answered with."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    headers = {**JSON, **signed(connector, body, stamp or seconds())}
    status: int = client.post(f"/hooks/{to}", content=body, headers=headers).status_code
    return status


def ticket(number: int, version: int = 1, channel: str = "email") -> dict[str, Any]:
    row = {"source_id": f"t{number}", "version": version, "created_at": "2026-03-02T09:00:00Z", "channel": channel}
    return {"table": "ticket", "rows": [row]}


def hooks_of(client: TestClient) -> Hooks:
    found: Hooks = client.app.state.hooks  # type: ignore[attr-defined]
    return found


def quarantined(root: Path) -> list[tuple[str, str]]:
    with open_work(root, holder="test", threads=1) as work:
        return work.con.execute("SELECT source, reason FROM quarantine ORDER BY ALL").fetchall()


def test_a_delivery_is_taken_kept_and_becomes_a_fact(client: TestClient, root: Path) -> None:
    assert post(client, ticket(1)) == 202
    assert len(hooks_of(client).spool.waiting().records) == 1
    assert hooks_of(client).drain() == 1
    assert [row["source_id"] for row in stored(root, "ticket")] == ["t1"]
    assert deskpulse.open(root).snapshot.version == 1
    assert hooks_of(client).drain() == 0  # it is drained once


def test_who_may_not_send_is_refused_and_nothing_is_kept(client: TestClient) -> None:
    body = json.dumps(ticket(1)).encode()
    good = {**JSON, **signed("hooks", body, seconds())}
    for path, headers, content, status in (
        ("/hooks/shop", JSON, body, 401),
        ("/hooks/shop", good, body + b" ", 401),
        ("/hooks/shop", {**JSON, **signed("hooks", body, seconds(-400))}, body, 401),
        ("/hooks/shop", {**JSON, **signed("hooks", body, seconds(400))}, body, 401),
        ("/hooks/nobody", good, body, 404),
        ("/hooks/silent", good, body, 404),  # it has no secret
        ("/hooks/pay", good, body, 401),  # signed as another system signs
        ("/hooks/shop", {**good, "content-type": "text/plain"}, body, 415),
        ("/hooks/shop", {**good, "content-encoding": "gzip"}, body, 415),
        ("/hooks/shop", good, b"x" * 1_000_001, 413),
    ):
        response = client.post(path, headers=headers, content=content)
        assert response.status_code == status, path
        assert response.headers["content-type"] == "application/problem+json", path
        assert "s3cret" not in response.text
    assert client.get("/hooks/shop").status_code == 405
    assert hooks_of(client).spool.waiting().records == ()


def test_a_replay_is_thanked_and_dropped(client: TestClient, root: Path) -> None:
    stamp = seconds()
    assert [post(client, ticket(1), stamp=stamp) for _ in range(3)] == [202, 200, 200]
    assert len(hooks_of(client).spool.waiting().records) == 1


def test_what_cannot_be_understood_is_put_aside_and_holds_nothing_up(client: TestClient, root: Path) -> None:
    odd: tuple[Any, ...] = (
        b"no json",
        b"\xff\xfe",
        [],
        {"table": "tickets?", "rows": []},
        {"table": "ticket", "rows": [1]},
        {"table": "ticket", "rows": [{"source_id": "x", "colour": "red", "created_at": "2026-03-02T09:00:00Z"}]},
        b"[" * 100_000,
    )
    for data in odd:
        assert post(client, data) == 202
    assert post(client, {"type": 7}, to="pay", connector="stripe") == 202
    assert post(client, ticket(1)) == 202
    assert hooks_of(client).drain() == len(odd) + 2
    assert [row["source_id"] for row in stored(root, "ticket")] == ["t1"]
    found = quarantined(root)
    assert len(found) == len(odd) + 1
    assert ("pay", "data is missing") in found


def test_a_customer_of_stripe(client: TestClient, root: Path) -> None:
    def told(kind: str, at: int, name: str) -> dict[str, Any]:
        return {"type": kind, "created": at, "livemode": True, "data": {"object": {"id": "cus_1", "name": name}}}

    for data in (
        told("customer.updated", 200, "Acme"),
        told("customer.created", 100, "Amce"),
        told("charge.failed", 300, "x"),
    ):
        assert post(client, data, to="pay", connector="stripe") == 202
    assert hooks_of(client).drain() == 3
    assert [(row["source_id"], row["name"], row["account"]) for row in stored(root, "customer")] == [
        ("cus_1", "Acme", "Acme")
    ]
    assert quarantined(root) == []


def test_while_another_writes_hooks_still_answer(client: TestClient, root: Path) -> None:
    with open_work(root, holder="deskpulse sync"):
        assert post(client, ticket(1)) == 202
        with pytest.raises(BusyError):
            hooks_of(client).drain()
    assert hooks_of(client).drain() == 1
    assert [row["source_id"] for row in stored(root, "ticket")] == ["t1"]


def test_a_drain_that_ends_before_it_says_so_counts_once(
    client: TestClient, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = hooks_of(client)
    assert post(client, ticket(1)) == 202

    def killed(through: int) -> None:
        raise InterruptedError

    monkeypatch.setattr(hooks.spool, "drained", killed)  # the spool of another Hooks drains
    with pytest.raises(InterruptedError):
        hooks.drain()
    before = everything(root)
    assert Hooks(root).drain() == 1
    assert everything(root) == before


def test_what_comes_during_a_drain_is_drained_with_it_until_others_may_write(
    client: TestClient, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With each publishing another ticket comes, and two drains are at a stretch: the third ticket waits."""
    numbers, publish = count(2), hooking.build_and_publish

    def with_another(*given: Any) -> int:
        assert post(client, ticket(next(numbers))) == 202
        return publish(*given)

    monkeypatch.setattr(hooking, "AT_A_STRETCH", 2)
    monkeypatch.setattr(hooking, "build_and_publish", with_another)
    assert post(client, ticket(1)) == 202
    assert hooks_of(client).drain() == 2
    assert [row["source_id"] for row in stored(root, "ticket")] == ["t1", "t2"]
    assert deskpulse.open(root).snapshot.version == 2
    assert len(hooks_of(client).spool.waiting().records) == 1


def test_a_sign_that_something_is_new_is_no_replay(client: TestClient) -> None:
    body = b'{"ticket": 17}'  # an automation sends the same each time
    keyed = {**JSON, "x-deskpulse-key": "s3cret"}
    for address, headers in (("/hooks/fresh?key=s3cret", JSON), ("/hooks/fresh", keyed)):
        assert client.post(address, headers=headers, content=body).status_code == 202
    assert client.post("/hooks/fresh?key=s3crets", headers=JSON, content=body).status_code == 401
    assert len(hooks_of(client).spool.waiting().records) == 2


@pytest.mark.parametrize("kind", [None, "application/xml", "application/x-www-form-urlencoded", "application/json"])
def test_a_sign_may_be_written_in_any_way(client: TestClient, root: Path, kind: str | None) -> None:
    """Zendesk sends what its webhook was set up to send: JSON, XML, a form, or nothing at all."""
    typed = {} if kind is None else {"content-type": kind}
    for body in (b"", b"<ticket/>", b"id=17"):
        headers = {**typed, **signed("zendesk", body, seconds())}
        assert client.post("/hooks/zen", headers=headers, content=body).status_code == 202, body
    assert hooks_of(client).drain() == 3
    assert quarantined(root) == []


def test_the_address_that_is_signed_is_the_public_one(client: TestClient, root: Path) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    body, here, there = b"EventType=task.created", "http://testserver/hooks/", "https://desk.example.com/hooks/"

    def statuses(host: str) -> list[int]:
        call = signed("twilio", body, url=f"{host}calls?from=x")
        deal = signed("hubspot", b"[]", seconds(), url=f"{host}crm")
        return [
            client.post("/hooks/calls?from=x", headers={**form, **call}, content=body).status_code,
            client.post("/hooks/crm", headers={**JSON, **deal}, content=b"[]").status_code,
        ]

    assert (statuses(there), statuses(here)) == ([401, 401], [202, 202])
    settings = root / "deskpulse.toml"
    settings.write_text(settings.read_text() + '[mail]\naddress = "https://desk.example.com/"\n')
    assert (statuses(here), statuses(there)) == ([401, 401], [200, 202])  # the call is known by now


def test_who_looks_whether_an_address_answers_is_told(client: TestClient) -> None:
    assert client.head("/hooks/shop").status_code == 200


def test_a_full_disk_is_said_to_the_sender(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks_of(client).spool.most_waiting = -1
    assert post(client, ticket(1)) == 503
    hooks_of(client).spool.most_waiting = 1000
    assert post(client, ticket(1)) == 202  # the sender tries again, and it is no replay


def test_the_server_drains_in_the_background(root: Path) -> None:
    with TestClient(create_app(root)) as client:
        with ThreadPoolExecutor(8) as threads:
            assert set(threads.map(lambda number: post(client, ticket(number)), range(20))) == {202}
        until = time.monotonic() + 120
        while hooks_of(client).spool.waiting().records and time.monotonic() < until:
            time.sleep(0.2)
        assert hooks_of(client).spool.waiting().records == ()
    assert len(stored(root, "ticket")) == 20


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    repository = FakeGitHub()
    with serve(repository):
        yield repository


def test_github_by_hooks_ends_as_a_full_sync_does(fake: FakeGitHub, tmp_path: Path) -> None:
    fake.open_issue(7, "2026-03-02T09:00:00Z")
    comment = {"user": user("ann"), "author_association": "MEMBER", "body": "Try", "updated_at": "2026-03-02T10:00:00Z"}
    fake.happen(7, "2026-03-02T10:00:00Z", "commented", **comment)
    fake.happen(7, "2026-03-02T11:00:00Z", "closed", actor=user("ann"))
    told, issue = fake.timelines[7][0], fake.issues[7]
    repository = {"full_name": "acme/app"}
    sent = (
        ("issues", {"action": "closed", "issue": issue, "repository": repository}),
        ("issue_comment", {"action": "created", "issue": issue, "comment": told, "repository": repository}),
        (
            "issues",
            {"action": "opened", "issue": {**issue, "updated_at": issue["created_at"]}, "repository": repository},
        ),
        ("ping", {"zen": "Keep it simple"}),
    )
    now = datetime(2026, 6, 1, 12)
    hooked = workspace(tmp_path / "hooked", "github", url=fake.url, repositories="acme/app")
    hooks = Hooks(hooked.root)
    for kind, data in sent:
        body = json.dumps(data).encode()
        headers = {**signed("github", body), "x-github-event": kind}
        assert hooks.take("desk", Sent(headers=headers, body=body), now=now)
    assert hooks.drain() == 4
    assert [row["text"] for row in stored(hooked.root, "message")] == [told["body"], "It breaks"]
    assert stored(hooked.root, "change") == []  # a closing has its number on the timeline alone
    hooks.read_told(now)
    synced = workspace(tmp_path / "synced", "github", url=fake.url, repositories="acme/app")
    sync_source(synced, "desk", now=now)
    assert everything(hooked.root) == everything(synced.root)
    assert [row["new"] for row in stored(hooked.root, "change")] == ["solved"]


def test_github_sends_forms_unless_told_otherwise(fake: FakeGitHub, tmp_path: Path) -> None:
    """A form with the JSON in its field 'payload' is what its page for a new webhook offers first."""
    fake.open_issue(7, "2026-03-02T09:00:00Z")
    told = {"action": "opened", "issue": fake.issues[7], "repository": {"full_name": "acme/app"}}
    body = urlencode({"payload": json.dumps(told)}).encode()
    place = workspace(tmp_path / "desk", "github", url=fake.url, repositories="acme/app")
    hooks = Hooks(place.root)
    headers = {**signed("github", body), "x-github-event": "issues"}
    assert hooks.take("desk", Sent(headers=headers, body=body), now=datetime(2026, 6, 1, 12))
    assert hooks.drain() == 1
    assert [row["source_id"] for row in stored(place.root, "ticket")] == ["acme/app#7"]
    assert quarantined(place.root) == []


def test_zendesk_is_read_when_its_export_can_tell(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, datetime]] = []
    monkeypatch.setattr(
        "deskpulse.workspace.hooking.sync_source", lambda place, name, *, now, watch: read.append((name, now))
    )
    hooks, body, noon = Hooks(root), b'{"type": "zen:event-type:ticket.created"}', datetime(2026, 3, 2, 12)
    hooks.take("zen", Sent(headers=signed("zendesk", body), body=body), now=noon)
    hooks.drain()
    for after in (0, 64, 65, 66, 200):
        hooks.read_told(noon + timedelta(seconds=after))
    assert read == [("zen", noon + timedelta(seconds=65))]
