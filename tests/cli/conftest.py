"""A demo workspace for the commands to work on, made once."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deskpulse.surfaces.cli.main import app
from deskpulse.workspace import Workspace
from deskpulse.workspace.demo import create_demo

NOW = datetime(2026, 3, 2, 12)
COMMAND = [sys.executable, "-m", "deskpulse.surfaces.cli.main"]

Invoke = Callable[..., Result]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo company as of noon (UTC) of Monday, 2 March 2026."""
    return create_demo(tmp_path_factory.mktemp("demo") / "company", now=NOW)


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs ``deskpulse`` with words, in this process."""
    monkeypatch.delenv("DESKPULSE_WORKSPACE", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def ask_json(invoke: Invoke, demo: Workspace) -> Callable[..., list[dict[str, Any]]]:
    """Rows of ``deskpulse ask`` on the demo."""

    def rows(*words: str) -> list[dict[str, Any]]:
        result = invoke("ask", *words, "--format", "json", "-w", demo.root)
        assert result.exit_code == 0, result.output
        found: list[dict[str, Any]] = json.loads(result.stdout)
        return found

    return rows


@pytest.fixture
def environment(repo_root: Path) -> dict[str, str]:
    """What a process of its own needs to find the package."""
    return {**os.environ, "PYTHONPATH": str(repo_root / "src"), "COLUMNS": "200"}
