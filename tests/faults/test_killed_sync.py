"""kill -9 a sync at any moment: in the end the events are a clean run's, without a gap, and no page was fetched twice
but the one it was killed in.

DESKPULSE_KILLS sets how many times (8 without it).
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from connectors.fakes.run import NOW, everything, workspace
from connectors.fakes.serving import serve
from connectors.fakes.zendesk import TOKEN, FakeZendesk, busy_account

from deskpulse.workspace import Workspace
from deskpulse.workspace.syncing import sync_source

KILLS = int(os.environ.get("DESKPULSE_KILLS", "8"))
TICKETS = 60


def desk(fake: FakeZendesk, root: Path) -> Workspace:
    return workspace(root, "zendesk", url=fake.url, subdomain="acme", email="admin@example.com")


def test_a_sync_killed_at_any_moment_ends_as_a_clean_one(
    tmp_path: Path, start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKPULSE_DESK_TOKEN", TOKEN)
    clean, killed = busy_account(TICKETS, size=6), busy_account(TICKETS, size=6)
    with serve(clean):
        sync_source(desk(clean, tmp_path / "clean"), "desk", now=NOW)
    moments, kills = random.Random(20260605), 0
    with serve(killed):
        place = desk(killed, tmp_path / "killed")
        while kills < KILLS:
            writer = start("-m", "tests.faults.syncer", str(place.root))
            heard = writer.stdout.readline()
            assert heard == "opened\n", writer.stderr.read()
            for _ in range(moments.randint(0, 12)):
                heard = writer.stdout.readline()
                if heard in ("done\n", ""):
                    break
            time.sleep(moments.uniform(0, 0.1))
            if heard == "done\n":  # all is read: the next round begins a new workspace
                writer.wait()
                compare(place, clean, killed, tmp_path)
                killed.asked.clear()
                place = desk(killed, tmp_path / f"killed{kills}")
                continue
            writer.kill()
            writer.wait()
            kills += 1
        sync_source(place, "desk", now=NOW)
        compare(place, clean, killed, tmp_path)


def compare(place: Workspace, clean: FakeZendesk, killed: FakeZendesk, tmp_path: Path) -> None:
    """The events of a clean run, every page of it asked for, and none twice but those a kill fell into."""
    assert everything(place.root) == everything(tmp_path / "clean")
    asked = Counter(killed.addresses)
    assert set(asked) == set(clean.addresses)
    assert sum(asked.values()) - len(asked) <= KILLS
