"""Where the output goes: narrow terminals, files, poor encodings, full disks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deskpulse.surfaces.cli.main import app
from deskpulse.workspace import Workspace
from tests.cli.conftest import COMMAND, Invoke

FULL = Path("/dev/full")


def test_a_narrow_terminal_gets_every_value_and_interval_whole(
    demo: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = demo.report("last-30-days").tiles
    monkeypatch.setenv("COLUMNS", "80")
    narrow = CliRunner().invoke(app, ["report", "-w", str(demo.root)]).stdout
    assert all(tile.value in narrow and tile.interval in narrow for tile in wide)
    assert "…" not in narrow and "No room for: trend, before, target" in narrow
    assert max(map(len, narrow.splitlines())) <= 80


def test_a_report_for_the_terminal_can_go_to_a_file(invoke: Invoke, demo: Workspace, tmp_path: Path) -> None:
    printed = invoke("report", "-w", demo.root).stdout
    result = invoke("report", "-w", demo.root, "-o", tmp_path / "report.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == printed


def test_a_sign_that_the_encoding_does_not_have_is_no_fault(demo: Workspace, environment: dict[str, str]) -> None:
    poor = {**environment, "PYTHONIOENCODING": "ascii"}
    words = [*COMMAND, "ask", "csat", "-w", str(demo.root)]
    done = subprocess.run(words, env=poor, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"95 % interval" in done.stdout


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_no_room_for_the_result_is_told(demo: Workspace, environment: dict[str, str]) -> None:
    with FULL.open("w", encoding="utf-8") as full:
        words = [*COMMAND, "ask", "csat", "-w", str(demo.root)]
        done = subprocess.run(words, env=environment, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert (done.returncode, done.stderr.splitlines()[0][:34]) == (1, b"Error: There is no room left where")
