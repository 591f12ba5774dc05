"""A server's threads ask one connection at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from deskpulse.store.compiled import fetch
from deskpulse.store.engines import connect
from deskpulse.store.layout import create_workspace
from deskpulse.store.publish import publish
from deskpulse.store.work import open_work
from deskpulse.workspace.writing import ALL_ROWS


def test_threads_read_one_connection_at_once(tmp_path: Path) -> None:
    """20 000 numbers from 0 add up to 19 999 * 20 000 / 2, whoever else is asking."""
    create_workspace(tmp_path)
    with open_work(tmp_path, holder="test") as work:
        work.replace("number", pa.table({"n": pa.array(range(20_000), pa.int64())}), ALL_ROWS)
        snapshot = publish(work, tmp_path, as_of=datetime(2024, 1, 1))
    backend = connect(snapshot)

    def ask(turn: int) -> int:
        if turn % 2:
            return int(backend.to_pyarrow(backend.table("fact_number").n.sum()).as_py())
        rows = fetch(backend, ("sum", turn), lambda: backend.table("fact_number").agg(total=lambda t: t.n.sum()))
        return int(rows["total"][0].as_py())

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(200))) == {199_990_000}
    snapshot.close()
