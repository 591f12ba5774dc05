"""Kept pages are read again: by a better mapping, by several processes, and by what is left of these."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from connectors.fakes.run import NOW, stored
from connectors.fakes.seeded import seeded

import deskpulse.workspace as workspaces
from deskpulse.connectors import zendesk_events
from deskpulse.connectors.secrets import variable
from deskpulse.errors import WorkspaceError
from deskpulse.store.pages import Pages
from deskpulse.workspace import Workspace, replaying, syncing
from deskpulse.workspace.reading import Read
from deskpulse.workspace.syncing import replay_source, source_named, sync_source


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that has read its source; facts do not matter here."""
    folder, account = tmp_path_factory.mktemp("replay"), seeded("zendesk")
    with pytest.MonkeyPatch.context() as patched, account.serving(folder) as known:
        patched.setenv(variable("desk", "token"), "s3cret")
        patched.setattr(syncing, "build_and_publish", lambda *asked: 0)
        sync_source(account.workspace(folder / "desk", known), "desk", now=NOW)
    return folder / "desk"


@pytest.fixture
def desk(synced: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of it."""
    monkeypatch.setattr(syncing, "build_and_publish", lambda *asked: 0)
    return workspaces.open(shutil.copytree(synced, tmp_path / "desk"))


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Few pages are many, for two processes; gives which were begun."""
    found: list[int] = []

    class Begun(subprocess.Popen[bytes]):
        def __init__(self, *words: object, **options: object) -> None:
            super().__init__(*words, **options)
            found.append(self.pid)

    monkeypatch.setattr(replaying, "MANY", 1)
    monkeypatch.setattr(replaying, "CHUNK", 2)
    monkeypatch.setattr(replaying.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(replaying.subprocess, "Popen", Begun)
    yield found
    assert [pid for pid in found if Path(f"/proc/{pid}").exists()] == []


def read(place: Workspace) -> Generator[Read]:
    """Its kept pages, again."""
    return replaying.read_again(place.root, source_named(place, "desk"), Pages(place.root, "desk").numbers)


def test_a_better_mapping_takes_effect_when_pages_are_read_again(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = sum(row["new"] == "solved" for row in stored(desk.root, "change"))
    monkeypatch.setattr(zendesk_events, "STATUSES", {"solved": "closed"})
    assert replay_source(desk, "desk", now=NOW).changed["change"] >= solved
    assert not any("solved" in (row["new"], row["old"]) for row in stored(desk.root, "change"))


def alone(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[Read]:
    """The same by this process."""
    with monkeypatch.context() as patched:
        patched.setattr(replaying, "MANY", 1000)
        return list(read(place))


def test_several_processes_read_what_one_does(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    wanted, numbers = alone(desk, monkeypatch), Pages(desk.root, "desk").numbers
    assert begun == []
    assert list(read(desk)) == wanted
    assert len(begun) == 2
    assert [one.number for one in wanted] == [*numbers[1:-1:2], numbers[-1]]


def test_pages_whose_process_was_killed_are_read_all_the_same(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    reads = read(desk)
    first = next(reads)
    for pid in begun:
        os.kill(pid, signal.SIGKILL)
    assert [first, *reads] == alone(desk, monkeypatch)


def test_a_damaged_page_is_named_by_whichever_process_reads_it(desk: Workspace, begun: list[int]) -> None:
    damaged = desk.root / ".deskpulse" / "sources" / "desk" / "00000003.page.zst"
    damaged.write_bytes(b"no page")
    with pytest.raises(WorkspaceError, match=r"00000003\.page\.zst is no page of 'desk'"):
        replay_source(desk, "desk", now=NOW)
    assert len(begun) == 2


def test_who_stops_in_the_middle_leaves_no_process(desk: Workspace, begun: list[int]) -> None:
    reads = read(desk)
    next(reads)
    reads.close()
    assert len(begun) == 2  # and none of them runs: see the fixture
