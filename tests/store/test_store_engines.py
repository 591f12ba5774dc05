"""One snapshot on each engine: the same tables, types and rows."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from deskpulse.errors import UnknownNameError, WorkspaceError
from deskpulse.store.engines import connect
from deskpulse.store.publish import publish
from deskpulse.store.snapshot import Snapshot
from deskpulse.store.work import open_work
from deskpulse.sync import build, sync
from tests.store.event_rows import batch, count_messages, message, ticket, workspace

SERVER = Path("/usr/lib/postgresql/15/bin")
LATER = {"fact_later": pa.schema([("name", pa.string()), ("at", pa.timestamp("us")), ("amount", pa.decimal128(18, 4))])}


@pytest.fixture
def snapshot(tmp_path: Path) -> Iterator[Snapshot]:
    root = workspace(tmp_path / "desk's data")
    awkward = ["comma, quote \" and 'single'", "line\nend", "", None, "\\N", "NULL"]
    texts = [message(f"m{n}", "1", text=text, seq=n, is_public=n % 2 == 0) for n, text in enumerate(awkward)]
    with open_work(root, holder="test", threads=1) as work:
        sync(work, [batch("ticket", ticket("1"), ticket("2")), batch("message", *texts)], source="desk")
        build(work, count_messages)
        published = publish(work, root, as_of=datetime(2026, 6, 1))
    yield published
    published.close()


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """A server of our own, without a network address; outside pytest's folders, which only their owner may enter."""
    if not (SERVER / "initdb").exists():
        pytest.skip("needs the Postgres 15 server")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        line = ["runuser", "-u", "postgres", "--", str(SERVER / program), "-D", f"{folder}/db", *arguments]
        subprocess.run(line, check=True, stdout=subprocess.DEVNULL)

    run("initdb", "-A", "trust")
    run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", f"-c listen_addresses='' -k {folder}", "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-w", "-m", "fast", "stop")
        shutil.rmtree(folder)


def look(backend: Any) -> None:
    """What is expected of every engine, worked out from the rows above."""
    messages = backend.table("event_message").order_by("seq").select("text", "is_public", "at").to_pyarrow().to_pylist()
    assert [row["text"] for row in messages] == ["comma, quote \" and 'single'", "line\nend", "", None, "\\N", "NULL"]
    assert [row["is_public"] for row in messages] == [True, False] * 3
    assert {row["at"].replace(tzinfo=None) for row in messages} == {datetime(2026, 1, 5, 10)}
    tickets = backend.table("fact_ticket").order_by("source_id").to_pyarrow().to_pylist()
    assert [(row["source_id"], row["messages"]) for row in tickets] == [("1", 6), ("2", 0)]
    assert backend.table("event_call").count().to_pyarrow().as_py() == 0
    assert backend.table("fact_later").count().to_pyarrow().as_py() == 0
    # 2026-01-05 09:00 UTC = 20,458 days of 86,400 s and 9 h of 3,600 s.
    epochs = backend.table("event_ticket").created_at.epoch_seconds().max().to_pyarrow().as_py()
    assert epochs == 20_458 * 86_400 + 9 * 3_600


def test_duckdb(snapshot: Snapshot) -> None:
    look(connect(snapshot, threads=1, schemas=LATER))


def test_postgres_loads_a_version_once(snapshot: Snapshot, postgres_url: str) -> None:
    first = connect(snapshot, "postgres", postgres_url, schemas=LATER)
    look(first)
    [(before,)] = first.raw_sql("SELECT 'fact_ticket'::regclass::oid").fetchall()
    first.disconnect()
    again = connect(snapshot, "postgres", postgres_url, schemas=LATER)
    look(again)
    assert again.raw_sql("SELECT 'fact_ticket'::regclass::oid").fetchall() == [(before,)]
    again.disconnect()


@pytest.mark.slow
def test_spark(snapshot: Snapshot) -> None:
    if shutil.which("java") is None:
        pytest.skip("needs Java")
    backend = connect(snapshot, "spark", "local[1]", schemas=LATER)
    try:
        look(backend)
        with pytest.raises(WorkspaceError, match="uses Spark at local"):
            connect(snapshot, "spark", "local[2]")
    finally:
        backend._session.stop()


def test_a_server_that_is_not_there_is_said_without_the_password(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="cannot be reached") as refusal:
        connect(snapshot, "postgres", f"postgresql://me:secret@/desk?host={tmp_path}")
    assert "secret" not in str(refusal.value)


def test_an_unknown_engine_is_named(snapshot: Snapshot) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'duckdb'"):
        connect(snapshot, "duckdv")
