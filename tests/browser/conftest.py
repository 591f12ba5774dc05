"""The dashboard in a real browser: a served demo company, a page that fails on any error, and axe."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deskpulse.workspace.accounts import Accounts

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / ".venv/axe/node_modules/axe-core/axe.min.js"
PICTURES = ROOT / "screenshots"
NOW = datetime(2026, 11, 1, 6)
PASSWORD = "a long enough sentence"
PATIENCE_MS = 120_000
"""How long a page may take: a busy machine is no fault of the page."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _missing(what: str) -> None:
    """A system without a browser skips these tests; CI has one."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: tools/system.sh installs it")
    pytest.skip(f"{what} is missing: tools/system.sh installs it")


@dataclass(frozen=True)
class Served:
    """A running server: its address, its workspace and its process."""

    url: str
    root: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def demo_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company as of a fixed instant."""
    from deskpulse.workspace.demo import create_demo

    root = tmp_path_factory.mktemp("browser") / "demo"
    create_demo(root, seed=1, now=NOW, progress=lambda step: None)
    return root


@pytest.fixture(scope="session")
def served(demo_root: Path) -> Iterator[Served]:
    """``deskpulse serve`` on loopback, as a process of its own; it is ended by its id."""
    port = free_port()
    command = [sys.executable, "-m", "deskpulse.surfaces.cli.main", "serve", "-w", str(demo_root), "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    url = f"http://127.0.0.1:{port}"
    Accounts(demo_root).add("admin", "admin", datetime.now(UTC).replace(tzinfo=None), password=PASSWORD, by="test")
    try:
        _wait_for(url, process)
        yield Served(url=url, root=demo_root, process=process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server stopped by itself"
        try:
            urllib.request.urlopen(f"{url}/static/style.css", timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within a minute")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium: the system's where it has one, else Playwright's own."""
    from playwright.sync_api import Error, sync_playwright

    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error:
            _missing("Chromium")
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def signed_in(browser: Any, served: Served) -> Any:
    """The cookies of an admin who signed in by the form."""
    context = browser.new_context(base_url=served.url)
    page = context.new_page()
    page.goto("/sign-in?next=/account")  # a light page: the first charts of all take their time
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(browser: Any, served: Served, signed_in: Any) -> Iterator[Callable[..., Any]]:
    """Makes pages (``open_page(path, width=390, dark=True)``) that fail the test on an error or a foreign request.

    Motion is reduced: Chromium reports a transition it gives up, as it does on a busy machine, before a script can say
    that this is no fault.
    """
    faults: list[str] = []
    contexts = []

    def opened(
        path: str,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        javascript: bool = True,
        language: str = "en",
    ) -> Any:
        context = browser.new_context(
            base_url=served.url,
            locale=language,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=javascript,
            storage_state=signed_in,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(served.url) else faults.append(sent.url))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def axe() -> Callable[[Any], list[str]]:
    """What axe finds on a page that is serious or critical, a line each."""
    if not AXE.exists():
        _missing("axe-core")

    def found(page: Any) -> list[str]:
        # The page's policy allows no foreign script: axe is handed in from outside of it.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in result["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]

    return found


def picture(page: Any, name: str) -> None:
    """A screenshot for people to look at, in ``screenshots/``."""
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
