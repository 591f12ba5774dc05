"""What the dashboard costs: ``python -m bench.web ROOT`` prints figures as JSON for the workspace in ROOT.

It is served as people serve it, in a process of its own, and an account, changes of process and tickets are added to
it: give it a copy. CPU is the server's, all threads together, in milliseconds; the system counts in hundredths of a
second, so figures are of several requests. Uncached are periods that nobody asked for before.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.tasks import Figures

HOST, PORT = "127.0.0.1", 8497
COOKIE = "deskpulse_session"
VIEWERS, LOOKS = 50, 6
TICK = os.sysconf("SC_CLK_TCK")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
SHIFTS = """
    new PerformanceObserver(seen => { for (const one of seen.getEntries()) window.moved += one.value })
        .observe({type: "layout-shift", buffered: true})
"""
SEEN = """() => new MutationObserver(() => { window.seen = Date.now() })
    .observe(document.querySelector("main"), {attributeFilter: ["data-live"]})"""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server, and the cookie of somebody who may see everything."""

    process: subprocess.Popen[bytes]
    cookie: str

    def cpu(self) -> float:
        """Milliseconds of CPU so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK * 1000

    def memory(self, name: str) -> float:
        """``VmRSS`` or ``VmHWM`` (the most so far), in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition(f"{name}:")[2].split()[0]) / 1000

    def get(self, path: str) -> bytes:
        """A page as it comes over the line; stops at anything but a page."""
        con = http.client.HTTPConnection(HOST, PORT, timeout=120)
        con.request("GET", path, headers={"Cookie": f"{COOKIE}={self.cookie}", "Accept-Encoding": "gzip"})
        answer = con.getresponse()
        body = answer.read()
        con.close()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        return body


@contextmanager
def served(root: Path) -> Iterator[Server]:
    """``deskpulse serve`` with an account, once it has worked out what it works out at its start."""
    from deskpulse.workspace.accounts import Accounts

    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    accounts = Accounts(root)
    account = accounts.store.account("bench") or accounts.add("bench", "admin", now, by="bench")
    cookie = accounts.begin(account, HOST, now)
    command = [sys.executable, "-m", "deskpulse.surfaces.cli.main", "serve", "-w", str(root), "--port", str(PORT)]
    process = subprocess.Popen(command)
    server = Server(process=process, cookie=cookie)
    try:
        _answers(server)
        _idle(server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(server: Server) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            server.get("/static/style.css")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not answer within a minute")


def _idle(server: Server) -> None:
    """Waits until the server has hardly used any CPU for a while."""
    quiet, before = 0, server.cpu()
    while quiet < 4:
        time.sleep(0.5)
        quiet, before = (quiet + 1 if server.cpu() - before < 50 else 0), server.cpu()


def costs(server: Server) -> Figures:
    """CPU of the overview: first and again, with its charts and, as the wallboard shows it, its tiles alone."""
    found: Figures = {}
    for name, path, first in (
        ("tiles", "/wall?cards=support&period=last-{}-days", 20),
        ("page", "/?period=last-{}-days", 28),
    ):
        fresh = [_cpu(server, path.format(first + n)) for n in range(6)]
        _idle(server)
        before = server.cpu()
        for _ in range(50):
            server.get(path.format(first))
        found |= {f"{name} uncached": median(fresh), f"{name} cached": (server.cpu() - before) / 50}
    return found


def _cpu(server: Server, path: str) -> float:
    before = server.cpu()
    server.get(path)
    return server.cpu() - before


def crowd(server: Server) -> Figures:
    """Wall seconds of a page for each of many viewers who ask for the overview again as soon as they have it."""

    def look(viewer: int) -> list[float]:
        waits = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            server.get("/")
            waits.append(time.perf_counter() - began)
        return waits

    with ThreadPoolExecutor(VIEWERS) as viewers:
        waits = [wait for found in viewers.map(look, range(VIEWERS)) for wait in found]
    return {"p50 of 50 viewers": median(waits), "p95 of 50 viewers": quantiles(waits, n=20)[-1]}


def weight(server: Server) -> Figures:
    """Kilobytes over the line before a chart is first touched: the page, and the files it names."""
    page = server.get("/")
    files = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', gzip.decompress(page)))
    return {"KB": (len(page) + sum(len(server.get(file.decode())) for file in files)) / 1000}


def browser(server: Server, root: Path) -> Figures:
    """First paint and layout shift of the overview in Chromium, and how soon news reach the open page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = opened.new_context(base_url=f"http://{HOST}:{PORT}", viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": COOKIE, "value": server.cookie, "domain": HOST, "path": "/"}])
        context.add_init_script("window.moved = 0;" + SHIFTS)
        looks = [_look(context) for _ in range(7)]
        found = {name: median(look[name] for look in looks) for name in looks[0]}
        found["news of a change"] = median(_news(context, root, _announce) for _ in range(3))
        _publish_ticket(root)  # what comes of a newer version of the program is built before it is measured
        found["news of a ticket"] = median(_news(context, root, _publish_ticket) for _ in range(3))
        return found


def _look(context: Any) -> Figures:
    page = context.new_page()
    page.goto("/", wait_until="load")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    found = {"first paint": painted, "layout shift": page.evaluate("window.moved")}
    if not page.locator("figure.chart svg").count():
        raise SystemExit("the page was painted without its charts")
    page.close()
    return found


def _news(context: Any, root: Path, publish: Callable[[Path], None]) -> float:
    """Seconds from a published snapshot to the open page that shows it."""
    import deskpulse

    page = context.new_page()
    page.goto("/")
    version = str(deskpulse.open(root).snapshot.version)
    page.wait_for_function("shown => document.querySelector('main').dataset.live === shown", arg=version)
    page.evaluate(SEEN)
    publish(root)
    page.wait_for_function("() => window.seen", timeout=60_000)
    seen: float = page.evaluate("window.seen")
    page.close()
    return seen / 1000 - (root / "snapshots/CURRENT").stat().st_mtime


def _announce(root: Path) -> None:
    import deskpulse
    from deskpulse.workspace.annotating import Change, annotate

    place, now = deskpulse.open(root), datetime.now(UTC).replace(tzinfo=None)
    annotate(place, Change(at=place.as_of.isoformat(), title=f"Change of {now}", zone="UTC"), now=now)


def _publish_ticket(root: Path) -> None:
    """A ticket that was opened a day before the newest data."""
    import pyarrow as pa

    import deskpulse
    from deskpulse.connectors.connector import Batch
    from deskpulse.events import EVENT_TABLES
    from deskpulse.workspace import silent
    from deskpulse.workspace.writing import load

    place = deskpulse.open(root)
    at, name = place.as_of - timedelta(days=1), datetime.now(UTC).isoformat()
    row = {"source": "bench", "source_id": name, "version": 1, "observed_at": place.as_of, "created_at": at}
    rows = pa.Table.from_pylist([{**row, "channel": "email", "status": "new"}], schema=EVENT_TABLES["ticket"].schema)
    load(place, [Batch(table="ticket", rows=rows)], source="bench", as_of=place.as_of, progress=silent)


def measure(root: Path) -> Figures:
    """Everything, on one server."""
    with served(root) as server:
        parts: tuple[Callable[[], Figures], ...] = (
            lambda: {"MB at start": server.memory("VmRSS")},
            lambda: costs(server),
            lambda: crowd(server),
            lambda: weight(server),
            lambda: browser(server, root),
            lambda: {"MB at most": server.memory("VmHWM")},
        )
        return {name: value for part in parts for name, value in part().items()}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
