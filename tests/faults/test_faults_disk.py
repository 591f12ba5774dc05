"""A full disk, and a database that is not one: what is published stays, and the words say what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskpulse.errors import WorkspaceError
from deskpulse.store.layout import Layout
from deskpulse.store.publish import publish
from deskpulse.store.snapshot import open_snapshot
from deskpulse.store.work import open_work
from deskpulse.sync import build, sync
from tests.faults.conftest import fill
from tests.faults.writer import START, step
from tests.store.event_rows import batch, count_messages, message, workspace


@pytest.mark.parametrize("leave", [0, 40_000, 400_000, 1_500_000])
def test_a_full_disk_is_said_and_nothing_is_lost(small_disk: Path, leave: int) -> None:
    root = workspace(small_disk / "desk")
    with open_work(root, holder="test", threads=1) as work:
        step(work, root)
    ballast = fill(small_disk, leave=leave)
    words = os.urandom(2_000_000).hex()
    big = [message(f"big{n}", "0", text=words[n * 1000 : (n + 1) * 1000]) for n in range(4000)]
    words_of_it = r"disk of .* is full: nothing was lost.*Free some space"
    with pytest.raises(WorkspaceError, match=words_of_it), open_work(root, holder="test", threads=1) as work:
        sync(work, [batch("message", *big)], source="desk", cursor="big")
        build(work, count_messages)
        publish(work, root, as_of=START).close()
    with open_snapshot(root) as snapshot:
        snapshot.verify()
        assert sum(file.rows for file in snapshot.tables["event_ticket"].files) == 10
    ballast.unlink()
    with open_work(root, holder="test", threads=1) as work:
        assert work.con.execute("SELECT count(*) FROM event_ticket").fetchall() == [(10,)]
        if work.cursor("desk") == "big":
            work.set_cursor("desk", "1")
        step(work, root)
    with open_snapshot(root) as snapshot:
        snapshot.verify()
        assert sum(file.rows for file in snapshot.tables["event_ticket"].files) == 20


def test_a_disk_that_fills_while_files_are_published(small_disk: Path) -> None:
    root = workspace(small_disk / "desk")
    with open_work(root, holder="test", threads=1) as work:
        step(work, root)
        words = os.urandom(2_000_000).hex()
        big = [message(f"big{n}", "0", text=words[n * 1000 : (n + 1) * 1000]) for n in range(3000)]
        sync(work, [batch("message", *big)], source="desk", cursor="2")
        build(work, count_messages)
        ballast = fill(small_disk, leave=300_000)
        with pytest.raises(WorkspaceError, match=r"disk of .* is full"):
            publish(work, root, as_of=START)
        with open_snapshot(root) as snapshot:
            assert snapshot.version == 1
            snapshot.verify()
        ballast.unlink()
        with publish(work, root, as_of=START) as snapshot:
            snapshot.verify()
            assert sum(file.rows for file in snapshot.tables["event_message"].files) == 3010


def test_a_limit_on_the_size_of_files_is_a_full_disk(tmp_path: Path, start: Callable[..., Any]) -> None:
    root = workspace(tmp_path / "desk")
    with open_work(root, holder="test", threads=1) as work:
        step(work, root)
    code = (
        "import os, resource, sys; from pathlib import Path\n"
        "from deskpulse.errors import WorkspaceError\n"
        "from deskpulse.store.work import open_work\n"
        "from deskpulse.sync import sync\n"
        "from tests.store.event_rows import batch, message\n"
        "root, limit = Path(sys.argv[1]), 2_000_000\n"
        "words = os.urandom(4_000_000).hex()\n"
        "big = [message(f'big{n}', '0', text=words[n * 1000 : (n + 1) * 1000]) for n in range(8000)]\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "try:\n"
        "    with open_work(root, holder='test', threads=1) as work:\n"
        "        sync(work, [batch('message', *big)], source='desk', cursor='big')\n"
        "except WorkspaceError as error:\n"
        "    print('refused', error)\n"
    )
    process = start("-c", code, str(root))
    output, complaint = process.communicate(timeout=60)
    assert "is full: nothing was lost" in output, complaint[-2000:]
    with open_snapshot(root) as snapshot:
        snapshot.verify()
    with open_work(root, holder="test", threads=1) as work:
        assert work.cursor("desk") == "1"


@pytest.mark.parametrize("content", [b"", b"no database", b"\0" * 20_000])
def test_a_database_that_is_none_is_named_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    root = workspace(tmp_path / "desk")
    with open_work(root, holder="test", threads=1) as work:
        step(work, root)
    Layout(root=root).work.write_bytes(content)
    with pytest.raises(WorkspaceError, match="cannot be read or written"), open_work(root, holder="test"):
        pass
    with open_snapshot(root) as snapshot:
        snapshot.verify()


def test_a_workspace_one_may_not_write_says_so(tmp_path: Path) -> None:
    root = workspace(tmp_path / "desk")
    Layout(root=root).lock.mkdir()
    with pytest.raises(WorkspaceError, match="Check the disk and the permissions"), open_work(root, holder="test"):
        pass


def test_a_lost_database_does_not_replace_what_is_published(tmp_path: Path) -> None:
    root = workspace(tmp_path / "desk")
    with open_work(root, holder="test", threads=1) as work:
        step(work, root)
    Layout(root=root).work.unlink()
    for _ in range(2):
        with pytest.raises(WorkspaceError, match="is lost, though"), open_work(root, holder="test"):
            pass
    with open_snapshot(root) as snapshot:
        assert sum(file.rows for file in snapshot.tables["event_ticket"].files) == 10
