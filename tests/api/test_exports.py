"""Files, each read by another program, and equal to what the page shows."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import datetime
from typing import get_args

import openpyxl
import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from web.conftest import Visit, serve

from deskpulse.present.export import Form, csv_cell, export
from deskpulse.present.extract import Column, Extract
from deskpulse.units import format_duration, format_share

ASKED = "kpi=first_response_time&by=channel&statistic=mean&period=2025-05"
FORMULAS = ("=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1")


def read(form: str, content: bytes) -> list[dict[str, object]]:
    """The rows of a file, by a reader that is not ours."""
    if form == "csv":
        return list(csv.DictReader(io.StringIO(content.decode())))
    if form == "ndjson":
        return [json.loads(line) for line in content.decode().splitlines()]
    if form == "json":
        found: list[dict[str, object]] = json.loads(content)
        return found
    if form == "parquet":
        rows: list[dict[str, object]] = pq.read_table(io.BytesIO(content)).to_pylist()
        return rows
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Rows"]
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.mark.parametrize("form", get_args(Form))
def test_every_format_has_the_same_rows(client: TestClient, form: str) -> None:
    """Half an hour by chat and an hour by e-mail, as numbers; and what was asked."""
    response = client.get(f"/api/v1/exports/answer.{form}?{ASKED}&where=channel=email,chat")
    rows = read(form, response.content)
    values = [(row["channel"], float(str(row["value"])), int(str(row["n"]))) for row in rows]
    assert values == [("chat", 1800.0, 1), ("email", 3600.0, 1)]
    assert form == "csv" or all(isinstance(row["value"], float | int) for row in rows)
    assert {(row["from"], row["until"], row["where"]) for row in rows} == {
        ("2025-05-01T00:00:00+00:00", "2025-06-01T00:00:00+00:00", "channel=email,chat")
    }
    assert response.headers["content-disposition"] == f'attachment; filename="first_response_time.{form}"'


@pytest.mark.parametrize("form", get_args(Form))
def test_every_format_has_every_ticket(client: TestClient, form: str) -> None:
    rows = read(form, client.get(f"/api/v1/exports/tickets.{form}").content)
    assert [row["ticket"] for row in rows] == ["desk:3", "desk:2", "desk:1"]
    excluded = read(form, client.get(f"/api/v1/exports/evidence.{form}?kpi=csat").content)
    assert sorted((row["ticket"], float(str(row["value"]))) for row in excluded) == [("desk:1", 0.0), ("desk:2", 1.0)]


def test_a_workbook_has_dates_and_says_what_was_asked(client: TestClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/exports/tickets.xlsx?period=2025-05").content))
    assert book["Rows"]["C2"].value == datetime(2025, 5, 7, 9)
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Period"] == "from 2025-05-01T00:00:00+00:00 until 2025-06-01T00:00:00+00:00, which is not included"


@pytest.mark.parametrize("form", get_args(Form))
def test_nothing_found_is_an_empty_file(client: TestClient, form: str) -> None:
    response = client.get(f"/api/v1/exports/tickets.{form}?period=2024-01")
    assert response.status_code == 200
    assert read(form, response.content) == []


def risky(form: Form) -> bytes:
    """A file with texts that a spreadsheet would run, and numbers below zero."""
    columns = (Column(name="text"), Column(name="value", kind="number"))
    extract = Extract(name="risky", columns=columns, rows=[(text, -1.5) for text in FORMULAS], about=())
    return b"".join(export(extract, form).pieces)


def test_no_cell_of_a_csv_is_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(risky("csv").decode(), newline="")))
    assert [row["text"] for row in rows] == [f"'{text}" for text in FORMULAS]
    assert {row["value"] for row in rows} == {"-1.5"}
    assert csv_cell("fine = so") == "fine = so"


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(risky("xlsx")))["Rows"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert {row[1].value for row in sheet.iter_rows(min_row=2)} == {-1.5}


@pytest.fixture(scope="session")
def visit(shop_app: FastAPI) -> Visit:
    """People who are signed in."""
    return serve(shop_app.state.current.root)


def test_a_file_has_the_numbers_of_its_page(visit: Visit) -> None:
    """What ``/kpis/csat`` and ``/kpis/first_response_time`` show is what ``/export`` writes for the same address."""
    admin = visit()
    for kpi, words in (("csat", format_share), ("first_response_time", format_duration)):
        for asked in ("period=2025-05", "period=2025-05&channel=email"):
            page = admin.get(f"/kpis/{kpi}?{asked}").text
            row = read("csv", admin.get(f"/export/answer.csv?kpi={kpi}&{asked}").content)[0]
            assert words(float(str(row["value"]))) in page, (kpi, asked)


def test_a_scorecard_leaves_as_it_stands_on_the_overview(visit: Visit) -> None:
    admin = visit()
    rows = read("csv", admin.get("/export/answer.csv?period=2025-05").content)
    values = {row["kpi"]: row["value"] for row in rows}
    assert (float(str(values["ticket_volume"])), float(str(values["csat"]))) == (3, 0.5)
    assert format_share(0.5) in admin.get("/?period=2025-05").text


def test_a_chart_leaves_as_a_picture_with_its_filters(visit: Visit) -> None:
    admin = visit()
    drawn = admin.get("/export/chart.svg?kpi=csat&by=team&period=2025-05&channel=email")
    assert drawn.headers["content-type"] == "image/svg+xml"
    for words in ("Customer satisfaction by team", "2025-05-01 to 2025-05-31", "channel=email", "Billing"):
        assert words in drawn.text
    assert "var(--" not in drawn.text
    assert admin.get("/export/chart.png?kpi=csat&period=2025-05").content.startswith(b"\x89PNG")


def test_a_list_leaves_in_its_own_order(visit: Visit) -> None:
    admin = visit()
    rows = read("csv", admin.get("/export/tickets.csv?period=2025-05&sort=oldest&words=charged").content)
    assert [row["ticket"] for row in rows] == ["desk:1", "desk:2"]
    assert [row["subject"] for row in rows] == ["Charged <b>1</b> times", "Charged <b>2</b> times"]
    evidence = read("csv", admin.get("/export/evidence.csv?kpi=csat&period=2025-05&channel=chat").content)
    assert [row["ticket"] for row in evidence] == ["desk:2"]


def test_a_spread_leaves_with_its_bins(visit: Visit) -> None:
    """Half an hour and an hour: two rows in all, each in the bin it lies in."""
    admin = visit()
    rows = read("csv", admin.get("/export/distribution.csv?kpi=first_response_time&period=2025-05").content)
    filled = [(float(str(row["low"])), float(str(row["high"]))) for row in rows if row["n"] == "1"]
    assert len(filled) == 2
    assert all(low <= seconds < high for seconds, (low, high) in zip((1800, 3600), filled, strict=True))
    assert sum(int(str(row["n"])) for row in rows) == 2
    assert admin.get("/export/distribution.svg?kpi=first_response_time&period=2025-05").text.startswith("<svg")
    assert admin.get("/export/distribution.csv?kpi=csat").status_code == 400


PAGES = (
    "/?period=2025-05",
    "/kpis/first_response_time?period=2025-05",
    "/explore?kpi=csat&by=team&period=all",
    "/tickets?period=2025-05&words=charged&sort=oldest",
    "/comments?period=2025-05&score=high",
    "/customers?period=2025-05",
    "/teams?period=2025-05&scorecard=support",
    "/prove/csat?period=2025-05&channel=email",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_a_page_offers_is_there(visit: Visit, page: str) -> None:
    admin = visit()
    offered = re.findall(r'href="(/export/[^"]+)"', admin.get(page).text)
    assert offered
    for address in sorted(set(offered)):
        assert admin.get(html.unescape(address)).status_code == 200, address


def test_lists_of_people_and_words_leave_with_what_was_sought(visit: Visit) -> None:
    """The 5 of chat is the high score; Cleo has two of the three tickets; a team has a row of each KPI."""
    admin = visit()
    said = read("csv", admin.get("/export/comments.csv?period=2025-05&score=high").content)
    assert [(row["comment"], row["score"], row["ticket"]) for row in said] == [("Great, thanks", "5.0", "desk:2")]
    bad = read("xlsx", admin.get("/export/comments.xlsx?period=2025-05&words=slow").content)
    assert [row["comment"] for row in bad] == ["Slow <script>alert(1)</script>"]
    people = read("parquet", admin.get("/export/customers.parquet?period=2025-05").content)
    assert [(row["name"], row["tickets"]) for row in people] == [("Cleo", 2), ("Dora", 1)]
    teams = read("csv", admin.get("/export/groups.csv?period=2025-05&by=team").content)
    assert {row["team"]: row["value"] for row in teams if row["kpi"] == "csat"} == {"Billing": "0.0", "Orders": "1.0"}


def test_lists_are_for_those_who_may_see_them(visit: Visit) -> None:
    assert visit("viewer").get("/export/customers.csv").status_code == 403
    lead = visit("lead", team="Billing")
    assert [row["ticket"] for row in read("csv", lead.get("/export/comments.csv?period=2025-05").content)] == ["desk:1"]
    viewer = visit("viewer").get("/export/comments.csv?period=2025-05").text
    assert "c1" not in viewer and "Ana" not in viewer


def test_a_file_is_called_what_a_header_can_say() -> None:
    extract = Extract(name='größe "; x=', columns=(), rows=(), about=())
    assert export(extract, "csv").name == "gr-e-x-.csv"
