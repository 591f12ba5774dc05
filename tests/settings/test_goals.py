"""Targets, scorecards and contracts: what a file says, and what is said of a broken one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from deskpulse.errors import SettingsError
from deskpulse.settings import FILE_NAME, KPITarget, Settings, load_settings, template

FULL = """\
[[kpi_targets]]
kpi = "csat"
team = "Night"
at_least = "80 %"
valid_from = 2026-01-01

[[kpi_targets]]
kpi = "first_response_time"
statistic = "p90"
clock = "business"
at_most = "1h 30m"

[[kpi_targets]]
kpi = "agent_utilization:occupancy"
between = [0.70, 0.85]

[scorecards.board]
title = "For the board"
goal = "Customers stay."
kpis = ["csat", "csat:mean"]
compare = "none"

[contracts.acme]
partner = "Acme"
currency = "EUR"
monthly_fee = 20000.10
credit_cap = "15 %"

[[contracts.acme.lines]]
kpi = "csat"
channel = "chat"
at_least = 0.85
weight = 2
least_n = 100
credit = "5 %"

[[contracts.acme.lines]]
kpi = "first_response_time"
at_most = "4h"
"""


def _load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / FILE_NAME
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_targets_are_read_in_shares_and_seconds(tmp_path: Path) -> None:
    night, response, band = _load(tmp_path, FULL).kpi_targets
    assert (night.kpi, night.at_least, night.at_most, dict(night.where)) == ("csat", 0.8, None, {"team": "Night"})
    assert (night.valid_from, night.valid_to) == (date(2026, 1, 1), None)
    assert (response.statistic, response.clock, response.at_most) == ("p90", "business", 5400)  # 90 minutes
    assert (band.kpi, band.variant, band.at_least, band.at_most) == ("agent_utilization", "occupancy", 0.70, 0.85)
    assert night.place.endswith("line 1: kpi_targets[1]")
    assert isinstance(night, KPITarget)


def test_a_scorecard_is_read(tmp_path: Path) -> None:
    board = _load(tmp_path, FULL).scorecards["board"]
    assert (board.title, board.goal, board.kpis) == ("For the board", "Customers stay.", ("csat", "csat:mean"))
    assert board.compare is None
    assert board.warning is None


def test_a_tenth_kpi_warns_and_is_no_error(tmp_path: Path) -> None:
    kpis = [f"kpi_{number}" for number in range(10)]
    board = _load(tmp_path, f"[scorecards.board]\nkpis = {kpis}\n").scorecards["board"]
    assert board.warning is not None and "10 KPIs" in board.warning and "kpi_9" in board.warning


def test_a_contract_keeps_money_exact(tmp_path: Path) -> None:
    acme = _load(tmp_path, FULL).contracts["acme"]
    assert (acme.partner, acme.currency) == ("Acme", "EUR")
    assert (acme.monthly_fee, acme.credit_cap) == (Decimal("20000.1"), Decimal("0.15"))
    first, second = acme.lines
    assert (first.weight, first.least_n, first.credit, dict(first.where)) == (
        2,
        100,
        Decimal("0.05"),
        {"channel": "chat"},
    )
    assert (second.weight, second.least_n, second.credit, second.at_most) == (1, 30, 0, 14400)


def _target(lines: str) -> str:
    return f'[[kpi_targets]]\nkpi = "csat"\n{lines}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[kpi_targets]]\nat_least = 1\n", "line 1: kpi_targets[1]: 'kpi' is missing"),
        (_target(""), "has no bound"),
        (_target('at_least = "soon"'), "line 3: kpi_targets[1].at_least: 'soon' will not do"),
        (_target("at_least = true"), "'True' will not do"),
        (_target("at_least = 2\nat_most = 1"), "line 4: kpi_targets[1].at_most: 1 lies below at_least = 2"),
        (_target("between = [0.8]"), "expects two bounds"),
        (_target("between = [0.8, 0.7]"), "0.7 lies below 0.8"),
        (_target("between = [0.7, 0.8]\nat_least = 0.7"), "keep one of them"),
        (_target("at_least = 0.8\nchanel = 'email'"), "Did you mean 'channel'?"),
        (_target("at_least = 0.8\nclock = 'night'"), "No choice is called 'night'"),
        (_target("at_least = 0.8\nvalid_from = 2026-02-01\nvalid_to = 2026-01-01"), "Exchange them"),
        (_target("at_least = 0.8") + _target("team = 'A'\nat_least = 0.9"), "line 4: kpi_targets[2]: is never reached"),
        ("[scorecards.board]\ntitle = 'x'\n", "line 1: scorecards.board: has no KPIs"),
        ("[scorecards.board]\nkpis = ['csat', 'csat']\n", "names csat twice"),
        ("[scorecards]\nboard = 1\n", "line 2: scorecards.board: is no table"),
        ("[contracts.a]\npartner = 'A'\n", "promises nothing"),
        ("[contracts.a]\n[[contracts.a.lines]]\nkpi = 'csat'\nat_least = 1\n", "'partner' is missing"),
        (
            "[contracts.a]\npartner = 'A'\n[[contracts.a.lines]]\nkpi = 'csat'\nat_least = 1\ncredit = '-5 %'\n",
            "line 6: contracts.a.lines[1].credit: '-5 %' will not do",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_broken_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        _load(tmp_path, text)


def test_the_examples_of_the_template_are_read(tmp_path: Path) -> None:
    text = template()
    example = text[text.index("# What a KPI should be") :]
    lines = [line[2:] for line in example.splitlines() if re.match(r"# (\[|\w+ = )", line)]
    settings = _load(tmp_path, "\n".join(lines))
    assert len(settings.kpi_targets) == 1
    assert list(settings.scorecards) == ["board"]
    assert settings.contracts["acme"].lines[0].credit == Decimal("0.05")
