"""kill -9 a sync of each connector at any moment: in the end the events are a clean run's, without a gap, and no page
was fetched twice but the one it was killed in; lists that were read are asked whether there is more.

DESKPULSE_KILLS sets how many times each (once without it).
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from connectors.fakes.run import everything
from connectors.fakes.seeded import Seeded, seeded, ways

from deskpulse.connectors.secrets import variable
from deskpulse.store.pages import Pages
from deskpulse.workspace.synced import Moment
from tests.faults import syncer

KILLS = int(os.environ.get("DESKPULSE_KILLS", "1"))
KINDS = ("zendesk", "github", "rest/cursor", "sql")
"""Exports by cursor and by time, link header, cursor in the body, a database. Where DESKPULSE_KILLS is set, all are
killed: next in the JSON, page number, the last change seen."""

LONGEST_WAIT = 0.05
WITH_FACTS = "zendesk"
"""Facts and snapshots are killed in test_faults_kill; here they are for one connector only."""


@dataclass(frozen=True, kw_only=True)
class Clean:
    """What a run without kills asked for and left: ``step`` requests at most for a page, ``idle`` when all is read."""

    events: object
    asked: Counter[tuple[str, str, bytes]]
    pages: int
    step: int
    idle: int
    idle_pages: int


def asked(account: Seeded) -> Counter[tuple[str, str, bytes]]:
    return Counter((one.path, str(sorted(one.query.items())), one.body) for one in account.fake.asked)


def clean_run(account: Seeded, root: Path) -> Clean:
    marks = [0]

    def watch(moment: Moment) -> None:
        marks.append(len(account.fake.asked))

    syncer.sync(root, watch)
    first, kept = asked(account), len(Pages(root, "desk").numbers)
    step = max(later - earlier for earlier, later in itertools.pairwise(marks))
    account.fake.asked.clear()
    syncer.sync(root)
    idle, again = len(account.fake.asked), len(Pages(root, "desk").numbers) - kept
    account.fake.asked.clear()
    return Clean(events=everything(root), asked=first, pages=kept, step=step, idle=idle, idle_pages=again)


@pytest.mark.parametrize("way", (*ways(), "queue_log") if "DESKPULSE_KILLS" in os.environ else KINDS)
def test_a_sync_killed_at_any_moment_ends_as_a_clean_one(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, moments = seeded(way), random.Random(f"{way} 20260605")
    with account.serving(tmp_path) as known:
        for name, value in known.secrets.items():
            monkeypatch.setenv(variable("desk", name), value)
        account.workspace(tmp_path / "clean", known)
        clean = clean_run(account, tmp_path / "clean")
        kills = rounds = 0
        while kills < KILLS:
            root = tmp_path / f"killed{rounds}"
            account.workspace(root, known)
            kills += killed_round(account, root, clean, moments, KILLS - kills, way == WITH_FACTS)
            shutil.rmtree(root)
            rounds += 1


def killed_round(account: Seeded, root: Path, clean: Clean, moments: random.Random, most: int, facts: bool) -> int:
    """Syncs until all is read, killed ``most`` times at most; compares; gives how often it was killed."""
    kills = 0
    account.fake.asked.clear()
    while kills < most and run_and_kill(root, moments, clean, facts):
        kills += 1
    syncer.sync(root)
    assert everything(root) == clean.events
    found = asked(account)
    assert set(clean.asked) <= set(found)
    assert found.total() <= clean.asked.total() + kills * (clean.step + clean.idle)
    assert len(Pages(root, "desk").numbers) <= clean.pages + kills * clean.idle_pages
    return kills


def run_and_kill(root: Path, moments: random.Random, clean: Clean, facts: bool) -> bool:
    """Kills a run after some of its moments; says whether it was still running."""
    process, hears = syncer.start(root, facts=facts)
    try:
        heard = ""
        for _ in range(moments.randint(1, 2 + clean.pages // 3)):
            heard = hears.recv()
            if heard == "done":
                break
        if heard != "done":
            time.sleep(moments.uniform(0, LONGEST_WAIT))
    finally:
        process.kill()
        process.join()
        hears.close()
    return heard != "done"
