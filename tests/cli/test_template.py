"""``deskpulse template``: an empty file to fill in comes back as facts; what is wrong in it is named by its place."""

from __future__ import annotations

import json
from pathlib import Path

from deskpulse.events import EVENT_TABLES
from deskpulse.workspace import create
from tests.cli.conftest import Invoke


def test_without_a_table_all_are_listed(invoke: Invoke) -> None:
    listed = invoke("template").stdout.splitlines()
    assert len(listed) == len(EVENT_TABLES)
    assert any(line.startswith("calls ") and EVENT_TABLES["call"].meaning in line for line in listed)


def test_templates_become_answers(invoke: Invoke, tmp_path: Path) -> None:
    """The template's two calls: one queued 24 s and was answered, in a leg of 180 + 20 + 45 = 245 s."""
    place = create(tmp_path / "ws").root
    for table in ("calls", "call_leg"):
        (tmp_path / "rows.csv").write_text(invoke("template", table).stdout, encoding="utf-8")
        read = invoke("import", table, tmp_path / "rows.csv", "--as-of", "2024-06-01", "-w", place)
        assert read.exit_code == 0, read.output
        assert "2 rows read, 2 new or changed" in read.stdout
    asked = invoke("ask", "average_handle_time", "--by", "agent", "--format", "json", "-w", place)
    assert [(row["agent"], row["value"], row["n"]) for row in json.loads(asked.stdout)] == [("P2", 245, 1)]


def test_a_table_by_its_mapping_is_of_the_same_source(invoke: Invoke, tmp_path: Path) -> None:
    """The calls by a mapping, their legs by the template: the leg finds its call."""
    place = create(tmp_path / "ws").root
    (tmp_path / "pbx.toml").write_text(invoke("template", "calls", "--mapping").stdout, encoding="utf-8")
    for connector, table in ((tmp_path / "pbx.toml", "calls"), ("call_legs", "call_legs")):
        (tmp_path / "rows.csv").write_text(invoke("template", table).stdout, encoding="utf-8")
        assert invoke("import", connector, tmp_path / "rows.csv", "-w", place).exit_code == 0
    asked = invoke("ask", "average_handle_time", "--format", "json", "-w", place)
    assert [row["value"] for row in json.loads(asked.stdout)] == [245]


def test_a_wrong_cell_is_named_by_its_place(invoke: Invoke, tmp_path: Path) -> None:
    place = create(tmp_path / "ws").root
    (tmp_path / "calls.csv").write_text(invoke("template", "calls").stdout + "L3,soon" + "," * 10 + "\n")
    read = invoke("import", "calls", tmp_path / "calls.csv", "-w", place)
    assert "quarantine: 1 rows" in read.stdout
    assert "'soon' is no date in the format iso" in read.stdout
    assert "line 4" in read.stdout


def test_a_table_there_is_none_of_has_a_suggestion(invoke: Invoke, tmp_path: Path) -> None:
    for words in (("template", "cals"), ("import", "cals", tmp_path / "x.csv", "-w", create(tmp_path / "ws").root)):
        refused = invoke(*words)
        assert refused.exit_code == 1
        assert "Did you mean 'calls'?" in refused.stderr


def test_the_mapping_says_what_each_column_means(invoke: Invoke) -> None:
    printed = invoke("template", "calls", "--mapping")
    assert "# Wait in the queue until answered or given up." in printed.stdout
    assert "deskpulse import calls.toml FILE" in printed.stderr
