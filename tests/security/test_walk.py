"""Every route as every role: what may be opened, and that nobody reads a foreign name or ticket anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from deskpulse.surfaces.server.app import create_app
from deskpulse.workspace.rates import Rates
from tests.security.routes import ENDLESS, NAMES, PACKED, addresses, routes_of, text_of, walks
from tests.web.conftest import Visit, form_of

OPEN = ("/sign-in", "/set-up", "/health", "/oidc/", "/s/", "/hooks/", "/language/")
VISITORS: dict[str, tuple[str, dict[str, str]]] = {
    "viewer": ("viewer", {}),
    "agent": ("agent", {"team": "Billing", "agent": "Zanouk"}),
    "lead": ("lead", {"team": "Billing"}),
    "partner": ("analyst", {"partner": "Northway"}),
    "partner_admin": ("admin", {"partner": "Northway"}),
}
ALL = ("qa1", "qb1", "qc1", "qd1", "qs1")
# By hand from the company of conftest.py: what each of them must never read. Tickets are known by subject and words.
TICKETS_HIDDEN = {
    "viewer": (),
    "agent": ("qc1", "qd1"),
    "lead": ("qc1", "qd1"),
    "partner": ("qa1", "qc1", "qd1", "qs1"),
    "partner_admin": ("qa1", "qc1", "qd1", "qs1"),
}
PEOPLE_HIDDEN = {
    "viewer": ("Zanouk", "Zbruno", "Zcarla", "Zdimitri"),
    "agent": ("Zbruno", "Zcarla", "Zdimitri"),
    "lead": ("Zcarla", "Zdimitri"),
    "partner": ("Zanouk", "Zcarla", "Zdimitri"),
    "partner_admin": ("Zanouk", "Zcarla", "Zdimitri"),
}
MORE_HIDDEN = {
    "viewer": tuple(f"cust-{ticket}" for ticket in ALL),
    "partner": ("Eastline", "77123"),
    "partner_admin": ("Eastline", "77123"),
}
# Routes that change something, and who may; whoever may not is refused whatever they send.
OWN = ("viewer", "agent", "lead", "partner", "partner_admin", "analyst", "admin")
LEADS, ANALYSTS, ADMIN = ("lead", "analyst", "admin"), ("analyst", "admin"), ("admin",)
CHANGES: dict[str, tuple[str, ...]] = {
    "/account/password": OWN,
    "/account/preferences": OWN,
    "/account/sessions": OWN,
    "/account/tokens": OWN,
    "/account/tokens/revoke": OWN,
    "/sign-out": OWN,
    "/api/v1/ask": OWN,
    "/admin/accounts": ADMIN,
    "/admin/accounts/change": ADMIN,
    "/admin/accounts/link": ADMIN,
    "/admin/accounts/{step}": ADMIN,
    "/api/v1/events/{table}": ADMIN,
    "/api/v1/surveys/{name}/links": ADMIN,
    "/annotations": LEADS,
    "/annotations/remove": LEADS,
    "/api/v1/annotations": LEADS,
    "/api/v1/annotations/{id}": LEADS,
    "/targets/target": ANALYSTS,
    "/targets/scorecard": ANALYSTS,
    "/targets/remove": ANALYSTS,
    "/targets/restore": ANALYSTS,
    "/data/retry": ADMIN,
    "/reports/send": ADMIN,
    "/views": OWN,
    "/views/delete": OWN,
}


@pytest.fixture(scope="module")
def routes(root: Path) -> list[tuple[str, str]]:
    """Method and path of every route."""
    return list(routes_of(create_app(root)))


def _forbidden(who: str, address: str) -> Iterator[str]:
    """What must not be read; what was typed into the address may be told back."""
    words = [word for agent in PEOPLE_HIDDEN[who] for word in NAMES[agent]]
    words += [f"{kind}-{ticket}" for ticket in TICKETS_HIDDEN[who] for kind in ("subject", "words", "cust")]
    yield from (word for word in (*words, *MORE_HIDDEN.get(who, ())) if word not in address)


@pytest.mark.parametrize("who", VISITORS)
def test_nobody_reads_a_foreign_name_or_ticket(who: str, visit: Visit, routes: list[tuple[str, str]]) -> None:
    role, values = VISITORS[who]
    client = _unhurried(visit(role, **values))
    read = 0
    for address in _every_address(routes):
        response = client.get(address)
        assert response.status_code < 500 and response.status_code != 429, f"{address}: {response.text[:300]}"
        text = text_of(response)
        read += response.status_code == 200
        for word in _forbidden(who, address):
            assert word not in text, f"{who} reads {word} at {address}:\n...{_around(text, word)}..."
    assert read > 100, "so few pages were opened that nothing was proved"


def _every_address(routes: list[tuple[str, str]]) -> Iterator[str]:
    for method, path in routes:
        if method == "GET" and path not in ENDLESS:
            yield from walks(path)
    yield from PACKED


def _unhurried(client: TestClient) -> TestClient:
    """A walk asks more often than a person: it must not be told to wait."""
    client.app.state.rates = Rates(most=1_000_000)  # type: ignore[attr-defined]
    return client


def _around(text: str, word: str) -> str:
    place = text.index(word)
    return text[max(place - 150, 0) : place + 150]


def test_an_admin_reads_what_is_hidden_from_others(visit: Visit, routes: list[tuple[str, str]]) -> None:
    """Else the walk would prove nothing: the words it looks for do stand on these pages."""
    client = _unhurried(visit("admin"))
    told = [text_of(client.get(address)) for address in _every_address(routes) if "cust-qc1" not in address]
    hidden = [f"{kind}-{ticket}" for ticket in ALL for kind in ("subject", "words", "cust")]
    missing = [word for word in (*hidden, *NAMES, "Eastline") if not any(word in text for text in told)]
    assert missing == []


def test_a_stranger_reads_nothing(root: Path, routes: list[tuple[str, str]]) -> None:
    client = TestClient(create_app(root), base_url="http://127.0.0.1", follow_redirects=False)
    for method, path in routes:
        for address in addresses(path):
            if address.startswith(OPEN):
                continue
            response = client.request(method, address)
            is_problem = address.startswith(("/api/v1/", "/metrics", "/events"))
            assert response.status_code == (401 if is_problem else 303), f"{method} {address}"
            if not is_problem:
                assert response.headers["location"].startswith(("/sign-in", "/set-up"))


@pytest.mark.parametrize("who", VISITORS)
def test_who_may_not_change_something_is_refused(who: str, visit: Visit, routes: list[tuple[str, str]]) -> None:
    role, values = VISITORS[who]
    client = visit(role, **values)
    secret = form_of(client.get("/account").text)
    for method, path in routes:
        if method == "GET" or path.startswith(OPEN):
            continue
        assert path in CHANGES, f"say in tests/security/test_walk.py who may {method} {path}"
        if who in CHANGES[path]:
            continue
        for address in addresses(path):
            sent = {"form_secret": secret, "name": "x", "role": "admin"}
            response = client.request(method, address, data=sent, headers={"X-Form-Secret": secret})
            assert response.status_code in (400, 403, 404, 422), f"{who} {method} {address}: {response.status_code}"


@pytest.mark.parametrize("who", ["viewer", "agent", "lead", "partner", "partner_admin"])
def test_only_an_admin_administers(who: str, visit: Visit) -> None:
    role, values = VISITORS[who]
    client = visit(role, **values)
    assert client.get("/admin/accounts").status_code == 403
    assert client.get("/admin/audit").status_code == 403
    assert "/admin/accounts" not in client.get("/account").text
