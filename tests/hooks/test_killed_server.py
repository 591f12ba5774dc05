"""A server that is killed while it takes and drains deliveries: whatever it acknowledged is a fact afterwards."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from connectors.fakes.run import stored
from hooks.test_hooks import JSON, SETTINGS, ticket
from hooks.test_signatures import signed

import deskpulse
from deskpulse.errors import BusyError
from deskpulse.workspace.hooking import Hooks

SERVING = """
import sys
from pathlib import Path
import uvicorn
from deskpulse.surfaces.server.app import create_app
uvicorn.run(create_app(Path(sys.argv[1])), port=int(sys.argv[2]), log_level="error")
"""


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def begin(root: Path, port: int) -> subprocess.Popen[bytes]:
    """The server, once it answers."""
    process = subprocess.Popen([sys.executable, "-c", SERVING, str(root), str(port)], env={**os.environ})
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", timeout=5)
            return process
        except httpx.TransportError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError("the server does not answer")


def send(port: int, number: int) -> int:
    body = json.dumps(ticket(number)).encode()
    stamp = str(int(datetime.now(UTC).timestamp()))
    headers = {**JSON, **signed("hooks", body, stamp)}
    return httpx.post(f"http://127.0.0.1:{port}/hooks/shop", content=body, headers=headers, timeout=30).status_code


def test_whatever_was_acknowledged_is_a_fact_after_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKPULSE_SHOP_WEBHOOK", "s3cret")
    root, port = deskpulse.create(tmp_path / "shop", settings=SETTINGS).root, free_port()
    acknowledged: set[str] = set()
    for run in range(3):
        process = begin(root, port)
        try:
            for number in range(run * 100, run * 100 + 10 + 15 * run):
                assert send(port, number) == 202
                acknowledged.add(f"t{number}")
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    hooks = Hooks(root)
    while not hooks.spool.is_empty:
        with suppress(BusyError):  # the last server's drainer ends a moment after it
            hooks.drain()
    assert {row["source_id"] for row in stored(root, "ticket")} == acknowledged
    assert hooks.spool.is_empty
