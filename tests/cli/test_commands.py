"""The other commands, and how every command ends: exit codes, messages, Ctrl-C, closed pipes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deskpulse import catalog
from deskpulse.workspace import Workspace, create
from tests.cli.conftest import COMMAND, Invoke


def test_help_lists_the_commands(invoke: Invoke) -> None:
    out = invoke("--help").stdout
    commands = ("init", "demo", "import", "kpis", "ask", "prove", "report", "rebuild", "doctor")
    assert all(f"\n  {command} " in out for command in commands)
    assert invoke().stdout == out


def test_the_module_is_the_command(invoke: Invoke) -> None:
    command = [sys.executable, "-m", "deskpulse", "--version"]
    module = subprocess.run(command, capture_output=True, text=True, check=True)
    assert module.stdout == invoke("--version").stdout


def test_the_dictionary_has_every_kpi(invoke: Invoke) -> None:
    entries = json.loads(invoke("kpis", "--format", "json").stdout)
    assert [entry["id"] for entry in entries] == list(catalog.kpis())
    assert all(entry["meaning"] and entry["caveats"] and entry["variants"] for entry in entries)
    assert "first_response_time" in invoke("kpis").stdout


def test_one_kpi_is_told_in_full(invoke: Invoke) -> None:
    out = invoke("kpis", "csat").stdout
    for part in (catalog.kpi("csat").meaning, "good_over_rated", "How it misleads", "Read beside", "Wilson"):
        assert part in out
    entry = json.loads(invoke("kpis", "csat", "--format", "json").stdout)
    assert (entry["id"], entry["category"], entry["better"]) == ("csat", "experience", "higher")


def test_an_unknown_kpi_is_told_with_the_nearest(invoke: Invoke) -> None:
    result = invoke("kpis", "cast")
    assert (result.exit_code, result.stderr) == (1, "Error: No KPI is called 'cast'. Did you mean 'csat'?\n")


def test_init_makes_a_workspace_once(invoke: Invoke, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    assert invoke("init", folder).exit_code == 0
    assert "[workspace]" in (folder / "deskpulse.toml").read_text(encoding="utf-8")
    again = invoke("init", folder)
    assert again.exit_code == 1 and "is a workspace already" in again.stderr


def test_a_folder_that_is_no_workspace_is_told(invoke: Invoke, tmp_path: Path) -> None:
    result = invoke("ask", "csat", "-w", tmp_path)
    assert result.exit_code == 1 and "deskpulse init DIR" in result.stderr


def test_an_empty_workspace_says_to_import(invoke: Invoke, tmp_path: Path) -> None:
    root = create(tmp_path / "desk").root
    for command in (("ask", "csat"), ("prove", "csat"), ("report",)):
        result = invoke(*command, "-w", root)
        assert result.exit_code == 1 and "deskpulse import" in result.stderr
    doctor = invoke("doctor", "-w", root)
    assert doctor.exit_code == 1 and "FIX snapshot" in doctor.stdout and "deskpulse import" in doctor.stdout


def test_the_workspace_is_the_current_folder_or_the_environments(
    invoke: Invoke, demo: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("ask", "ticket_volume", "--format", "json")
    monkeypatch.chdir(tmp_path)
    assert invoke(*words).exit_code == 1
    monkeypatch.setenv("DESKPULSE_WORKSPACE", str(demo.root))
    from_environment = invoke(*words).stdout
    monkeypatch.setenv("DESKPULSE_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(demo.root)
    assert json.loads(invoke(*words).stdout) == json.loads(from_environment)


def test_the_report_has_the_scorecard_findings_and_trends(invoke: Invoke, demo: Workspace) -> None:
    out = invoke("report", "--period", "last-90-days", "-w", demo.root).stdout
    assert all(title in out for title in ("Ticket volume", "First response time", "Customer satisfaction", "Backlog"))
    assert "median" in out and "95 % interval" in out and "█" in out and "points" in out
    # the planted firmware release, 75 to 61 days before the end, displeases those who ask about pairing
    assert "pairing: customer satisfaction fell" in out and "more than noise" in out


def test_a_period_without_tickets_says_where_they_are(invoke: Invoke, demo: Workspace) -> None:
    out = invoke("report", "--period", "2024", "-w", demo.root).stdout
    assert "no data" in out and "the data run from 2025-07 to 2026-03. Try --period 2026-03" in out


def test_doctor_finds_a_demo_well_and_a_torn_file(invoke: Invoke, demo: Workspace, tmp_path: Path) -> None:
    well = invoke("doctor", "-w", demo.root)
    assert well.exit_code == 0 and "FIX" not in well.stdout and "Hollow Pine Audio" in well.stdout
    torn = tmp_path / "torn"
    shutil.copytree(demo.root, torn)
    next(torn.glob("snapshots/*/fact_ticket*.parquet")).write_bytes(b"PAR1")
    ill = invoke("doctor", "-w", torn)
    assert ill.exit_code == 1 and "FIX snapshot" in ill.stdout and "deskpulse rebuild" in ill.stdout


def test_doctor_names_the_line_of_a_broken_setting(invoke: Invoke, tmp_path: Path) -> None:
    root = create(tmp_path / "desk", settings='[workspace]\nzone = "Europe/Lodon"\n').root
    out = invoke("doctor", "-w", root).stdout
    assert "FIX settings" in out and "line 2" in out and "zone" in out


def test_rebuild_publishes_a_new_version(invoke: Invoke, demo: Workspace, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(demo.root, copy)
    assert invoke("rebuild", "--full", "-w", copy).stdout == "Published snapshot 2.\n"


def test_a_fault_of_ours_is_short_and_logged(invoke: Invoke, demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a planted fault")

    monkeypatch.setattr(Workspace, "ask", broken)
    result = invoke("ask", "csat", "-w", demo.root)
    log = demo.root / ".deskpulse" / "fault.log"
    assert result.exit_code == 2
    assert "a fault of deskpulse" in result.stderr and str(log) in result.stderr
    assert "Traceback" not in result.output
    assert "RuntimeError: a planted fault" in log.read_text(encoding="utf-8")
    with pytest.raises(RuntimeError, match="planted"):
        raise invoke("--debug", "ask", "csat", "-w", demo.root).exception  # type: ignore[misc]


@pytest.mark.parametrize("words", [("frobnicate",), ("--frobnicate",), ("report", "--grain", "x"), ("init",)])
def test_a_command_that_is_not_understood_ends_with_1(invoke: Invoke, words: tuple[str, ...]) -> None:
    result = invoke(*words)
    assert result.exit_code == 1
    assert "Type: deskpulse" in result.stderr and "Traceback" not in result.output


def run(environment: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    """A process of its own."""
    command = [*COMMAND, *(str(word) for word in words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_process_ends_with_0_or_1(environment: dict[str, str], demo: Workspace) -> None:
    good = run(environment, "ask", "csat", "--format", "json", "-w", demo.root)
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout) == demo.ask("csat").records()
    bad = run(environment, "ask", "cast", "-w", demo.root)
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr == "Error: No KPI is called 'cast'. Did you mean 'csat'?\n"


def test_a_closed_pipe_is_quiet(environment: dict[str, str], demo: Workspace) -> None:
    words = " ".join([*COMMAND, "ask", "ticket_volume", "--by", "topic", "--grain", "day", "--format", "csv"])
    piped = subprocess.run(
        ["sh", "-c", f"{words} -w {demo.root} | head -1"],
        env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert piped.stdout.startswith("kpi,variant,")
    assert piped.stderr == ""


def test_ctrl_c_is_clean_and_the_demo_can_be_made_again(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "company"
    making = subprocess.Popen(
        [*COMMAND, "demo", str(folder)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not (folder / ".deskpulse" / "work.duckdb").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    making.send_signal(signal.SIGINT)
    _, told = making.communicate(timeout=60)
    assert making.returncode == 130
    assert "Stopped." in told and "Traceback" not in told
    made = run(environment, "demo", folder)
    assert made.returncode == 0, made.stderr
    assert "Hollow Pine Audio" in made.stdout and "more than noise" in made.stdout and "deskpulse ask" in made.stdout


def test_the_demo_leaves_other_workspaces_alone(invoke: Invoke, tmp_path: Path) -> None:
    root = create(tmp_path / "desk").root
    result = invoke("demo", root)
    assert result.exit_code == 1 and "another workspace" in result.stderr
