"""What is measured, one task per process: ``python -m bench.tasks TASK ARGUMENTS`` prints its figures as JSON.

CPU is the process's own, all threads together, in seconds; memory its peak so far, in GB. Imports are not counted.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

Figures = dict[str, float]
TIMES = 3


def peak() -> float:
    """The most memory this process has used, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def cpu(work: Callable[[], Any]) -> float:
    """CPU seconds of one call."""
    before = time.process_time()
    work()
    return time.process_time() - before


class Stopwatch:
    """The CPU and the peak memory of each step of something that names its steps as it begins them."""

    def __init__(self) -> None:
        self.marks: list[tuple[str, float, float]] = []

    def __call__(self, step: str) -> None:
        self.marks.append((step, time.process_time(), peak()))

    def figures(self) -> Figures:
        """``cpu:STEP`` and ``memory:STEP`` for each step."""
        self("end")
        found: Figures = {}
        for (step, began, _), (_, ended, memory) in zip(self.marks, self.marks[1:], strict=False):
            found |= {f"cpu:{step}": ended - began, f"memory:{step}": memory}
        return found


def _import() -> None:
    """What is otherwise imported while something is measured: one module per country, and Ibis' backend."""
    import holidays.countries  # noqa: F401
    import ibis.backends.duckdb  # noqa: F401


def load(folder: str, root: str) -> Figures:
    """Generated events into a new workspace, facts and a snapshot."""
    import deskpulse.workspace as workspaces
    from bench.generate import OBSERVED, SOURCE
    from bench.source import stream
    from deskpulse.workspace.writing import load as load_stream

    _import()
    place = workspaces.create(root, settings=(Path(folder) / "deskpulse.toml").read_text())
    watch = Stopwatch()
    load_stream(place, stream(Path(folder)), source=SOURCE, as_of=_instant(OBSERVED), progress=watch)
    return watch.figures()


def rebuild(root: str) -> Figures:
    """All facts from the workspace's events again.

    ``storing`` is the part of writing the facts of tickets into their tables, ``whole`` the facts that are queries.
    """
    import deskpulse.workspace as workspaces
    from deskpulse.facts.build import BY_TICKET
    from deskpulse.store.work import Work

    _import()
    place, watch, spent = workspaces.open(root), Stopwatch(), {"storing": 0.0, "whole": 0.0}
    replace = Work.replace

    def timed(work: Work, name: str, rows: Any, batch: Any) -> bool:
        before = time.process_time()
        is_changed = replace(work, name, rows, batch)
        spent["storing" if name in BY_TICKET else "whole"] += time.process_time() - before
        return is_changed

    Work.replace = timed  # type: ignore[assignment, method-assign]
    place.rebuild(full=True, progress=watch)
    return watch.figures() | spent


def touch(folder: str, root: str, share: str) -> Figures:
    """News about a few tickets, and the facts it touches."""
    import deskpulse.workspace as workspaces
    from bench.generate import OBSERVED, SOURCE
    from bench.source import news
    from deskpulse.workspace.writing import load as load_stream

    _import()
    place, watch = workspaces.open(root), Stopwatch()
    as_of = _instant(OBSERVED) + timedelta(hours=1)
    load_stream(place, news(Path(folder), float(share)), source=SOURCE, as_of=as_of, progress=watch)
    return watch.figures()


def group(root: str) -> Figures:
    """The bare query that facts are compared with: first moment and number of events of each ticket."""
    con = duckdb.connect(f"{root}/.deskpulse/work.duckdb", read_only=True)
    events = """SELECT ticket_key, "at" FROM event_message UNION ALL SELECT ticket_key, "at" FROM event_change"""
    query = f"""CREATE OR REPLACE TEMP TABLE bare AS
        SELECT ticket_key, min("at") AS first_at, count(*) AS events FROM ({events}) GROUP BY ticket_key"""
    return {"cpu": median(cpu(lambda: con.execute(query)) for _ in range(TIMES)), "memory": peak()}


def business(intervals: str) -> Figures:
    """Business seconds of many intervals under three schedules, and their elapsed seconds."""
    from bench.clock import business_times

    return business_times(int(intervals), TIMES, cpu) | {"memory": peak()}


def question(root: str, name: str) -> Figures:
    """A question by channel and week from the snapshot, and the same by hand on the same files."""
    from bench.questions import ask_and_check

    return ask_and_check(root, name, TIMES, cpu) | {"memory": peak()}


def demo(root: str) -> Figures:
    """The demo's workspace."""
    from deskpulse.workspace.demo import create_demo

    return {"cpu": cpu(lambda: create_demo(root, now=datetime(2026, 10, 1))), "memory": peak()}


def _instant(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)


TASKS: dict[str, Callable[..., Figures]] = {
    task.__name__: task for task in (load, rebuild, touch, group, business, question, demo)
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*sys.argv[2:])))
