"""The survey of San Francisco airport: counts anybody can make with a spreadsheet, and a hand-made file."""

from __future__ import annotations

from datetime import datetime
from math import sqrt
from pathlib import Path

import pytest
from connectors.reading import read_with

from deskpulse import workspace
from deskpulse.connectors.connector import preset
from deskpulse.workspace import Workspace

FILE = "sfo_survey/2017.csv.gz"


@pytest.fixture(scope="module")
def airport(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Workspace:
    place = workspace.create(tmp_path_factory.mktemp("sfo") / "airport")
    place.import_files("sfo_survey", [shared_data / FILE], now=datetime(2017, 6, 1))
    return place


def test_rows_of_a_hand_made_file(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(
        "RESPNUM,INTDATE,BAREA,NETPRO,Q7ALL,WEIGHT\n1,13,G,11,Blank,0.5\n2,1,A,,4,2\n,1,A,9,4,2\nx,?,A,9,4,1\n"
    )
    read = read_with(preset("sfo_survey"), path)
    assert read.rows("survey", "survey", "at", "score", "scale_high", "weight") == [
        ("2:csat", datetime(2017, 5, 1, 19), 4, 5, 2),
        ("2:nps", datetime(2017, 5, 1, 19), None, 10, 2),
        ("1:csat", datetime(2017, 5, 13, 19), None, 5, 0.5),
        ("1:nps", datetime(2017, 5, 13, 19), 11, 10, 0.5),
    ]
    assert [(row.line, row.column) for row in read.aside] == [(4, "RESPNUM"), (5, "INTDATE")]


def test_promoters_less_detractors(airport: Workspace) -> None:
    """1,436 of 2,746 are promoters and 342 detractors: 1,094 / 2,746 = +39.84; 84 answers are 11, one is empty.

    Bonett and Price: a = 1437 / 2748 = .522926, b = 343 / 2748 = .124818; a - b = .398108, a + b = .647744;
    margin 1.959964 sqrt((.647744 - .398108^2) / 2748) = 1.959964 sqrt(.489254 / 2748) = .026152: 37.20 to 42.43.
    """
    row = airport.ask("nps").rows[0]
    assert (row.n, row.left_out) == (2746, {"blank or outside the scale": 85})
    assert row.value == pytest.approx((1436 - 342) / 2746, abs=1e-12)
    assert row.low == pytest.approx(0.398108 - 0.026152, abs=2e-6)
    assert row.high == pytest.approx(0.398108 + 0.026152, abs=2e-6)
    shares = {name: airport.ask(f"nps:{name}").value for name in ("promoters", "passives", "detractors")}
    assert shares == pytest.approx({"promoters": 1436 / 2746, "passives": 968 / 2746, "detractors": 342 / 2746})


def test_weighted_to_all_passengers(airport: Workspace, shared_data: Path) -> None:
    """+40.40, by pandas from the file: the weights of promoters less those of detractors, over all weights."""
    import pandas

    rows = pandas.read_csv(shared_data / FILE, usecols=["NETPRO", "WEIGHT"])
    rows = rows[rows.NETPRO.between(0, 10)]
    net = rows.NETPRO.ge(9).astype(int) - rows.NETPRO.le(6).astype(int)
    size = rows.WEIGHT.sum() ** 2 / (rows.WEIGHT**2).sum()
    answer = airport.ask("nps:weighted")
    [row] = answer.rows
    assert row.value is not None
    assert round(row.value * 100, 2) == 40.40
    assert row.value == pytest.approx((net * rows.WEIGHT).sum() / rows.WEIGHT.sum(), rel=1e-12)
    assert row.n == 2746
    assert round(size) == 2267
    assert "2\u202f746 answers say as much as 2\u202f267 " in answer.notes[0]
    assert row.low is not None
    assert row.high is not None
    promoters, detractors = ((net == sign).mul(rows.WEIGHT).sum() / rows.WEIGHT.sum() for sign in (1, -1))
    a, b = (promoters * size + 1) / (size + 2), (detractors * size + 1) / (size + 2)
    margin = 1.959964 * sqrt((a + b - (a - b) ** 2) / (size + 2))
    assert (row.low, row.high) == pytest.approx((a - b - margin, a - b + margin), abs=1e-6)


def test_satisfaction_by_area_of_the_same_file(airport: Workspace) -> None:
    """Of 2,688 ratings of the whole airport 1,507 are 4 and 699 are 5; 143 are blank."""
    row = airport.ask("csat").rows[0]
    assert (row.n, row.value) == (2688, pytest.approx(2206 / 2688))
    assert row.left_out == {"blank or outside the scale": 143}
    assert {found.dimensions["channel"] for found in airport.ask("nps", by="channel").rows} <= set("ABCDEFG") | {None}
