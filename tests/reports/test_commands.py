"""``deskpulse report`` and ``deskpulse run-due``, and what the server does of it by itself."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deskpulse.errors import WorkspaceError
from deskpulse.surfaces.cli.main import app
from deskpulse.surfaces.server import schedule
from deskpulse.workspace import Workspace
from deskpulse.workspace.delivery import Outcome
from tests.loops import run

from .conftest import AS_OF


def invoke(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_report_goes_to_a_file_or_to_standard_output(place: Workspace, tmp_path: Path) -> None:
    options = ("report", "-w", place.root, "--scorecard", "board", "--period", "2025-W20", "--format")
    told = invoke(*options, "json")
    assert told.exit_code == 0, told.output
    # Three tickets answered after 30 m, 1 h 24 m and 3 h: the median is 5040 s.
    assert json.loads(told.stdout)["kpis"][1]["answer"]["value"] == 5040
    file = tmp_path / "board.pdf"
    told = invoke(*options, "pdf", "-o", file)
    assert (told.exit_code, file.read_bytes()[:5]) == (0, b"%PDF-")
    told = invoke(*options, "md", "-o", tmp_path / "missing" / "board.md")
    assert told.exit_code == 1 and "cannot be written" in told.output


def test_run_due_tells_what_failed_and_then_when_the_next_is_due(root: Path) -> None:
    told = invoke("run-due", "--now", "-w", root)
    assert told.exit_code == 1
    assert told.output.count("FAILED weekly to") == 2 and "Next attempt:" in told.output
    told = invoke("run-due", "-w", root)
    assert told.exit_code == 0
    assert told.output.startswith("Nothing is due. Next: weekly 2")


def test_the_server_looks_again_whatever_went_wrong(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = Outcome(report="weekly", recipient="$CHAT", due_at=AS_OF, error="No.")
    calls: list[Path] = []

    def run_due(root: Path, now: object) -> tuple[Outcome, ...]:
        calls.append(root)
        if len(calls) <= 2:
            raise WorkspaceError("It is broken.") if len(calls) == 1 else ZeroDivisionError
        return (failed,)

    async def until_four() -> None:
        task = asyncio.create_task(schedule.deliver(root, every=0))
        while len(calls) < 4:
            await asyncio.sleep(0.01)
        task.cancel()

    monkeypatch.setattr(schedule, "run_due", run_due)
    run(asyncio.wait_for(until_four(), 20))
    assert set(calls) == {root}
