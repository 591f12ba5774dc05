"""``deskpulse import``: a file and a mapping become answers; what is not understood is counted and named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deskpulse.surfaces.cli.import_files import FIRST_LOOKS
from deskpulse.workspace import Workspace, create
from tests.cli.conftest import Invoke

TICKETS = """Ticket ID,Created,First reply,Solved,Channel
1,2026-01-05 09:00,2026-01-05 10:00,2026-01-06 09:00,email
2,2026-01-05 10:00,2026-01-05 12:00,,chat
3,garbage,2026-01-05 12:00,,chat
"""
MAPPING = """shape = "ticket"
zone = "UTC"
[columns."Ticket ID"]
meaning = "ticket"
[columns.Created]
meaning = "created_at"
[columns."First reply"]
meaning = "first_reply_at"
[columns.Solved]
meaning = "solved_at"
[columns.Channel]
meaning = "channel"
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    (tmp_path / "desk.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    return create(tmp_path / "desk")


def value(invoke: Invoke, desk: Workspace, *words: str) -> dict[str, Any]:
    (row,) = json.loads(invoke("ask", *words, "--format", "json", "-w", desk.root).stdout)
    return dict(row)


def test_a_file_and_a_mapping_become_answers(invoke: Invoke, desk: Workspace, files: Path) -> None:
    result = invoke("import", files / "desk.toml", files / "tickets.csv", "--as-of", "2026-01-10", "-w", desk.root)
    assert result.exit_code == 0, result.output
    assert "ticket: 2 rows read, 2 new or changed" in result.stdout
    assert "quarantine: 1 rows" in result.stdout and "tickets.csv, line 4)" in result.stdout
    # waits of 1 h and 2 h: the median is 1.5 h; one of two is solved, after a day
    assert value(invoke, desk, "first_response_time")["value"] == 5400
    assert value(invoke, desk, "resolution_time")["value"] == 86400
    assert value(invoke, desk, "backlog")["value"] == 1
    assert value(invoke, desk, "backlog")["as_of"] == "2026-01-10T00:00:00Z"


def test_the_same_file_again_changes_nothing(invoke: Invoke, desk: Workspace, files: Path) -> None:
    words = ("import", files / "desk.toml", files / "tickets.csv", "--as-of", "2026-01-10", "-w", desk.root)
    invoke(*words)
    assert "ticket: 2 rows read, 0 new or changed" in invoke(*words).stdout


def test_a_changed_setting_counts_after_rebuild(invoke: Invoke, desk: Workspace, files: Path) -> None:
    invoke("import", files / "desk.toml", files / "tickets.csv", "--as-of", "2026-01-10", "-w", desk.root)
    assert value(invoke, desk, "first_response_within_target")["value"] is None  # no target applies
    target = '\n[[targets]]\nmetric = "first_response"\nwithin = "90m"\nclock = "calendar"\nchannel = "{}"\n'
    with (desk.root / "deskpulse.toml").open("a", encoding="utf-8") as settings:
        settings.write(target.format("email") + target.format("chat"))
    assert invoke("rebuild", "-w", desk.root).exit_code == 0
    # 1 h is within 90 min, 2 h is not
    found = value(invoke, desk, "first_response_within_target")
    assert (found["value"], found["n"]) == (0.5, 2)


def test_a_mapping_is_proposed_and_can_be_used(invoke: Invoke, desk: Workspace, files: Path) -> None:
    good = files / "good.csv"
    good.write_text("\n".join(TICKETS.splitlines()[:3]) + "\n", encoding="utf-8")
    proposed = invoke("import", "--guess", good)
    assert proposed.exit_code == 0 and "deskpulse import mapping.toml" in proposed.stderr
    (files / "guessed.toml").write_text(proposed.stdout, encoding="utf-8")
    result = invoke("import", files / "guessed.toml", good, "--as-of", "2026-01-10", "-w", desk.root)
    assert result.exit_code == 0, result.output
    assert value(invoke, desk, "first_response_time")["value"] == 5400


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Presets: "),
        (("servicenow",), "Presets: "),
        (("servicenew", "x.csv"), "Did you mean 'servicenow'?"),
        (("nowhere.toml", "x.csv"), "nowhere.toml"),
        (("servicenow", "nowhere.csv"), "nowhere.csv"),
        (("servicenow", "nowhere.csv", "--as-of", "someday"), "2016-03-01"),
        (("--guess", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_a_mistake_is_told_with_what_to_type(
    invoke: Invoke, desk: Workspace, words: tuple[str, ...], told: str
) -> None:
    result = invoke("import", *words, "-w", desk.root)
    assert result.exit_code == 1
    assert told in result.stderr and "Traceback" not in result.output


def test_calls_without_tickets_are_looked_at_as_calls(invoke: Invoke, desk: Workspace, tmp_path: Path) -> None:
    calls = tmp_path / "calls.csv"
    calls.write_text(invoke("template", "calls").stdout, encoding="utf-8")
    told = invoke("import", "calls", calls, "-w", desk.root).stdout
    assert "deskpulse report --scorecard contact_centre" in told and "first_response_time" not in told
    report = invoke("report", "-w", desk.root).stdout
    assert "There are no tickets yet" in report and "report --scorecard contact_centre --period all" in report


@pytest.mark.parametrize("command", sorted({command for _, looks in FIRST_LOOKS for command in looks}))
def test_what_is_to_be_looked_at_first_can_be_asked(invoke: Invoke, demo: Workspace, command: str) -> None:
    result = invoke(*command.split(), "-w", demo.root)
    assert (result.exit_code, result.stderr) == (0, "")
