"""Single sign-on against a small provider on loopback that can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from deskpulse.surfaces.server.app import create_app
from deskpulse.workspace.accounts import Accounts
from tests.security.conftest import made

HERE = "http://127.0.0.1"
CLIENT, SECRET = "deskpulse", "a client's secret"
WHO = {"sub": "7", "email": "kim@desk.example", "email_verified": True}


@dataclass
class Provider:
    """What the provider says; tests change it. ``asked`` are the token requests it got."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    signs_with: Any = None
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256", "kid": "k1"})
    who: dict[str, Any] = field(default_factory=lambda: dict(WHO))
    claims: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    challenge: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    authorization: str = ""

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def token(self) -> dict[str, Any]:
        at = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 60, "nonce": self.nonce, **self.who}
        signed = jwt.encode(
            self.header, {**said, **self.claims}, self.signs_with or self.key, algorithms=["RS256", "HS256"]
        )
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def exchanged(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        """RFC 7636: the verifier must hash to the challenge that was sent before."""
        self.asked.append(form)
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenge or form["code"] != ["good"]:
            return 400, {"error": "invalid_grant"}
        return 200, self.token()


def _answering(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {"/.well-known/openid-configuration": provider.described()}
            known["/keys"] = {"keys": [provider.key.as_dict(private=False)]}
            self._say(200, known[self.path])

        def do_POST(self) -> None:
            provider.authorization = self.headers.get("Authorization", "")
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*provider.exchanged(parse_qs(body)))

        def _say(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            return

    return Answering


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("DESKPULSE_OIDC_SECRET", SECRET)
    told = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(told))
    told.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("oidc") / "desk")


@pytest.fixture
def root(desk: Path, provider: Provider) -> Iterator[Path]:
    """The company with ``[oidc]``, and no accounts."""
    settings = desk / "deskpulse.toml"
    before = settings.read_text()
    (desk / ".deskpulse" / "accounts.sqlite").unlink(missing_ok=True)
    section = (
        f'[oidc]\nissuer = "{provider.url}"\nclient_id = "{CLIENT}"\ntitle = "Desk login"\nnew_accounts = "viewer"\n'
    )
    settings.write_text(f"{before}\n{section}")
    yield desk
    settings.write_text(before)


def _browser(root: Path) -> TestClient:
    return TestClient(create_app(root), base_url=HERE, follow_redirects=False)


def _sent(browser: TestClient, provider: Provider, wanted: str = "/tickets") -> dict[str, str]:
    """What the browser was sent to the provider with."""
    answer = browser.get(f"/oidc/start?next={wanted}")
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.url}/authorize"
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    provider.nonce, provider.challenge = asked["nonce"], asked["code_challenge"]
    return asked


def _come_back(browser: TestClient, state: str, code: str = "good") -> Any:
    return browser.get(f"/oidc/return?code={code}&state={state}")


def test_somebody_new_gets_an_account_of_the_role_that_is_set(root: Path, provider: Provider) -> None:
    browser = _browser(root)
    assert "Sign in with Desk login" in browser.get("/sign-in").text
    asked = _sent(browser, provider)
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{HERE}/oidc/return" and "openid" in asked["scope"].split()
    answer = _come_back(browser, asked["state"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets")
    made = Accounts(root).account("kim@desk.example")
    assert (made.role, made.subject, made.password) == ("viewer", f"{provider.url}|7", None)
    assert browser.get("/account").status_code == 200
    assert provider.authorization.startswith("Basic "), "the client proves itself to the provider"


def test_the_subject_says_who_it_is_whatever_the_address(root: Path, provider: Provider) -> None:
    for email in ("kim@desk.example", "renamed@desk.example"):
        provider.who["email"] = email
        browser = _browser(root)
        assert _come_back(browser, _sent(browser, provider)["state"]).status_code == 303
    assert [one.name for one in Accounts(root).accounts()] == ["kim@desk.example"]


def test_an_account_an_admin_added_is_found_by_a_confirmed_address(root: Path, provider: Provider) -> None:
    from datetime import datetime

    Accounts(root).add("kim@desk.example", "lead", datetime(2026, 1, 1), by="test", team="Billing")
    browser = _browser(root)
    assert _come_back(browser, _sent(browser, provider)["state"]).status_code == 303
    assert Accounts(root).account("kim@desk.example").subject == f"{provider.url}|7"
    provider.who["sub"] = "8"
    other = _browser(root)
    assert _come_back(other, _sent(other, provider)["state"]).status_code == 401, "nobody takes over a linked account"


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_unconfirmed_address_is_nobody_s(root: Path, provider: Provider, verified: Any) -> None:
    provider.who["email_verified"] = verified
    browser = _browser(root)
    answer = _come_back(browser, _sent(browser, provider)["state"])
    assert answer.status_code == 401
    assert "no account" in answer.text
    assert Accounts(root).accounts() == ()


@pytest.mark.parametrize(
    "lie",
    [
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"exp": 1_000_000_000},
        {"iat": 4_000_000_000},
        {"azp": "another"},
        {"sub": None},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_a_token_that_says_something_else_lets_nobody_in(root: Path, provider: Provider, lie: dict[str, Any]) -> None:
    provider.claims = lie
    browser = _browser(root)
    assert _come_back(browser, _sent(browser, provider)["state"]).status_code == 401
    assert Accounts(root).accounts() == ()
    assert browser.get("/account").status_code == 303


def test_a_token_signed_by_somebody_else_lets_nobody_in(root: Path, provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})
    browser = _browser(root)
    assert _come_back(browser, _sent(browser, provider)["state"]).status_code == 401


def test_a_token_signed_by_the_shared_secret_lets_nobody_in(root: Path, provider: Provider) -> None:
    provider.signs_with, provider.header = OctKey.import_key(SECRET), {"alg": "HS256"}
    browser = _browser(root)
    assert _come_back(browser, _sent(browser, provider)["state"]).status_code == 401
    assert Accounts(root).accounts() == ()


def test_an_answer_is_good_once_and_in_the_browser_that_was_sent(root: Path, provider: Provider) -> None:
    browser, other = _browser(root), _browser(root)
    state = _sent(browser, provider)["state"]
    assert _come_back(other, state).status_code == 401, "a foreign browser is not signed in by a link"
    assert _come_back(browser, state + "x").status_code == 401
    assert _come_back(browser, state).status_code == 303
    assert _come_back(browser, state).status_code == 401
    assert len(provider.asked) == 1


def test_a_wrong_code_or_a_refusal_leads_back_to_signing_in(root: Path, provider: Provider) -> None:
    browser = _browser(root)
    answer = _come_back(browser, _sent(browser, provider)["state"], code="bad")
    assert answer.status_code == 401 and "did not work" in answer.text
    assert [line.action for line in Accounts(root).audit(most=1)] == ["sign-in refused"]
    state = _sent(browser, provider)["state"]
    assert browser.get(f"/oidc/return?error=access_denied&state={state}").status_code == 401


def test_a_provider_that_is_down_is_told(root: Path, provider: Provider) -> None:
    settings = root / "deskpulse.toml"
    settings.write_text(settings.read_text().replace(provider.url, "http://127.0.0.1:9"))
    answer = _browser(root).get("/oidc/start")
    assert answer.status_code == 401 and "does not answer" in answer.text


def test_signing_in_leads_nowhere_else(root: Path, provider: Provider) -> None:
    browser = _browser(root)
    state = _sent(browser, provider, wanted="//evil.example")["state"]
    assert _come_back(browser, state).headers["location"] == "/"
