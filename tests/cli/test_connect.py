"""``connect``, ``sync``, ``replay`` and ``doctor`` on a made-up Zendesk account."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from connectors.fakes.serving import serve
from connectors.fakes.zendesk import START, TOKEN, FakeZendesk
from typer.testing import CliRunner

import deskpulse
from deskpulse.store.spool import Spool
from deskpulse.surfaces.cli import sync_sources
from deskpulse.surfaces.cli.main import app
from deskpulse.surfaces.server.reader import due, watch
from deskpulse.workspace.freshness import SourceState

MINUTE = timedelta(minutes=1)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeZendesk]:
    monkeypatch.setenv("DESKPULSE_HELP_TOKEN", TOKEN)
    account = FakeZendesk(size=10)
    account.user(1, "Ann", "agent")
    account.user(2, "Zed", "end-user")
    ticket = account.open_ticket(START, 2)
    account.update(ticket, START + 30 * MINUTE, 1, comment="Try this", assignee_id=1, status="solved")
    with serve(account):
        yield account


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def connect(fake: FakeZendesk, root: Path, *more: str) -> tuple[int, str]:
    given = [f"url={fake.url}", "subdomain=acme", "email=admin@example.com"]
    options = [word for text in given for word in ("--set", text)]
    return run("connect", "help", "--connector", "zendesk", *options, *more, "-w", str(root))


def test_connect_sync_doctor_replay(fake: FakeZendesk, tmp_path: Path) -> None:
    root = tmp_path / "desk"
    assert run("init", str(root))[0] == 0
    code, words = connect(fake, root)
    assert code == 0, words
    assert "'help' is connected, and in deskpulse.toml now." in words
    text = (root / "deskpulse.toml").read_text()
    assert TOKEN not in text
    words = run("doctor", "-w", str(root))[1]
    assert "sources: help (zendesk) never read to its end" in words  # before anything is published
    assert "FIX snapshot" in words
    [source] = tomllib.loads(text)["sources"]
    assert source == {
        "name": "help", "connector": "zendesk", "every": "15m",
        "options": {"url": fake.url, "subdomain": "acme", "email": "admin@example.com"},
    }  # fmt: skip
    code, words = run("sync", "help", "-w", str(root))
    assert code == 0, words
    assert "1 of ticket" in words
    assert "published as snapshot 1" in words
    code, words = run("doctor", "-w", str(root))
    assert "ok  sources: help (zendesk) read 20" in words, words
    code, words = run("replay", "help", "-w", str(root))
    assert "new or changed: nothing" in words, words
    assert not any(TOKEN in path.read_text(errors="replace") for path in root.rglob("*") if path.is_file())


def test_a_wrong_access_is_not_kept(fake: FakeZendesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKPULSE_HELP_TOKEN", "wrong")
    root = tmp_path / "desk"
    run("init", str(root))
    code, words = connect(fake, root)
    assert code == 1
    assert "does not accept the access (401)" in words
    assert "[[sources]]\nname" not in (root / "deskpulse.toml").read_text()


def test_missing_scopes_are_named(fake: FakeZendesk, tmp_path: Path) -> None:
    fake.forbidden = {"groups"}
    root = tmp_path / "desk"
    run("init", str(root))
    assert "Give it: groups:read" in connect(fake, root)[1]
    code, words = run("sync", "-w", str(root))
    assert code == 1
    assert "may not be read with this access (403)" in words
    code, words = run("doctor", "-w", str(root))
    assert "FIX sources: help (zendesk) never read to its end, failed" in words


def test_what_only_sends_or_is_misspelt_holds_up_no_other(fake: FakeZendesk, tmp_path: Path) -> None:
    root = tmp_path / "desk"
    run("init", str(root))
    settings = root / "deskpulse.toml"
    shop = '[[sources]]\nname = "shop"\nconnector = "hooks"\nevery = "1h"\n'
    settings.write_text(f'{settings.read_text()}{shop}[[sources]]\nname = "typo"\nconnector = "zendsk"\n')
    connect(fake, root)
    code, words = run("sync", "-w", str(root))
    assert code == 1
    assert "1 of ticket" in words and "Did you mean 'zendesk'?" in words
    assert "shop" not in words
    code, words = run("sync", "shop", "-w", str(root))
    assert code == 1 and "'shop' is not read: it sends what it has to /hooks/shop" in words
    assert "shop" not in list(due(root, datetime(2026, 6, 1)))


def test_serve_reads_what_is_due(fake: FakeZendesk, tmp_path: Path) -> None:
    root = tmp_path / "desk"
    run("init", str(root))
    connect(fake, root, "--every", "1h")
    before = len(fake.asked)
    watching = watch(root)
    watching.begin(due(root, datetime(2026, 6, 1)))
    watching.running["help"].join()
    assert len(fake.asked) > before
    assert not list(due(root, datetime(2026, 6, 1, 0, 59)))  # the run began now, which is later than that


def test_watching_goes_on_after_a_failure(fake: FakeZendesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "desk"
    run("init", str(root))
    connect(fake, root, "--every", "1s")
    fake.forbidden = {"incremental/tickets/cursor"}
    moments = (datetime(2026, 6, 1) + number * MINUTE for number in count())

    def wait(seconds: float) -> None:
        for thread in threading.enumerate():
            if thread.name == "reads help":
                thread.join()
        if not fake.forbidden:
            raise KeyboardInterrupt
        fake.forbidden = set()

    monkeypatch.setattr(sync_sources, "now", lambda: next(moments))
    monkeypatch.setattr(sync_sources, "time", SimpleNamespace(sleep=wait))
    words = run("sync", "--watch", "-w", str(root))[1]
    assert words.index("may not be read with this access (403)") < words.index("1 of ticket")


def test_what_is_late_is_told() -> None:
    """Every minute: late after three minutes and five more."""
    read = datetime(2026, 6, 1, 12)
    state = SourceState(
        source="help", connector="zendesk", read_at=read, tried_at=None, waiting=2, error=None, every=60
    )  # fmt: skip
    assert (state.is_late(read + 8 * MINUTE), state.is_late(read + 9 * MINUTE)) == (False, True)
    assert not replace(state, is_reading=True).is_late(read + 9 * MINUTE)
    assert not replace(state, every=None).is_late(read + 9 * MINUTE)
    told = state.words(read + 9 * MINUTE)
    assert told == "help (zendesk) read 2026-06-01 12:00 UTC, 9m ago, 2 pages wait to be merged"


def test_what_is_sent_is_no_source_that_was_never_read(tmp_path: Path) -> None:
    place = deskpulse.create(tmp_path / "desk", settings='[[sources]]\nname = "shop"\nconnector = "hooks"\n')
    assert "ok  sources: shop (hooks) sends to /hooks/shop\n" in run("doctor", "-w", str(place.root))[1]
    Spool(root=place.root).append(b"{}")
    assert "What was sent to this workspace waits" in run("doctor", "-w", str(place.root))[1]


def test_what_can_be_connected_is_listed_with_what_is_unverified() -> None:
    code, words = run("connect", "--list")
    assert code == 0
    assert "zendesk: Zendesk Support" in words
    assert "unverified  All of it against the running product" in words
    assert '[[sources]] with a name and connector = "hooks": docs/hooks.md' in words


def test_mistakes_are_told_with_what_to_type(tmp_path: Path) -> None:
    root = tmp_path / "desk"
    run("init", str(root))
    assert "deskpulse connect --list" in run("connect", "-w", str(root))[1]
    assert "Did you mean 'zendesk'?" in run("connect", "zendsk", "-w", str(root))[1]
    assert "'subdomain' is missing" in run("connect", "zendesk", "-w", str(root))[1]
    assert "No source is connected" in run("sync", "-w", str(root))[1]
