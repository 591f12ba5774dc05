"""The Python API: import, ask and rebuild, on real and on invented data."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import deskpulse
from deskpulse.errors import WorkspaceError
from deskpulse.facts import FACTS
from deskpulse.workspace.demo import create_demo

NOW = datetime(2026, 3, 2, 12)


def rows(place: deskpulse.Workspace, table: str) -> Counter[tuple[Any, ...]]:
    """Every row of a published table, in no order."""
    columns = pq.read_table([str(file) for file in place.snapshot.files[table]]).to_pydict()
    return Counter(zip(*(columns[name] for name in sorted(columns)), strict=True))


def test_importing_the_package_loads_nothing_else(repo_root: Path) -> None:
    code = "import sys; before = set(sys.modules); import deskpulse; print(sorted(set(sys.modules) - before))"
    source = {"PYTHONPATH": str(repo_root / "src")}
    told = subprocess.run([sys.executable, "-c", code], env=source, capture_output=True, text=True, check=True)
    loaded = told.stdout
    assert "'deskpulse'" in loaded
    assert not any(name in loaded for name in ("ibis", "pyarrow", "duckdb", "typer", "pandas", "numpy"))


def test_the_package_offers_its_names_and_no_others() -> None:
    assert deskpulse.open.__module__ == "deskpulse.workspace"
    with pytest.raises(AttributeError, match="opne"):
        deskpulse.opne  # noqa: B018


def test_a_missing_workspace_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="deskpulse init"):
        deskpulse.open(tmp_path)


def test_rebuilding_in_full_gives_the_same_rows(tmp_path: Path) -> None:
    place = create_demo(tmp_path / "company", now=NOW)
    before = {name: rows(place, f"fact_{name}") for name in FACTS}
    assert place.rebuild(full=True) == 2
    for name, found in before.items():
        assert rows(place, f"fact_{name}") == found, name
        assert found, name


def test_the_incident_log_comes_out_as_published(shared_data: Path, tmp_path: Path) -> None:
    """Its own figures: 24,918 incidents, 23,362 resolved, median 22.1 h, mean 178.17 h, targets 63.42 and 63.48 %."""
    place = deskpulse.create(tmp_path / "desk")
    imported = place.import_files(
        "servicenow", [shared_data / "servicenow/incident_event_log.csv.gz"], now=datetime(2017, 3, 1, tzinfo=UTC)
    )
    assert (imported.tickets, imported.report.quarantined) == (24_918, 5)
    median, mean = (place.ask("resolution_time", statistic=name).rows[0] for name in ("median", "mean"))
    assert median.n == mean.n == 23_362
    assert median.value is not None and round(median.value / 3600, 1) == 22.1
    assert mean.value is not None and round(mean.value / 3600, 2) == 178.17
    met = {name: place.ask(f"resolution_within_target:source_{name}").rows[0] for name in ("every", "last")}
    assert all(row.n == 24_918 for row in met.values())
    assert [round(100 * (met[name].value or 0), 2) for name in ("every", "last")] == [63.42, 63.48]


def test_a_newer_snapshot_is_seen_after_refresh(tmp_path: Path) -> None:
    place = create_demo(tmp_path / "company", now=NOW)
    reader = deskpulse.open(place.root)
    assert reader.snapshot.version == 1
    place.rebuild(full=True)
    assert reader.snapshot.version == 1  # a reader keeps what it has
    reader.refresh()
    assert reader.snapshot.version == 2


def test_a_target_edited_builds_no_fact_again_and_a_schedule_all(tmp_path: Path) -> None:
    from deskpulse.workspace.writing import fingerprint

    place = deskpulse.workspace.create(tmp_path / "desk")
    file = place.root / "deskpulse.toml"
    written, before = file.read_text(), fingerprint(place.root)
    file.write_text(written + '\n[[kpi_targets]]\nkpi = "csat"\nat_least = 0.9\n')
    assert fingerprint(place.root) == before
    file.write_text(written + '\n[schedules.office]\nweekdays = ["09:00-17:00"]\n')
    assert fingerprint(place.root) != before
