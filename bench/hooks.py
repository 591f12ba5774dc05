"""Deliveries to a server with many tickets: how long an answer takes, and how long until a snapshot holds the facts.

    python -m bench.hooks WORKSPACE [--rate 50] [--warm 1] [--seconds 30]

``WORKSPACE`` is one of ``bench.run``'s; it is copied. Seven of ten deliveries are messages and two changes of status,
of the newest tickets; one is a new ticket of any customer. The clock of an answer runs from the sending to the last
byte; that of a fact from the answer until a snapshot with it can be opened. The warming up is part of both CPU figures.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import multiprocessing
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Any

import duckdb
import httpx

from bench.generate import OBSERVED, SOURCE
from deskpulse.store.layout import find_workspace
from deskpulse.store.snapshot import current_version, open_snapshot

SECRET = "bench"
TABLES = ("message", "change", "ticket")
SETTINGS = f'\n[[sources]]\nname = "{SOURCE}"\nconnector = "hooks"\n'
PATIENCE = 300


@dataclass(kw_only=True)
class Times:
    """Per delivery: when it was answered, how long that took, and when a snapshot held it."""

    answered: dict[str, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    held: dict[str, float] = field(default_factory=dict)


def deliveries(tickets: int, name: str) -> Iterator[tuple[str, bytes]]:
    """Deliveries without end, each with the id of its row, which begins with ``name``."""
    chance, at = random.Random(name), datetime.fromtimestamp(OBSERVED, UTC) + timedelta(hours=2)
    number = 0
    while True:
        number += 1
        table = chance.choices(TABLES, (7, 2, 1))[0]
        ticket, moment = str(tickets - int(chance.expovariate(3 / tickets * 1000))), at + timedelta(seconds=number)
        told = {"ticket": ticket, "at": moment.isoformat()}
        rows: dict[str, dict[str, Any]] = {
            "message": {**told, "author_kind": chance.choice(("customer", "agent")), "is_public": True, "seq": 99},
            "change": {**told, "field": "status", "new": chance.choice(("solved", "open")), "by_kind": "agent"},
            "ticket": {
                "created_at": moment.isoformat(), "channel": "chat", "customer": str(chance.randrange(tickets // 3)),
            },
        }  # fmt: skip
        id_ = f"{name}{number}"
        yield id_, json.dumps({"table": table, "rows": [{"source_id": id_, **rows[table]}]}).encode()


def signed(body: bytes) -> dict[str, str]:
    """The headers of a delivery."""
    stamp = str(int(time.time()))
    made = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json", "x-deskpulse-timestamp": stamp, "x-deskpulse-signature": f"sha256={made}",
    }  # fmt: skip


async def send(port: int, sent: Iterator[tuple[str, bytes]], rate: float, seconds: float, times: Times) -> None:
    """Sends at a steady rate, whatever the answers take."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:

        async def post(id_: str, body: bytes) -> None:
            began = time.perf_counter()
            answer = await client.post(f"/hooks/{SOURCE}", content=body, headers=signed(body))
            times.took.append(time.perf_counter() - began)
            times.answered[id_] = time.perf_counter()
            assert answer.status_code == 202, answer.text

        sending, begin = [], time.perf_counter()
        for number, (id_, body) in enumerate(islice(sent, int(rate * seconds))):
            await asyncio.sleep(max(0.0, begin + number / rate - time.perf_counter()))
            sending.append(asyncio.create_task(post(id_, body)))
        await asyncio.gather(*sending)


def look(root: Path, name: str, known: int) -> tuple[int, float, list[str]]:
    """The newest version of the snapshot, when it was opened, and the deliveries in it where it is not ``known``.

    In a process of its own: it must not hold up the clock of an answer.
    """
    if (version := current_version(find_workspace(root))) == known:
        return known, 0.0, []
    with open_snapshot(root) as snapshot, duckdb.connect(config={"threads": 1}) as con:
        seen, held = time.perf_counter(), []
        for table in TABLES:
            files = snapshot.tables[f"event_{table}"].files
            newest = max(file.month or "" for file in files)
            paths = [str(root / "snapshots" / file.path) for file in files if (file.month or "") == newest]
            query = "SELECT source_id FROM read_parquet(?) WHERE starts_with(source_id, ?)"
            held.extend(id_ for (id_,) in con.execute(query, [paths, name]).fetchall())
    return version, seen, held


async def measure(root: Path, port: int, tickets: int, rate: float, warm: float, seconds: float) -> Times:
    """Warms up by some seconds of deliveries, then measures."""
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as watcher:
        for name, length in (("warm", warm), ("live", seconds)):
            times = Times()
            sending = asyncio.create_task(send(port, deliveries(tickets, name), rate, length, times))
            known, until = 0, time.perf_counter() + length + PATIENCE
            while time.perf_counter() < until and not (sending.done() and times.answered.keys() <= times.held.keys()):
                await asyncio.sleep(0.05)
                known, seen, held = await loop.run_in_executor(watcher, look, root, name, known)
                times.held.update((id_, seen) for id_ in held if id_ not in times.held)
            await sending
    return times


def run(workspace: Path, rate: float, warm: float, seconds: float) -> dict[str, float]:
    """The figures, in milliseconds and seconds."""
    with tempfile.TemporaryDirectory(dir=workspace.parent) as scratch:
        root = Path(shutil.copytree(workspace, Path(scratch) / "desk"))
        settings = root / "deskpulse.toml"
        settings.write_text(settings.read_text().replace(SETTINGS, "") + SETTINGS)
        tickets = duckdb.connect(str(root / ".deskpulse/work.duckdb"), read_only=True).execute(
            "SELECT count(*) FROM event_ticket"
        ).fetchall()[0][0]  # fmt: skip
        with socket.socket() as opened:
            opened.bind(("127.0.0.1", 0))
            port = opened.getsockname()[1]
        command = [sys.executable, "-m", "deskpulse.surfaces.cli.main", "serve", "-w", str(root), "--port", str(port)]
        variable = f"DESKPULSE_{SOURCE.upper()}_WEBHOOK"
        server = subprocess.Popen(command, env={**os.environ, variable: SECRET}, stdout=subprocess.DEVNULL)
        try:
            _wait(port)
            before = _cpu(server.pid)
            times = asyncio.run(measure(root, port, tickets, rate, warm, seconds))
            answering, draining = _cpu(server.pid) - before, sum(map(_cpu, _children(server.pid)))
        finally:
            server.terminate()
            server.wait()
    return _figures(times) | {"CPU s of the server": answering, "CPU s of the drainer": draining}


def _wait(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the server does not answer")


def _children(pid: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _figures(times: Times) -> dict[str, float]:
    answers = quantiles(times.took, n=100)
    facts = quantiles((times.held[id_] - answered for id_, answered in times.answered.items()), n=100)
    return {
        "deliveries": len(times.took), "answer ms p50": 1000 * answers[49], "answer ms p99": 1000 * answers[98],
        "fact s p50": facts[49], "fact s p95": facts[94],
    }  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.hooks", description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--warm", type=float, default=1, help="seconds of deliveries before those that are measured")
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    print(json.dumps(run(given.workspace.resolve(), given.rate, given.warm, given.seconds), indent=1))


if __name__ == "__main__":
    main()
