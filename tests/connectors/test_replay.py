"""Kept pages are read again: by a better mapping, by several processes, and by what is left of these."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from connectors.fakes.run import NOW, stored
from connectors.fakes.seeded import seeded

from deskpulse.connectors import zendesk_events
from deskpulse.connectors.secrets import variable
from deskpulse.errors import WorkspaceError
from deskpulse.store.pages import Pages
from deskpulse.workspace import Workspace, replaying, syncing
from deskpulse.workspace.reading import Read
from deskpulse.workspace.syncing import replay_source, source_named, sync_source


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace that has read its source; facts do not matter here."""
    monkeypatch.setenv(variable("desk", "token"), "s3cret")
    monkeypatch.setattr(syncing, "build_and_publish", lambda *asked: 0)
    account = seeded("zendesk")
    with account.serving(tmp_path) as known:
        place = account.workspace(tmp_path / "desk", known)
        sync_source(place, "desk", now=NOW)
    return place


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Few pages are many, for two processes; gives which were begun."""
    found: list[int] = []

    class Begun(subprocess.Popen[bytes]):
        def __init__(self, *words: object, **options: object) -> None:
            super().__init__(*words, **options)  # type: ignore[call-overload]
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


def test_several_processes_read_what_one_does(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    several = list(read(desk))
    assert len(begun) == 2
    monkeypatch.setattr(replaying, "MANY", 1000)
    alone = list(read(desk))
    assert len(begun) == 2
    assert several == alone
    numbers = Pages(desk.root, "desk").numbers
    assert [one.number for one in alone] == [*numbers[1:-1:2], numbers[-1]]


def test_pages_whose_process_was_killed_are_read_all_the_same(desk: Workspace, begun: list[int]) -> None:
    whole = list(read(desk))
    reads = read(desk)
    first = next(reads)
    for pid in begun[2:]:
        os.kill(pid, signal.SIGKILL)
    assert [first, *reads] == whole


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
