"""``deskpulse prove``: from the rows listed, the value can be worked out again."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np
import pytest

from deskpulse.workspace import Workspace
from tests.cli.conftest import Invoke


def proved(invoke: Invoke, demo: Workspace, *words: str) -> list[dict[str, Any]]:
    result = invoke("prove", *words, "--format", "json", "-w", demo.root)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_rows_are_ticket_value_excluded_reason(invoke: Invoke, demo: Workspace) -> None:
    rows = proved(invoke, demo, "first_response_time", "--period", "2026-01")
    assert all(list(row) == ["ticket", "value", "excluded", "reason"] for row in rows)
    assert all(bool(row["reason"]) == row["excluded"] for row in rows)


def test_the_rows_give_the_median_the_count_and_what_was_left_out(invoke: Invoke, demo: Workspace) -> None:
    rows = proved(invoke, demo, "first_response_time", "--period", "2026-01", "--where", "channel=email")
    (answer,) = demo.ask("first_response_time", period="2026-01", where="channel=email").rows
    counted = [row["value"] for row in rows if not row["excluded"]]
    assert (float(np.median(counted)), len(counted)) == (answer.value, answer.n)
    assert sum(row["excluded"] for row in rows) == sum(answer.left_out.values()) > 0


def test_the_rows_give_the_share(invoke: Invoke, demo: Workspace) -> None:
    counted = [row["value"] for row in proved(invoke, demo, "csat:top_box") if not row["excluded"]]
    assert set(counted) == {0.0, 1.0}
    assert sum(counted) / len(counted) == pytest.approx(demo.ask("csat:top_box").value, abs=1e-12)


def test_csv_has_the_rows_of_json(invoke: Invoke, demo: Workspace) -> None:
    words = ("reopen_rate", "--period", "2026-01")
    text = invoke("prove", *words, "--format", "csv", "-w", demo.root).stdout
    assert [row["ticket"] for row in csv.DictReader(io.StringIO(text))] == [
        row["ticket"] for row in proved(invoke, demo, *words)
    ]


def test_the_table_counts_reasons_and_says_how_to_get_the_rest(invoke: Invoke, demo: Workspace) -> None:
    out = invoke("prove", "first_response_time", "--period", "2026-01", "-w", demo.root).stdout
    assert "counted" in out and "Formula: " in out and "first_response_time:created@" in out
    assert "more rows. All of them: --format csv" in out


def test_the_counted_segments_of_a_ticket_add_up_to_its_value(invoke: Invoke, demo: Workspace) -> None:
    for kpi in ("first_response_time", "resolution_time", "resolution_time:without_customer_wait", "on_hold_time"):
        rows = proved(invoke, demo, kpi, "--period", "2026-01", "--where", "channel=email")
        ticket = next(row["ticket"] for row in rows if not row["excluded"] and row["value"] > 0)
        result = invoke("prove", kpi, "--ticket", ticket, "--format", "json", "-w", demo.root)
        found = json.loads(result.stdout)
        segments = [segment for segment in found["segments"] if segment["counted"]]
        assert sum(segment["calendar_seconds"] for segment in segments) == found["rows"][0]["value"]
        assert all(segment["reason"] for segment in found["segments"] if not segment["counted"])
        assert found["events"][0]["table"] == "ticket"


def test_a_ticket_is_shown_with_its_clock_segments_events_and_formula(invoke: Invoke, demo: Workspace) -> None:
    ticket = proved(invoke, demo, "first_response_time", "--period", "2026-01", "--where", "team=Billing")[0]["ticket"]
    out = invoke("prove", "first_response_time", "--ticket", ticket, "-w", demo.root).stdout
    assert all(part in out for part in (ticket, "Clock segments", "schedule", "office", "Events", "Formula: "))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("frt",), "No KPI is called 'frt'"),
        (("csat", "--ticket", "demo:0"), "source:id"),
        (("csat", "--format", "parquet"), "deskpulse prove --help"),
    ],
)
def test_a_mistake_is_told_with_what_to_type(
    invoke: Invoke, demo: Workspace, words: tuple[str, ...], told: str
) -> None:
    result = invoke("prove", *words, "-w", demo.root)
    assert result.exit_code == 1
    assert told in result.stderr and "Traceback" not in result.output
