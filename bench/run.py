"""Measures what is promised about speed and memory, and prints it as a Markdown table.

    python -m bench.run                                      everything, up to 10 M tickets (half an hour)
    python -m bench.run --sizes 100000,1000000 --only facts,commands

Every figure comes from a process of its own. What counts are ratios of CPU seconds within one run; wall time is used
for commands alone, where it is what people wait for.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
FACTS_STEP = "facts"
Figures = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the table: what was measured, what came out, what it is held against, and what was promised."""

    what: str
    measured: str
    against: str = ""
    promised: str = ""
    is_kept: bool | None = None

    def __str__(self) -> str:
        kept = {True: "yes", False: "**no**", None: ""}[self.is_kept]
        return f"| {self.what} | {self.measured} | {self.against} | {self.promised} | {kept} |"


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How big to measure: numbers of tickets from small to large, of intervals, and where the histories are kept."""

    tickets: tuple[int, ...]
    intervals: int
    folder: Path

    def history(self, tickets: int) -> Path:
        """Where so many tickets' events are, generated when they are not there yet."""
        path = self.folder / f"events-{tickets}"
        if not (path / "deskpulse.toml").exists():
            run("bench.generate", "--tickets", tickets, path)
        return path

    def workspace(self, tickets: int) -> Path:
        """A workspace of so many tickets, loaded when it is not there yet."""
        path = self.folder / f"workspace-{tickets}"
        if not (path / "snapshots" / "CURRENT").exists():
            task("load", self.history(tickets), path)
        return path


def run(module: str, *arguments: object) -> str:
    """A module in a process of its own; gives what it printed."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    print("  " + " ".join(command[2:]), file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def environment() -> dict[str, str]:
    """This checkout's modules come first, and are compiled once, as those of an installed package are."""
    compiled = {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "bench-bytecode"),
    }
    return {**os.environ, **compiled, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}


def task(name: str, *arguments: object) -> Figures:
    """A task of ``bench.tasks``, by name."""
    figures: Figures = json.loads(run("bench.tasks", name, *arguments))
    return figures


def step(figures: Figures, kind: str, word: str) -> float:
    """A figure (``cpu`` or ``memory``) of the step whose name has ``word`` in it."""
    return next(value for name, value in figures.items() if name.startswith(kind) and word in name.lower())


def facts(sizes: Sizes) -> Iterator[Line]:
    """Facts from events against the bare grouping, and the same per ticket at every size."""
    per_ticket: dict[int, float] = {}
    for tickets in sizes.tickets:
        root = sizes.workspace(tickets)
        built, bare = task("rebuild", root), task("group", root)
        cpu, memory = step(built, "cpu", FACTS_STEP), step(built, "memory", FACTS_STEP)
        per_ticket[tickets] = cpu / tickets * 1e6
        bound = 2 if tickets <= 1_000_000 else 6
        yield Line(
            what=f"facts on both clocks from events, {tickets:,} tickets",
            measured=f"{cpu:.2f} CPU s ({built['storing']:.2f} storing those of tickets, "
            f"{built['whole']:.2f} the others), {memory:.2f} GB",
            against=f"bare `group by` {bare['cpu']:.2f} CPU s: {cpu / bare['cpu']:.1f} x",
            promised=f"10 x, {bound} GB",
            is_kept=cpu <= 10 * bare["cpu"] and memory <= bound,
        )
    usual = per_ticket[sizes.tickets[0]]
    yield Line(
        what="the same per ticket, smallest to largest",
        measured=", ".join(f"{value:.1f}" for value in per_ticket.values()) + " CPU us",
        against=f"{max(per_ticket.values()) / usual - 1:+.0%} at most",
        promised="within 20 %",
        is_kept=all(abs(value / usual - 1) <= 0.2 for value in per_ticket.values()),
    )


def touched(sizes: Sizes) -> Iterator[Line]:
    """News about one ticket in a thousand against building everything."""
    tickets = min(sizes.tickets[-1], 1_000_000)
    with tempfile.TemporaryDirectory(dir=sizes.folder) as scratch:
        root = Path(scratch) / "workspace"
        task("load", sizes.history(tickets), root)
        whole = step(task("rebuild", root), "cpu", FACTS_STEP)
        some = step(task("touch", sizes.history(tickets), root, 0.001), "cpu", FACTS_STEP)
    yield Line(
        what=f"0.1 % of {tickets:,} tickets touched, scattered",
        measured=f"{some:.2f} CPU s",
        against=f"full build {whole:.2f} CPU s: 1/{whole / some:.0f}",
        promised="1/25",
        is_kept=some <= whole / 25,
    )


def business(sizes: Sizes) -> Iterator[Line]:
    """Business time of many intervals."""
    figures = task("business", sizes.intervals)
    yield Line(
        what=f"business time of {sizes.intervals:,} intervals, three schedules",
        measured=f"{figures['cpu']:.2f} CPU s, {figures['memory']:.2f} GB",
        against=f"elapsed time {figures['cpu:elapsed']:.2f} CPU s; making the calendar {figures['cpu:calendar']:.2f}",
        promised="3.5 CPU s per 10 M",
        is_kept=figures["cpu"] <= 3.5 * sizes.intervals / 1e7,
    )


def questions(sizes: Sizes) -> Iterator[Line]:
    """KPIs by channel and week against the same SQL by hand."""
    tickets = sizes.tickets[-1]
    root = sizes.workspace(tickets)
    for name in ("median", "mean", "share"):
        figures = task("question", root, name)
        bound = 1.5 * figures["cpu:by hand"] + 0.02
        yield Line(
            what=f"a {name} by channel and week over {tickets:,} tickets",
            measured=f"{figures['cpu']:.2f} CPU s ({figures['cpu:first']:.2f} the first time)",
            against=f"SQL by hand {figures['cpu:by hand']:.2f} CPU s: {figures['cpu'] / figures['cpu:by hand']:.2f} x",
            promised="1.5 x + 20 ms",
            is_kept=figures["cpu"] <= bound,
        )


def commands(sizes: Sizes) -> Iterator[Line]:
    """What people wait for at the prompt."""
    root = sizes.folder / "demo"
    made = task("demo", root)
    yield Line(what="the demo made, from nothing to a snapshot", measured=f"{made['cpu']:.1f} CPU s")
    for words, bound in ((("--help",), 0.35), (("ask", "first_response_time", "--by", "channel", "-w", root), 1.2)):
        waits = sorted(_wait(*words) for _ in range(5))
        yield Line(
            what=f"`deskpulse {words[0]}`" + (" on the demo" if len(words) > 1 else ""),
            measured=f"{median(waits):.2f} s of wall time (median of 5)",
            promised=f"{bound} s",
            is_kept=median(waits) <= bound,
        )


def hooks(sizes: Sizes) -> Iterator[Line]:
    """Deliveries, 50 a second: until they are answered, and until a snapshot holds what they tell."""
    tickets = min(sizes.tickets[-1], 1_000_000)
    figures: Figures = json.loads(run("bench.hooks", sizes.workspace(tickets)))
    answer, fact = figures["answer ms p99"], figures["fact s p95"]
    yield Line(
        what=f"a delivery to {tickets:,} tickets answered, 50 a second",
        measured=f"{answer:.0f} ms at the 99th percentile, {figures['answer ms p50']:.0f} ms the median",
        promised="20 ms",
        is_kept=answer <= 20,
    )
    yield Line(
        what="the same, until a snapshot holds its facts",
        measured=f"{fact:.1f} s at the 95th percentile; {figures['CPU s of the drainer']:.1f} CPU s for "
        f"{figures['deliveries']:.0f}",
        promised="2 s",
        is_kept=fact <= 2,
    )


def _wait(*words: object) -> float:
    """Seconds of wall time of one command, started as its installed script starts it."""
    command = [sys.executable, "-c", "from deskpulse.surfaces.cli.main import run; run()", *map(str, words)]
    began = time.perf_counter()
    subprocess.run(command, env=environment(), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


WEB: tuple[tuple[str, str, float, str], ...] = (
    ("tiles uncached", "nine tiles of a period nobody asked for, server CPU", 300, "ms"),
    ("page uncached", "the same with trends, splits and five charts", math.inf, "ms"),
    ("page cached", "the page of a period somebody asked for", 15, "ms"),
    ("p95 of 50 viewers", "50 viewers at once, p95 of the page", 1, "s"),
    ("KB", "over the line before a chart is touched", 60, "KB"),
    ("first paint", "first paint in Chromium, charts in it", 500, "ms"),
    ("layout shift", "layout shift", 0, ""),
    ("news of a change", "an announced change reaches the open page", 2, "s"),
    ("news of a ticket", "a snapshot with news of one ticket reaches the open page", 2, "s"),
    ("MB at most", "memory of the server", 600, "MB"),
)


def web(sizes: Sizes) -> Iterator[Line]:
    """The dashboard of the largest company up to a million tickets."""
    tickets = min(sizes.tickets[-1], 1_000_000)
    with tempfile.TemporaryDirectory(dir=sizes.folder) as scratch:
        root = shutil.copytree(sizes.workspace(tickets), Path(scratch) / "workspace")
        figures: Figures = json.loads(run("bench.web", root))
    for name, what, bound, unit in WEB:
        promised = "" if bound == math.inf else f"{bound:g} {unit}"
        is_kept = None if bound == math.inf else figures[name] <= bound
        yield Line(what=what, measured=f"{figures[name]:.3g} {unit}", promised=promised, is_kept=is_kept)


BENCHES: dict[str, Callable[[Sizes], Iterator[Line]]] = {
    bench.__name__: bench for bench in (facts, touched, business, questions, commands, web, hooks)
}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="100000,1000000,10000000", help="numbers of tickets, from small to large")
    parser.add_argument("--intervals", type=int, default=10_000_000)
    parser.add_argument("--only", default=",".join(BENCHES), help=f"which of {', '.join(BENCHES)}")
    parser.add_argument("--keep", type=Path, help="folder to keep generated histories and workspaces in")
    given = parser.parse_args()
    wanted = given.only.split(",")
    with tempfile.TemporaryDirectory() as scratch:
        sizes = Sizes(
            tickets=tuple(int(size) for size in given.sizes.split(",")),
            intervals=given.intervals,
            folder=(given.keep or Path(scratch)).resolve(),
        )
        sizes.folder.mkdir(parents=True, exist_ok=True)
        print("| what | measured | against | promised | kept |\n|---|---|---|---|---|", flush=True)
        for name in wanted:
            for line in BENCHES[name](sizes):
                print(line, flush=True)


if __name__ == "__main__":
    main()
