"""The demo company on each engine, started once for all tests of the file that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

import deskpulse
from deskpulse.workspace import Workspace, create, silent
from deskpulse.workspace.demo import create_demo
from deskpulse.workspace.writing import load
from tests.engines import ENGINES, Engine, require
from tests.store.event_rows import batch, ticket

OnBoth = Callable[[Callable[[Workspace], Any]], tuple[Any, Any]]
# A Monday, so that the newest week has hours in it and the demo's half year holds the end of summer time.
NOW = datetime(2026, 3, 2, 12)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo company, on the embedded engine: the reference."""
    return create_demo(tmp_path_factory.mktemp("parity") / "company", now=NOW)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Another company, with two tickets."""
    place = create(tmp_path_factory.mktemp("parity") / "small")
    load(place, [batch("ticket", ticket("1"), ticket("2"))], source="desk", as_of=NOW, progress=silent)
    return place


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; what it lacks on this machine skips or fails its tests."""
    require(request.param)
    found: Engine = request.param
    return found


@pytest.fixture(scope="module")
def started(engine: Engine, demo: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The same company on the engine."""
    with engine.start(tmp_path_factory.mktemp(engine.name)) as url:
        yield deskpulse.open(demo.root, engine=engine.name, url=url)


@pytest.fixture
def on_both(request: pytest.FixtureRequest, engine: Engine, started: Workspace, demo: Workspace) -> OnBoth:
    """Does the same with the reference and with the engine; a gap that the engine declares is expected to fail."""
    for part, reason in engine.gaps.items():
        if part in request.node.name:
            request.node.add_marker(pytest.mark.xfail(reason=reason, strict=True))

    def do(work: Callable[[Workspace], Any]) -> tuple[Any, Any]:
        wanted = work(demo)
        with pytest.MonkeyPatch.context() as patched:
            for name, value in engine.instead.items():
                patched.setattr(name, value)
            return wanted, work(started)

    return do
