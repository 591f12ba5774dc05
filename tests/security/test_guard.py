"""What stands before every route: the secret of forms, cookies, tokens, limits, headers, and the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from deskpulse.surfaces.server.app import create_app
from deskpulse.workspace.accounts import Accounts
from tests.security.conftest import made
from tests.web.conftest import COOKIE, Visit, form_of, serve

PASSWORD = "a long enough sentence"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company whose accounts are changed here."""
    return made(tmp_path_factory.mktemp("guard") / "desk")


@pytest.fixture(scope="module")
def visit(own: Path) -> Visit:
    return serve(own)


def _stranger(root: Path, url: str = "http://127.0.0.1") -> TestClient:
    return TestClient(create_app(root), base_url=url, follow_redirects=False)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def test_a_form_without_its_secret_changes_nothing(own: Path, visit: Visit) -> None:
    client = visit("analyst")
    before = Accounts(own).account("analyst").zone
    for sent in ({"zone": "Asia/Tokyo"}, {"zone": "Asia/Tokyo", "form_secret": "guessed"}):
        assert client.post("/account/preferences", data=sent).status_code == 403
    assert Accounts(own).account("analyst").zone == before
    secret = form_of(client.get("/account").text)
    assert client.post("/account/preferences", data={"zone": "Asia/Tokyo", "form_secret": secret}).status_code == 303
    assert Accounts(own).account("analyst").zone == "Asia/Tokyo"


def test_one_session_s_secret_is_not_another_s(visit: Visit) -> None:
    first, second = visit("analyst"), visit("analyst")
    secret = form_of(first.get("/account").text)
    sent = {"zone": "Asia/Tokyo", "form_secret": secret}
    assert second.post("/account/preferences", data=sent).status_code == 403


def test_a_secret_can_be_sent_with_a_file_or_in_a_header(visit: Visit) -> None:
    client = visit("analyst")
    secret = form_of(client.get("/account").text)
    files = {"file": ("a.txt", b"text")}
    assert client.post("/account/preferences", data={"form_secret": secret}, files=files).status_code == 303
    assert client.post("/account/preferences", files=files).status_code == 403
    assert client.post("/account/preferences", data={}, headers={"X-Form-Secret": secret}).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(own: Path) -> None:
    Accounts(own).add("cookie", "viewer", _now(), password=PASSWORD, by="test")
    for url, is_secure in (("http://127.0.0.1", False), ("https://desk.example", True)):
        answer = _stranger(own, url).post("/sign-in", data={"name": "cookie", "password": PASSWORD})
        said = answer.headers["set-cookie"]
        assert "HttpOnly" in said and "SameSite=lax" in said and "Path=/" in said
        assert ("Secure" in said) is is_secure


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "evil.example"])
def test_signing_in_leads_nowhere_else(own: Path, wanted: str) -> None:
    known = Accounts(own)
    if known.store.account("onward") is None:
        known.add("onward", "viewer", _now(), password=PASSWORD, by="test")
    sent = {"name": "onward", "password": PASSWORD, "next": wanted}
    assert _stranger(own).post("/sign-in", data=sent).headers["location"] == "/"
    sent["next"] = "/tickets?period=all"
    assert _stranger(own).post("/sign-in", data=sent).headers["location"] == "/tickets?period=all"


def test_a_wrong_password_is_told_like_an_unknown_name(own: Path) -> None:
    known = Accounts(own)
    known.add("known", "viewer", _now(), password=PASSWORD, by="test")
    client = _stranger(own)
    pages = [client.post("/sign-in", data={"name": name, "password": "x" * 20}) for name in ("known", "unknown")]
    assert [page.status_code for page in pages] == [401, 401]
    assert pages[0].text == pages[1].text


def test_a_signed_out_cookie_is_worth_nothing(visit: Visit) -> None:
    client = visit("analyst")
    kept = client.cookies[COOKIE]
    client.post("/sign-out", data={"form_secret": form_of(client.get("/account").text)})
    client.cookies.set(COOKIE, kept)
    assert client.get("/account").status_code == 303


def test_a_token_reads_the_api_and_no_page(own: Path) -> None:
    known = Accounts(own)
    account = known.add("program", "admin", _now(), by="test")
    token = known.issue_token(account, "sheet", ("read",), _now())
    client, sent = _stranger(own), {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/ask?kpi=csat&period=all", headers=sent).status_code == 200
    assert client.get(f"/api/v1/ask?kpi=csat&period=all&token={token}").status_code == 200
    assert client.get("/api/v1/ask?kpi=csat&token=dp_wrong").status_code == 401
    for page in ("/", "/account", "/admin/accounts"):
        assert client.get(page, headers=sent).status_code == 303
        assert client.get(f"{page}?token={token}").status_code == 303
    assert client.post("/account/tokens", headers=sent, data={"name": "more"}).status_code == 303
    rows = {"source": "x", "rows": [{"source_id": "a", "version": 1, "at": "2026-03-01", "title": "t"}]}
    assert client.post("/api/v1/events/annotation", headers=sent, json=rows).status_code == 403
    assert client.post(f"/api/v1/events/annotation?token={token}", json=rows).status_code == 401


def test_a_token_that_writes_does_not_read(own: Path) -> None:
    known = Accounts(own)
    account = known.add("feeder", "admin", _now(), by="test")
    token = known.issue_token(account, "feed", ("write",), _now())
    for path in ("ask?kpi=csat&period=all", "tickets?period=all", "evidence?kpi=csat", "tickets/desk:qa1"):
        answer = _stranger(own).get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 403, path


def test_an_agent_s_token_is_bound_like_the_agent(own: Path) -> None:
    known = Accounts(own)
    account = known.add("bound", "agent", _now(), by="test", team="Billing", agent="Zanouk")
    sent = {"Authorization": f"Bearer {known.issue_token(account, 't', ('read',), _now())}"}
    client = _stranger(own)
    found = client.get("/api/v1/ask?kpi=csat&period=all&by=team", headers=sent).text
    assert "Billing" in found and "Orders" not in found
    assert client.get("/api/v1/tickets/desk:qc1", headers=sent).status_code in (400, 404)


@pytest.mark.parametrize("size", [1_000_001, None])
def test_a_stranger_cannot_send_much(own: Path, size: int | None) -> None:
    """With its length said beforehand, or in pieces without."""

    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 50_000

    answer = _stranger(own).post("/sign-in", content=b"x" * size if size else pieces())
    assert answer.status_code == 413


def test_every_answer_says_what_a_browser_may_do(own: Path, visit: Visit) -> None:
    answers = [visit("analyst").get("/"), _stranger(own).get("/sign-in"), _stranger(own).get("/api/v1/kpis")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy and "script-src" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "private" in answers[0].headers["cache-control"]


def test_exports_and_changes_are_written_down(own: Path, visit: Visit) -> None:
    client = visit("admin")
    client.get("/export/tickets.csv?period=all")
    client.get("/tickets?period=all")
    lines = [(line.who, line.action, line.detail) for line in Accounts(own).audit(most=3)]
    assert ("admin", "exported", "GET /export/tickets.csv?period=all") in lines
    assert not any("GET /tickets?" in detail for _, _, detail in lines)
    secret = {"X-Form-Secret": form_of(client.get("/account").text)}
    rows = {"source": "x", "rows": [{"source_id": "a", "version": 1, "at": "2026-03-01", "title": "t"}]}
    assert client.post("/api/v1/events/annotation", json=rows, headers=secret).status_code == 200
    newest = Accounts(own).audit(most=1)[0]
    assert (newest.who, newest.action, newest.detail) == ("admin", "changed", "POST /api/v1/events/annotation")


def test_an_admin_invites_and_the_invited_sign_in(own: Path, visit: Visit) -> None:
    admin = visit("admin")
    secret = form_of(admin.get("/admin/accounts").text)
    sent = {"form_secret": secret, "name": "new@desk.example", "role": "agent", "team": "Billing", "agent": "Zanouk"}
    page = admin.post("/admin/accounts", data=sent).text
    link = page.partition("/set-up?token=")[2].partition("<")[0]
    guest = _stranger(own)
    assert "You were invited as new@desk.example" in guest.get(f"/set-up?token={link}").text
    answer = guest.post("/set-up", data={"token": link, "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert guest.get("/tickets/desk:qa1").status_code == 200
    assert "not good any more" in _stranger(own).get(f"/set-up?token={link}").text


def test_a_password_is_changed_by_who_knows_the_old_one(own: Path) -> None:
    Accounts(own).add("mover", "viewer", _now(), password=PASSWORD, by="test")
    here, there = _stranger(own), _stranger(own)
    for client in (here, there):
        client.post("/sign-in", data={"name": "mover", "password": PASSWORD})
    secret = form_of(here.get("/account").text)
    new = "another long sentence"
    sent = {"form_secret": secret, "old": "not the old one", "new": new}
    assert here.post("/account/password", data=sent).status_code == 400
    assert here.post("/account/password", data={**sent, "old": PASSWORD}).status_code == 303
    assert here.get("/account").status_code == 200, "the session that changed it goes on"
    assert there.get("/account").status_code == 303, "all others are ended"
    assert _stranger(own).post("/sign-in", data={"name": "mover", "password": PASSWORD}).status_code == 401
