"""Pages in the language of whoever asks; files and programs get the same in every language."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest
from fastapi.testclient import TestClient

from deskpulse import catalog
from deskpulse.insights.scorecard import scorecard
from deskpulse.language import FOLDER
from deskpulse.workspace.accounts import Accounts
from tests.web.conftest import COOKIE, Visit
from tools.words import of_kpi, read

GERMAN, ENGLISH = {"accept-language": "de-DE,de;q=0.9"}, {"accept-language": "en"}
SHARED = ("base.html", "parts.html", "lists.html")
PAGES = {"/": "overview.html", "/kpis/csat": "kpi.html", "/tickets": "tickets.html", "/data": "data.html"}
PASSWORD = "twelve letters or more"


def said(page: str) -> set[str]:
    """The texts of a page, those for who is read to among them; what says that it is English may be English."""
    shown = re.sub(r"<(script|style|code|svg)\b.*?</\1>", "", page, flags=re.S)
    shown = re.sub(r'<(?!html)(\w+)[^>]* lang="en".*?</\1>', "", shown, flags=re.S)
    spoken = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', shown)
    return {unescape(text).strip() for text in (*spoken, *re.sub(r"<[^>]*>", "\n", shown).split("\n"))}


@pytest.mark.parametrize(("address", "template"), PAGES.items())
def test_a_german_page_has_no_english_text_of_its_template(visit: Visit, address: str, template: str) -> None:
    visitor = visit("admin")
    page = visitor.get(address, params={"period": "all"}, headers=GERMAN).text
    files = {f"src/deskpulse/surfaces/web/templates/{name}" for name in (template, *SHARED)}
    english = {
        message.id
        for message in read(FOLDER / "de.po", "de")
        if isinstance(message.id, str) and message.id and message.string != message.id
        if files & {file for file, _ in message.locations}
    }
    assert '<html lang="de"' in page
    assert len(english & said(visitor.get(address, params={"period": "all"}, headers=ENGLISH).text)) > 10
    assert not english & said(page)


def test_the_number_of_a_tile_is_written_as_the_reader_writes(visit: Visit) -> None:
    """One of two ratings was good."""
    visitor = visit("admin")
    address = "/kpis/csat?period=all"
    assert "50,0 %" in said(visitor.get(address, headers=GERMAN).text)
    assert "50.0 %" in said(visitor.get(address, headers=ENGLISH).text)


@pytest.mark.parametrize(
    "address",
    [
        "/export/answer.csv?kpi=csat&by=channel&period=all",
        "/export/tickets.csv?period=all",
        "/export/evidence.csv?kpi=first_response_time&period=all",
        "/export/distribution.csv?kpi=first_response_time&period=all",
        "/api/v1/ask?kpi=first_response_time&period=all",
        "/reports/report.json?period=all",
        "/metrics",
    ],
)
def test_what_programs_read_is_the_same_in_every_language(visit: Visit, address: str) -> None:
    visitor = visit("admin")
    german, english = (visitor.get(address, headers=headers) for headers in (GERMAN, ENGLISH))
    assert english.status_code == 200
    assert len(english.content) > 20
    assert german.content == english.content


@pytest.fixture
def ada(shop_root: Path, visit: Visit, request: pytest.FixtureRequest) -> TestClient:
    """Somebody who has a password and has not signed in; one for each test."""
    accounts = Accounts(shop_root)
    accounts.add(request.node.name, "viewer", datetime(2025, 6, 1), by="test", password=PASSWORD)
    visitor = visit("viewer")
    visitor.cookies.clear()
    return visitor


def sign_in(visitor: TestClient, name: str) -> None:
    answer = visitor.post("/sign-in", data={"name": name, "password": PASSWORD}, headers=ENGLISH)
    assert answer.status_code == 303
    visitor.cookies.set(COOKIE, answer.cookies[COOKIE])


def test_what_is_chosen_before_signing_in_holds_after_it(ada: TestClient, request: pytest.FixtureRequest) -> None:
    assert "Sign in" in said(ada.get("/sign-in", headers=ENGLISH).text)
    there = re.findall(r'href="(/language/de[^"]*)"', ada.get("/sign-in?next=/kpis", headers=ENGLISH).text)
    back = ada.get(unescape(there[0]), headers=ENGLISH)
    assert back.headers["location"] == "/sign-in?next=/kpis"
    assert "Anmelden" in said(ada.get(back.headers["location"], headers=ENGLISH).text)
    sign_in(ada, request.node.name)
    assert '<html lang="de"' in ada.get("/kpis", headers=ENGLISH).text


def test_the_account_outweighs_cookie_and_browser(
    ada: TestClient, shop_root: Path, request: pytest.FixtureRequest
) -> None:
    Accounts(shop_root).change(request.node.name, datetime(2025, 6, 1), by="test", language="en")
    sign_in(ada, request.node.name)
    ada.cookies.set("deskpulse_language", "de")
    assert '<html lang="en"' in ada.get("/kpis", headers=GERMAN).text


def test_a_language_that_is_not_there_is_refused(visit: Visit) -> None:
    """The account page offers those there are; a made-up cookie is as none."""
    visitor = visit("lead", team="Billing")
    page = visitor.get("/account", headers=ENGLISH).text
    secret = page.partition('name="form_secret" value="')[2].partition('"')[0]
    answer = visitor.post("/account/preferences", data={"form_secret": secret, "language": "xx"})
    assert answer.status_code == 400
    assert "No language is called &#39;xx&#39;" in answer.text
    visitor.cookies.set("deskpulse_language", "xx")
    assert '<html lang="de"' in visitor.get("/account", headers=GERMAN).text


def test_the_language_link_leads_nowhere_else(ada: TestClient) -> None:
    assert ada.get("/language/de?next=//example.com").headers["location"] == "/"


def test_times_are_on_the_clock_of_who_reads(visit: Visit, shop_root: Path) -> None:
    """Berlin is two hours ahead of UTC in May."""
    accounts = Accounts(shop_root)
    accounts.store.note("Kim", "did", "something", datetime(2025, 5, 7, 23, 30))
    visitor = visit("admin", team="Orders")
    assert "2025-05-07 23:30" in said(visitor.get("/admin/audit", headers=ENGLISH).text)
    accounts.change("admin-Orders", datetime(2025, 6, 1), by="test", zone="Europe/Berlin")
    page = said(visitor.get("/admin/audit?words=Kim", headers=ENGLISH).text)
    assert {"2025-05-08 01:30", "When (Europe/Berlin)"} <= page
    assert "08.05.2025 01:30" in said(visitor.get("/admin/audit?words=Kim", headers=GERMAN).text)


def test_a_report_to_read_is_in_the_readers_language(visit: Visit) -> None:
    """One of two ratings was good; the page says which language it is in, as far as it is."""
    page = visit("admin").get("/reports/report.html?period=all&scorecard=bpo_partner", headers=GERMAN).text
    assert '<html lang="de"' in page
    assert {"50,0 %", "Was es bedeutet", "Daneben zu lesen"} <= said(page)
    assert not {"What it means", "Read it beside", "Formula:"} & said(page)


def written(form: str, content: bytes) -> str:
    """The texts of a report, on one line: paper and tables break them anywhere."""
    if form == "xlsx":
        sheets = openpyxl.load_workbook(BytesIO(content)).worksheets
        text = "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    elif form == "pdf":
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
    else:
        text = unescape(content.decode()).replace("\\", "")
    return " ".join(text.replace("\N{SOFT HYPHEN}", "").split())


@pytest.mark.parametrize("form", ["pdf", "html", "xlsx", "md"])
def test_a_german_report_says_in_german_what_its_numbers_mean(visit: Visit, form: str) -> None:
    """Neither meanings nor caveats, reasons and formulas stand there in English; the English report holds them."""
    kpis = [catalog.kpi(name) for name in scorecard(None, {}).kpis]
    texts = {text for kpi in kpis for text in of_kpi(kpi) if len(text) > 40}
    visitor = visit("admin")
    answers = (visitor.get(f"/reports/report.{form}?period=all", headers=headers) for headers in (GERMAN, ENGLISH))
    german, english = (written(form, answer.content) for answer in answers)
    assert sum(text in english for text in texts) > 20
    assert not {text for text in texts if text in german}
    assert "Zeit von der ersten Nachricht eines Kunden, bis ein Mensch zum ersten Mal öffentlich antwortet." in german


def test_an_error_is_told_in_german_and_marked_only_where_it_is_english(visit: Visit) -> None:
    """A page says what is wrong in the reader's language; programs are told the same in every one."""
    visitor = visit("admin")
    page = visitor.get("/kpis/cast", headers=GERMAN)
    assert page.status_code == 404
    assert '<p role="alert">Unbekannt: „cast“ (Kennzahl). Meinten Sie „csat“?</p>' in unescape(page.text)
    problems = [visitor.get("/api/v1/kpis/cast", headers=headers).json() for headers in (GERMAN, ENGLISH)]
    assert problems[0] == problems[1]
    assert problems[0]["detail"] == "No KPI is called 'cast'. Did you mean 'csat'?"
