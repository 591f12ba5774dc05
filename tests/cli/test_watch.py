"""``sync --watch`` in a process of its own: a source that is asked to wait holds up no other, nor Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import tomlkit
from connectors.fakes.serving import Told, serve
from connectors.fakes.zendesk import START, TOKEN, FakeZendesk

import deskpulse.workspace as workspaces

WAIT = Told(status=429, data={}, headers={"Retry-After": "600"})
PATIENCE = 120
"""Seconds until it is ended where it does not do what it should."""


def account() -> FakeZendesk:
    """Ten people ask for one thing each."""
    made = FakeZendesk(size=10)
    for number in range(1, 11):
        made.user(number, f"Customer {number}", "end-user")
        made.open_ticket(START, number)
    return made


def test_who_waits_holds_up_no_other_and_is_not_waited_for(tmp_path: Path, repo_root: Path) -> None:
    slow, quick = account(), account()
    slow.troubles = {1: WAIT}
    with serve(slow), serve(quick):
        sources = [
            {"name": name, "connector": "zendesk", "options": {"url": fake.url, "email": "admin@example.com"}}
            for name, fake in (("slow", slow), ("quick", quick))
        ]
        root = workspaces.create(tmp_path / "desk", settings=tomlkit.dumps({"sources": sources})).root
        secrets = {f"DESKPULSE_{name}_TOKEN": TOKEN for name in ("SLOW", "QUICK")}
        with subprocess.Popen(
            [sys.executable, "-m", "deskpulse.surfaces.cli.main", "sync", "--watch", "-w", str(root)],
            env={**os.environ, **secrets, "PYTHONPATH": str(repo_root / "src")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as watching:
            given_up = Timer(PATIENCE, watching.kill)
            given_up.start()
            assert watching.stdout is not None
            told = [watching.stdout.readline() for _ in range(2)]
            watching.send_signal(signal.SIGINT)
            rest, words = watching.communicate()
            given_up.cancel()
    assert "10 of ticket" in told[0], words
    assert told[1] == "  published as snapshot 1\n"
    assert watching.returncode == 130, words
    assert rest == ""
    assert "Stopped. What was finished is kept" in words
    assert len(slow.asked) == 1
