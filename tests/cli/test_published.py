"""What was merged is published, however little it was: refused rows, answers to surveys, what a killed run left."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.run import NOW, workspace
from connectors.fakes.serving import serve
from connectors.fakes.zendesk import START, TOKEN, FakeZendesk

import deskpulse.workspace as workspaces
from deskpulse.connectors import zendesk_events
from deskpulse.connectors.api.rows import Rows
from deskpulse.connectors.connector import Quarantined
from deskpulse.connectors.pushed import pushed
from deskpulse.connectors.signatures import Sent
from deskpulse.errors import SourceError
from deskpulse.store.engines import connect
from deskpulse.store.pages import Pages
from deskpulse.store.work import open_work
from deskpulse.workspace import Workspace
from deskpulse.workspace.freshness import source_states
from deskpulse.workspace.hooking import Hooks
from deskpulse.workspace.surveys import Surveys
from deskpulse.workspace.syncing import replay_source, sync_source
from deskpulse.workspace.writing import merge
from tests.hooks.test_signatures import signed

MINUTE = timedelta(minutes=1)
SURVEY = '[[sources]]\nname = "shop"\nconnector = "hooks"\n[surveys.after]\nkind = "csat"\n'


def account() -> FakeZendesk:
    """Somebody who asked something."""
    made = FakeZendesk(size=10)
    made.user(2, "Zed", "end-user")
    made.open_ticket(START, 2)
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace that has read it once, to copy, and where it read it."""
    folder = tmp_path_factory.mktemp("published") / "desk"
    with pytest.MonkeyPatch.context() as patched, serve(account()) as url:
        patched.setenv("DESKPULSE_DESK_TOKEN", TOKEN)
        made = workspace(folder, "zendesk", url=url, subdomain="acme", email="admin@example.com")
        settings = made.root / "deskpulse.toml"
        settings.write_text(settings.read_text() + SURVEY)
        sync_source(workspaces.open(made.root), "desk", now=NOW)
    return folder, url


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeZendesk]:
    monkeypatch.setenv("DESKPULSE_DESK_TOKEN", TOKEN)
    monkeypatch.setenv("DESKPULSE_SHOP_WEBHOOK", "s3cret")
    with serve(made := account()):
        yield made


@pytest.fixture
def place(fake: FakeZendesk, built: tuple[Path, str], tmp_path: Path) -> Workspace:
    """Read once."""
    folder, url = built
    root = shutil.copytree(folder, tmp_path / "desk")
    settings = root / "deskpulse.toml"
    settings.write_text(settings.read_text().replace(url, fake.url))
    return workspaces.open(root)


def sync(place: Workspace, at: datetime = NOW + MINUTE) -> None:
    sync_source(place, "desk", now=at)


def rows(place: Workspace, table: str) -> int:
    """Of what is published."""
    with workspaces.open(place.root).snapshot as snapshot:
        return int(connect(snapshot).table(table).count().to_pyarrow().as_py())


def waiting(place: Workspace) -> int:
    return source_states(place.root)[0].waiting


def test_a_row_that_is_refused_is_published_though_nothing_else_is_new(place: Workspace, fake: FakeZendesk) -> None:
    fake.events.append({"id": 1, "ticket_id": None, "timestamp": int(START.timestamp()) + 60, "child_events": 7})
    version = workspaces.open(place.root).snapshot.version
    sync(place)
    assert rows(place, "quarantine") == 1
    sync(place, NOW + 2 * MINUTE)
    assert workspaces.open(place.root).snapshot.version == version + 1  # the same once more is no news


def test_what_a_better_mapping_understands_is_refused_no_more(
    place: Workspace, fake: FakeZendesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two odd updates one is understood by now; a delivery that was refused is on no page and stays."""
    for number, odd in ((1, 7), (2, "odd")):
        at = int(START.timestamp()) + 60
        fake.events.append({"id": number, "ticket_id": None, "timestamp": at, "created_at": odd, "child_events": odd})
    with open_work(place.root, holder="test", threads=1) as work:
        sent = [Quarantined(file="desk: hook", line=None, column=None, reason="odd", raw="x")]
        merge(work, place, sent, source="desk", as_of=NOW)
    sync(place)
    assert rows(place, "quarantine") == 3
    reader = zendesk_events.READERS["ticket_events"]

    def better(data: Any, into: Rows, known: Mapping[str, Any]) -> None:
        reader({"ticket_events": [one for one in data["ticket_events"] if one["child_events"] != "odd"]}, into, known)

    monkeypatch.setitem(zendesk_events.READERS, "ticket_events", better)
    replay_source(place, "desk", now=NOW)
    assert rows(place, "quarantine") == 2


def test_a_delivery_that_is_refused_is_published(place: Workspace) -> None:
    hooks, body, seconds = Hooks(place.root), b"{oops", "1780315200"
    assert hooks.take("shop", Sent(headers=signed("hooks", body, seconds), body=body), now=NOW)
    assert hooks.drain() == 1
    assert rows(place, "quarantine") == 1


def test_an_answer_that_a_sync_takes_along_is_published_with_it(place: Workspace) -> None:
    surveys = Surveys(place.root)
    made = surveys.invite("after", ticket="desk:1001", customer="desk:2", now=NOW)
    surveys.answer(made.token, 5, "", NOW)
    sync(place)
    assert rows(place, "event_survey") == 2  # offered and answered


def test_what_was_merged_by_a_run_that_was_killed_is_published_by_the_next(place: Workspace) -> None:
    for source, published in (("desk", 1), ("shop", 1)):  # what another source has merged is published by its own run
        row = {"source_id": source, "at": "2026-05-01", "title": "New"}
        sent = pushed("annotation", [row], source=source, observed_at=NOW)
        with open_work(place.root, holder="test", threads=1) as work:
            merge(work, place, sent, source=source, as_of=NOW)
        sync(place)
        assert rows(place, "event_annotation") == published


def test_what_is_merged_waits_no_more_after_a_run_that_read_nothing(place: Workspace, fake: FakeZendesk) -> None:
    """Else doctor would tell of pages that wait, and who is erased would stay on them."""
    assert waiting(place) == 0
    fake.forbidden = {"incremental/tickets/cursor"}
    with pytest.raises(SourceError):
        sync(place)
    pages = Pages(place.root, "desk")
    assert waiting(place) == 0
    assert json.loads((pages.folder / "status.json").read_text())["merged"] == pages.newest
