"""A helpdesk, phones and billing are connected by answering questions, and then kept fresh by the server alone."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
import typer.testing
from connectors.fakes.serving import serve
from connectors.fakes.stripe import KEY, FakeStripe, item, price
from connectors.fakes.zendesk import TOKEN, FakeZendesk
from connectors.test_secrets import Memory
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import deskpulse.workspace as workspaces
from deskpulse.errors import DeskpulseError
from deskpulse.surfaces.cli.main import app
from deskpulse.surfaces.server.app import create_app

PATIENCE = 300
"""Seconds until what should come by itself is missed: it comes in a few, unless the machine is busy."""

EARLIER = datetime.now(UTC) - timedelta(hours=3)
KPIS = ("ticket_volume", "call_volume", "mrr")
MINUTE = timedelta(minutes=1)


class Company:
    """Its systems, and one ticket, one answered call and one subscription for 20.00 in them."""

    def __init__(self, folder: Path) -> None:
        self.desk, self.bank, self.log = FakeZendesk(size=10), FakeStripe(), folder / "queue_log"
        self.desk.user(1, "Ann", "agent")
        self.desk.user(2, "Zed", "end-user")
        self.happen(EARLIER, "1")

    def happen(self, at: datetime, number: str) -> None:
        """A ticket is asked and solved, a call answered, and somebody subscribes."""
        ticket = self.desk.open_ticket(at, 2)
        self.desk.update(ticket, at + 30 * MINUTE, 1, comment="Try this", assignee_id=1, status="solved")
        begin = int(at.timestamp())
        with self.log.open("a") as log:
            log.write(f"{begin}|{number}|support|NONE|ENTERQUEUE||0170|1\n")
            log.write(f"{begin + 9}|{number}|support|SIP/ann|CONNECT|9|x|1\n")
            log.write(f"{begin + 99}|{number}|support|SIP/ann|COMPLETECALLER|9|90|1\n")
        naive = at.replace(tzinfo=None)
        self.bank.subscribe(f"s{number}", f"c{number}", [item(f"i{number}", price("p", 2000), 1, naive)], naive)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path)
    with serve(made.desk), serve(made.bank):
        yield made


@pytest.fixture
def ring() -> Iterator[Memory]:
    before, memory = keyring.get_keyring(), Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs a command with answers to its questions; gives what it said."""
    monkeypatch.setattr(typer.testing._NamedTextIOWrapper, "isatty", lambda self: True, raising=False)

    def run(*words: str, answers: tuple[str, ...] = ()) -> str:
        result = CliRunner().invoke(app, list(words), input="".join(f"{answer}\n" for answer in answers))
        assert result.exit_code == 0, result.output
        return result.output

    return run


def waited(is_so: Callable[[], bool]) -> bool:
    """It becomes so, in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.1)
    return False


class Told:
    """What the newest snapshot answers, asked once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.version = 0
        self.values: tuple[float | None, ...] = ()

    def tells(self, *values: float) -> bool:
        """Tickets, calls and what recurs a month are so many by now."""
        with suppress(DeskpulseError):  # nothing is published yet
            place = workspaces.open(self.root)
            if place.snapshot.version != self.version:
                self.version = place.snapshot.version
                asked = place.ask_many([place.question(kpi, period="all") for kpi in KPIS])
                self.values = tuple(answer.value for answer in asked)
        return self.values == values


def doctor(root: Path) -> str:
    return next(
        line for line in CliRunner().invoke(app, ["doctor", "-w", str(root)]).output.splitlines() if "sources:" in line
    )


def test_connected_by_answering_and_then_kept_fresh_by_the_server_alone(
    company: Company, tmp_path: Path, ring: Memory, typed: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "acme"
    typed("init", str(root))
    to = ("--every", "1s", "-w", str(root))
    asked = typed(
        "connect", "zendesk", *to, "--set", f"url={company.desk.url}", answers=("acme", "admin@example.com", "", TOKEN)
    )
    assert "What stands before .zendesk.com in your address" in asked
    assert "'zendesk' is connected, and in deskpulse.toml now." in asked
    assert TOKEN not in asked
    assert "connected" in typed("connect", "asterisk", *to, answers=(str(company.log),))
    assert "connected" in typed("connect", "stripe", *to, "--set", f"url={company.bank.url}", answers=(KEY,))
    assert ring.kept == {("deskpulse", "zendesk/token"): TOKEN, ("deskpulse", "stripe/key"): KEY}
    sources = tomllib.loads((root / "deskpulse.toml").read_text())["sources"]
    assert [(source["name"], source["every"]) for source in sources] == [
        ("zendesk", "1s"),
        ("asterisk", "1s"),
        ("stripe", "1s"),
    ]

    for (_, name), secret in ring.kept.items():  # the keyring of this test ends with its process
        monkeypatch.setenv(f"DESKPULSE_{name.upper().replace('/', '_')}", secret)
    told = Told(root)
    with TestClient(create_app(root)):
        assert waited(lambda: told.tells(1, 1, 20))
        assert "ok  sources: zendesk (zendesk) read 20" in doctor(root)
        company.desk.forbidden = {"incremental/tickets/cursor"}
        company.happen(EARLIER + 60 * MINUTE, "2")
        assert waited(lambda: told.tells(1, 2, 40))  # who fails holds up no other
        assert waited(lambda: "may not be read with this access (403)" in doctor(root))
        assert doctor(root).startswith("FIX sources: zendesk (zendesk) read 20")
        company.desk.forbidden = set()
        assert waited(lambda: told.tells(2, 2, 40))
        assert waited(lambda: doctor(root).startswith("ok "))
