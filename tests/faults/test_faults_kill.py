"""kill -9 and Ctrl-C at any moment: what was acknowledged is there, what is published is whole.

DESKPULSE_KILLS sets how many times the writer is killed (5 without it).
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from deskpulse.errors import WorkspaceError
from deskpulse.store.layout import Layout
from deskpulse.store.snapshot import Snapshot, open_snapshot
from deskpulse.store.work import open_work
from tests.faults.writer import TICKETS, step
from tests.store.event_rows import workspace

KILLS = int(os.environ.get("DESKPULSE_KILLS", "5"))


def read(snapshot: Snapshot, table: str) -> list[dict[str, Any]]:
    return [row for path in snapshot.files[table] for row in pq.read_table(path).to_pylist()]


def rows_of_a_whole_snapshot(snapshot: Snapshot) -> int:
    """How many batches a snapshot holds; every table of it must be at the same one."""
    snapshot.verify()
    facts, tickets, messages = (read(snapshot, name) for name in ("fact_ticket", "event_ticket", "event_message"))
    assert len(facts) == len(tickets) == len(messages)
    assert all(row["messages"] == 1 for row in facts)
    assert len(facts) % TICKETS == 0
    assert sorted(int(row["source_id"]) for row in facts) == list(range(len(facts)))
    return len(facts) // TICKETS


def acknowledged(output: str, word: str) -> int:
    """The last batch the writer said it had synced or published."""
    said = [int(line.split()[1]) for line in output.splitlines() if line.startswith(f"{word} ")]
    return max(said, default=0)


def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(tmp_path: Path, start: Callable[..., Any]) -> None:
    root = workspace(tmp_path / "desk")
    moments = random.Random(20260601)
    synced = published = 0
    for _ in range(KILLS):
        writer = start("-m", "tests.faults.writer", str(root))
        heard = [writer.stdout.readline() for _ in range(moments.randint(1, 4))]
        assert heard[0] == "opened\n", writer.stderr.read()
        time.sleep(moments.uniform(0, 0.25))
        writer.kill()
        output = "".join(heard) + writer.communicate()[0]
        synced = max(synced, acknowledged(output, "synced"))
        published = max(published, acknowledged(output, "published"))
        with open_work(root, holder="test", threads=1) as work:
            cursor = int(work.cursor("desk") or 0)
            assert cursor >= synced
            [(tickets, messages)] = work.con.execute(
                "SELECT (SELECT count(*) FROM event_ticket), (SELECT count(*) FROM event_message)"
            ).fetchall()
            assert tickets == messages == cursor * TICKETS
        if published:
            with open_snapshot(root) as snapshot:
                assert rows_of_a_whole_snapshot(snapshot) >= published
    assert synced > 0
    with open_work(root, holder="test", threads=1) as work:
        after = step(work, root)
    with open_snapshot(root) as snapshot:
        assert rows_of_a_whole_snapshot(snapshot) == after
    known = {f"{path.parent.name}/{path.name}" for path in Layout(root=root).snapshots.glob("*/*.parquet")}
    kept = {int(path.parent.name) for path in Layout(root=root).snapshots.glob("*/manifest.json")}
    assert len(kept) <= 2
    assert known == frozenset[str]().union(*(_paths(root, number) for number in kept))


def _paths(root: Path, number: int) -> frozenset[str]:
    with open_snapshot(root, number) as snapshot:
        return snapshot.manifest.paths()


def test_ctrl_c_ends_the_writer_and_keeps_what_it_acknowledged(tmp_path: Path, start: Callable[..., Any]) -> None:
    root = workspace(tmp_path / "desk")
    writer = start("-m", "tests.faults.writer", str(root))
    for line in writer.stdout:
        if line == "published 2\n":
            break
    writer.send_signal(signal.SIGINT)
    output, complaint = writer.communicate(timeout=20)
    assert "KeyboardInterrupt" in complaint
    with open_work(root, holder="test", threads=1) as work:
        assert int(work.cursor("desk") or 0) >= max(2, acknowledged(output, "synced"))
    with open_snapshot(root) as snapshot:
        assert rows_of_a_whole_snapshot(snapshot) >= 2


def test_ctrl_c_in_a_long_query_ends_it_and_rolls_back(tmp_path: Path, start: Callable[..., Any]) -> None:
    root = workspace(tmp_path / "desk")
    code = (
        "import sys; from pathlib import Path; from deskpulse.store.work import open_work\n"
        "try:\n"
        "    with open_work(Path(sys.argv[1]), holder='test') as work, work.transaction():\n"
        "        work.set_cursor('desk', 'half')\n"
        "        print('busy', flush=True)\n"
        "        work.con.execute('SELECT sum(hash(range)) FROM range(1000000000000)')\n"
        "except KeyboardInterrupt:\n"
        "    with open_work(Path(sys.argv[1]), holder='test') as work:\n"
        "        print('stopped', work.cursor('desk'), flush=True)\n"
    )
    process = start("-c", code, str(root))
    assert process.stdout.readline() == "busy\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    output, complaint = process.communicate(timeout=30)
    assert output == "stopped None\n", complaint


def test_readers_see_one_whole_snapshot_while_the_writer_publishes(tmp_path: Path) -> None:
    root = workspace(tmp_path / "desk")
    seen: list[int] = []
    faults: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                with open_snapshot(root) as snapshot:
                    seen.append(rows_of_a_whole_snapshot(snapshot))
            except BaseException as fault:
                faults.append(fault)
                return

    with open_work(root, holder="test", threads=1) as work:
        step(work, root)
        readers = [threading.Thread(target=look) for _ in range(3)]
        for reader in readers:
            reader.start()
        for _ in range(10):
            step(work, root)
        done.set()
        for reader in readers:
            reader.join()
    assert not faults, faults
    assert len(set(seen)) > 1


def test_a_second_writer_is_told_who_holds_the_workspace(tmp_path: Path, start: Callable[..., Any]) -> None:
    root = workspace(tmp_path / "desk")
    writer = start("-m", "tests.faults.writer", str(root))
    assert writer.stdout.readline() == "opened\n"
    words = rf"'deskpulse sync' \(process {writer.pid}, since \d{{4}}-.* UTC\)"
    with pytest.raises(WorkspaceError, match=words), open_work(root, holder="test"):
        pass
    writer.kill()
    writer.communicate()
    with open_work(root, holder="test") as work:
        assert work.cursor("nobody") is None
