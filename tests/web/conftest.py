"""A small hand-made company behind the pages, and visitors of every role."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fastapi.testclient import TestClient
from history import History

from deskpulse import workspace
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.surfaces.server.app import create_app
from deskpulse.workspace import silent
from deskpulse.workspace.accounts import Accounts
from deskpulse.workspace.writing import load

AS_OF = datetime(2025, 6, 1)
SETTINGS = """# Ours.
[workspace]
name = "Corner Shop"
zone = "UTC"

[[kpi_targets]]
kpi = "csat"
at_least = 0.8  # agreed in May
"""
COOKIE = "deskpulse_session"

Visit = Callable[..., TestClient]


def shop() -> History:
    """Ana of Billing and Ben of Orders, three tickets of two customers, two of them rated with words."""
    desk = History()
    for name, team in (("ana", "Billing"), ("ben", "Orders")):
        desk.add("person", source_id=name, name=name.capitalize(), kind="agent")
        desk.add("membership", person=name, valid_from="2025-01-01", team=team)
    desk.add("customer", source_id="c1", name="Cleo", account="Acme")
    desk.add("customer", source_id="c2", name="Dora", account="Bolt")
    solved(desk, "1", "2025-05-05", "10:00", "11:00", who="ana", team="Billing", channel="email", customer="c1")
    solved(desk, "2", "2025-05-06", "09:30", "12:00", who="ben", team="Orders", channel="chat", customer="c2")
    desk.ticket("3", "2025-05-07 09:00", channel="email", customer="c1", subject="Where is it?", team="Orders")
    desk.says("customer", "3", "2025-05-07 09:00", author="c1")
    rated(desk, "1", "2025-05-06 10:00", 2, "Slow <script>alert(1)</script>")
    rated(desk, "2", "2025-05-07 10:00", 5, "Great, thanks")
    paid = {"subscription": "s1", "customer": "c1", "plan": "plus", "monthly_amount": 50, "currency": "USD"}
    desk.add("subscription_change", at="2025-03-01", reason="start", **paid)
    return desk


def solved(desk: History, ticket: str, day: str, replied: str, done: str, *, who: str, **values: str) -> None:
    """A ticket opened at 9, answered and solved by ``who``."""
    desk.ticket(ticket, f"{day} 09:00", subject=f"Charged <b>{ticket}</b> times", assignee=who, status="open", **values)
    desk.says("customer", ticket, f"{day} 09:00", author=values["customer"])
    desk.says("agent", ticket, f"{day} {replied}", author=who)
    desk.changes(ticket, f"{day} {done}", "status", "solved", by=who, old="open")


def rated(desk: History, ticket: str, when: str, score: float, comment: str) -> None:
    """A survey of 1 to 5 about a ticket, answered."""
    scale = {"survey": f"s{ticket}", "kind": "csat", "ticket": ticket, "scale_low": 1, "scale_high": 5}
    desk.add("survey", action="offered", at=when, **scale)
    desk.add("survey", action="answered", at=when, score=score, comment=comment, **scale)


def refused() -> Quarantined:
    """A row that could not be understood."""
    return Quarantined(file="may.csv", line=17, column="created", reason="'31/31/2025' is no date", raw="9,31/31/2025")


def serve(root: Path) -> Visit:
    """Visitors of a workspace: ``visit("lead", team="Billing")`` is a client who is signed in."""
    app = create_app(root)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)

    def visit(role: str = "admin", **who: str) -> TestClient:
        accounts = Accounts(root)
        name = "-".join((role, *who.values()))
        known = accounts.store.account(name)
        account = known or accounts.add(name, role, now, by="test", **who)
        client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        client.cookies.set(COOKIE, accounts.begin(account, "127.0.0.1", now))
        return client

    return visit


@cache
def built() -> TemporaryDirectory[str]:
    """The shop to copy: to build one takes seconds."""
    folder = TemporaryDirectory(ignore_cleanup_errors=True)
    place = workspace.create(Path(folder.name) / "shop", settings=SETTINGS)
    desk = shop()
    batches = [Batch(table=name, rows=desk.arrow(name)) for name, rows in desk.rows.items() if rows]
    load(place, [*batches, refused()], source="desk", as_of=AS_OF, progress=silent)
    return folder


def made(root: Path) -> Path:
    """The shop as a workspace in ``root``."""
    return shutil.copytree(Path(built().name) / "shop", root)


@pytest.fixture(scope="session")
def shop_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop, for tests that only look."""
    return made(tmp_path_factory.mktemp("web") / "shop")


@pytest.fixture(scope="session")
def visit(shop_root: Path) -> Visit:
    """Visitors of the shop."""
    return serve(shop_root)


@pytest.fixture
def own_root(tmp_path: Path) -> Path:
    """A shop of the test's own, to change."""
    return made(tmp_path / "shop")


def form_of(page: str) -> str:
    """The secret that a page's forms carry."""
    return page.partition('name="form_secret" value="')[2].partition('"')[0]
