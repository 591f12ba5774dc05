"""``deskpulse ask``: the shape of its rows, and that every way out carries the same numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

from deskpulse.workspace import Workspace

Rows = Callable[..., list[dict[str, Any]]]
Invoke = Callable[..., Result]

KEYS = [
    "kpi", "variant", "statistic", "clock", "period_start", "value", "low", "high", "n", "left_out", "as_of",
    "definition",
]  # fmt: skip


def published(demo: Workspace, table: str) -> Any:
    """A published table, read by Arrow alone."""
    return pq.read_table([str(file) for file in demo.snapshot.files[table]])


def test_rows_have_exactly_the_documented_keys(ask_json: Rows) -> None:
    (row,) = ask_json("first_response_time")
    assert list(row) == KEYS
    assert (row["kpi"], row["variant"], row["statistic"], row["clock"]) == (
        "first_response_time", "created", "median", "calendar",
    )  # fmt: skip
    assert row["as_of"] == "2026-03-02T12:00:00Z"
    assert row["definition"].startswith("first_response_time:created@")


def test_a_dimension_is_a_key_of_its_own(ask_json: Rows) -> None:
    rows = ask_json("csat:mean", "--by", "channel,team", "--grain", "month", "--period", "2026-01")
    assert all(list(row) == [*KEYS[:5], "channel", "team", *KEYS[5:]] for row in rows)
    assert {row["period_start"] for row in rows} == {"2026-01-01T00:00:00+00:00"}  # London in winter


def test_a_comparison_adds_two_keys(ask_json: Rows) -> None:
    (row,) = ask_json("csat", "--period", "2026-01", "--compare", "previous")
    assert list(row) == [*KEYS, "previous", "is_distinguishable"]
    (before,) = ask_json("csat", "--period", "2025-12")
    assert row["previous"] == before["value"]


def test_the_volume_is_the_number_of_published_rows(ask_json: Rows, demo: Workspace) -> None:
    tickets = published(demo, "fact_ticket")
    created = tickets["created_at"]
    within = pc.and_(
        pc.greater_equal(created, datetime(2026, 1, 1)), pc.less(created, datetime(2026, 2, 1))
    )  # London is at UTC+0 in January
    january = tickets.filter(within)
    (row,) = ask_json("ticket_volume", "--period", "2026-01")
    assert row["value"] == row["n"] == january["left_out"].null_count
    assert sum(row["left_out"].values()) == january.num_rows - january["left_out"].null_count > 0


def test_the_median_is_numpys(ask_json: Rows, demo: Workspace) -> None:
    tickets = published(demo, "fact_ticket")
    counted = tickets.filter(pc.and_(tickets["left_out"].is_null(), pc.equal(tickets["channel"], "email")))
    seconds = counted["first_response_seconds"].drop_null().to_numpy()
    (row,) = ask_json("first_response_time", "--where", "channel=email")
    assert row["n"] == len(seconds)
    assert row["value"] == pytest.approx(float(np.median(seconds)), abs=1e-9)


def test_python_csv_parquet_and_json_agree(invoke: Invoke, ask_json: Rows, demo: Workspace, tmp_path: Path) -> None:
    words = ("first_response_time:handoff", "--by", "team", "--grain", "month", "--period", "last-quarter")
    rows = ask_json(*words)
    options: dict[str, Any] = {"by": "team", "grain": "month", "period": "last-quarter"}
    assert demo.ask("first_response_time:handoff", **options).records() == rows

    text = invoke("ask", *words, "--format", "csv", "-w", demo.root).stdout
    read = list(csv.DictReader(io.StringIO(text)))
    assert [row["team"] or None for row in read] == [row["team"] for row in rows]
    assert [float(row["value"]) if row["value"] else None for row in read] == [row["value"] for row in rows]
    assert [json.loads(row["left_out"]) for row in read] == [row["left_out"] for row in rows]

    file = tmp_path / "answer.parquet"
    assert invoke("ask", *words, "--format", "parquet", "-o", file, "-w", demo.root).exit_code == 0
    table = pq.read_table(file).to_pylist()
    assert [row | {"left_out": json.loads(row["left_out"])} for row in table] == rows


def test_the_frames_hold_the_rows(demo: Workspace) -> None:
    answer = demo.ask("resolution_time", by="channel")
    assert answer.to_pandas()["value"].tolist() == [row.value for row in answer.rows]
    assert answer.to_arrow()["n"].to_pylist() == [row.n for row in answer.rows]


def test_several_kpis_come_one_after_the_other(ask_json: Rows) -> None:
    assert [row["kpi"] for row in ask_json("csat", "reopen_rate:7d")] == ["csat", "reopen_rate"]


def test_a_table_is_written_for_people(invoke: Invoke, demo: Workspace) -> None:
    out = invoke("ask", "first_response_time", "csat", "--by", "channel", "-w", demo.root).stdout
    assert "First response time (created)" in out
    assert "median" in out and "95 % interval" in out and " surveys" in out
    assert "as of 2026-03-02 12:00 UTC" in out


def test_markdown_is_a_table(invoke: Invoke, demo: Workspace) -> None:
    lines = invoke("ask", "transfer_rate", "--by", "channel", "--format", "md", "-w", demo.root).stdout.splitlines()
    assert lines[2] == "| channel | share | 95 % interval | n | left out |"
    assert set(lines[3]) == set("|- ")
    assert all(line.count("|") == 6 for line in lines[2:7])


def test_a_file_is_written_and_said_on_standard_error(invoke: Invoke, demo: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "csat.json"
    result = invoke("ask", "csat", "--format", "json", "-o", file, "-w", demo.root)
    assert (result.stdout, result.stderr) == ("", f"Wrote {file}\n")
    assert json.loads(file.read_text(encoding="utf-8"))[0]["kpi"] == "csat"


def test_nothing_is_null_and_never_zero(ask_json: Rows) -> None:
    (row,) = ask_json("csat", "--period", "2024")
    assert (row["value"], row["low"], row["high"], row["n"]) == (None, None, None, 0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("cast",), "Did you mean 'csat'?"),
        (("csat:meen",), "Did you mean 'mean'?"),
        (("csat", "--by", "chanel"), "Did you mean 'channel'?"),
        (("csat", "--where", "channel=emial"), "Did you mean 'email'?"),
        (("csat", "--where", "channel"), "Write it like channel=email,chat"),
        (("csat", "--stat", "median"), "share"),
        (("csat", "--clock", "business"), "calendar"),
        (("csat", "--dated-by", "solved"), "No "),
        (("csat", "--period", "lastweek"), "last-week"),
        (("csat", "--from", "yesterdey"), "2016-03-01"),
        (("csat", "--period", "2026", "--from", "2026-01-01"), "keep one"),
        (("csat", "--period", "2031"), "2031-01-01"),
        (("csat", "--zone", "Europe/Lodon"), "Europe/London"),
        (("csat", "--compare", "previous"), "period"),
        (("csat", "--grain", "fortnight"), "deskpulse ask --help"),
        (("csat", "--frobnicate"), "deskpulse ask --help"),
        (("csat", "-o", "/no/such/folder/x"), "-o"),
        ((), "KPI[:VARIANT]"),
    ],
)
def test_a_mistake_is_told_with_what_to_type(
    invoke: Invoke, demo: Workspace, words: tuple[str, ...], told: str
) -> None:
    result = invoke("ask", *words, "-w", demo.root)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.output and result.stdout == ""
