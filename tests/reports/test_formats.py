"""One report in five formats: each read back by another program, all with the numbers worked by hand."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import openpyxl
import pypdf
import pytest

from deskpulse.errors import UnknownNameError
from deskpulse.present.report import WRITERS, Document, write
from deskpulse.workspace import Workspace
from deskpulse.workspace.documents import document

from .conftest import AS_OF, NAME, TEAM

# Answered after 1800, 5040 and 10800 s: the median is 5040 s, 1h 24m. Three of four answers are 4 or 5: 75.0 %.
MEDIAN, CSAT, TICKETS = 5040, 0.75, 3


class Page(HTMLParser):
    """The words of a page, its tags, and whatever it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attributes if name in ("src", "href", "action", "background")]
        if tag == "img":
            self.pictures.append(dict(attributes))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def book_of(board: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(write(board, "xlsx")))


def pdf_of(board: Document) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(write(board, "pdf")))


def plain(text: str) -> str:
    """One kind of space."""
    return re.sub(r"\s+", " ", text)


def texts(board: Document, form: str) -> str:
    content = write(board, form)
    if form == "pdf":
        return plain(" ".join(page.extract_text() for page in pdf_of(board).pages))
    if form == "html":
        return plain(" ".join(Page(content.decode()).words))
    return plain(content.decode())


@pytest.mark.parametrize("form", ["pdf", "html", "md", "json"])
def test_a_format_says_the_values_worked_by_hand(board: Document, form: str) -> None:
    found = texts(board, form)
    for written in ("1h 24m", "75.0 %", "3 tickets", "4 surveys", "≤ 1h", "12 May – 18 May 2025"):
        assert written in found, written


def test_a_workbook_holds_the_values_as_numbers(board: Document) -> None:
    page = book_of(board)["Summary"]
    found = {row[0].value: row for row in page.iter_rows(min_row=5, max_row=7)}
    median = found["First response time"][2]
    # openpyxl reads a cell of the format [h]:mm:ss as a length of time.
    assert median.value == timedelta(seconds=MEDIAN)
    assert median.number_format == "[h]:mm:ss"
    assert found["First response time"][8].value == timedelta(hours=1)
    csat = found["Customer satisfaction"][2]
    assert (csat.value, csat.number_format, found["Customer satisfaction"][5].value) == (CSAT, "0.0%", 4)
    volume = found["Ticket volume"][2]
    assert (volume.value, volume.number_format) == (TICKETS, "#,##0")


def test_json_holds_what_the_workspace_answers(board: Document, place: Workspace) -> None:
    report = json.loads(write(board, "json"))
    kpis = {kpi["id"]: kpi for kpi in report["kpis"]}
    assert kpis["first_response_time"]["answer"]["value"] == MEDIAN
    assert kpis["first_response_time"]["answer"]["target"] == {"at_least": None, "at_most": 3600.0}
    asked = place.ask("csat", period="2025-W20", compare="previous").records()[0]
    assert {name: kpis["csat"]["answer"][name] for name in asked} == asked
    assert [day["n"] for day in kpis["ticket_volume"]["trend"]] == [3, 0, 0, 0, 0, 0, 0]


def test_every_format_has_the_same_interval(board: Document) -> None:
    """As the tile writes it; the workbook has its limits as numbers."""
    row, tile = board.parts[2].row, board.parts[2].tile
    assert row.low is not None and row.high is not None
    assert all(plain(tile.interval) in texts(board, form) for form in ("pdf", "html", "md", "json"))
    low, high = (cell.value for cell in book_of(board)["Summary"][7][3:5])
    assert (low, high) == (pytest.approx(row.low), pytest.approx(row.high))


def test_the_pdf_can_be_read_by_a_screen_reader(board: Document) -> None:
    reader = pdf_of(board)
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] is True or catalogue["/MarkInfo"]["/Marked"].value is True
    assert catalogue["/Lang"] == "en"
    assert "pdfuaid:part>1<" in catalogue["/Metadata"].get_data().decode()
    assert reader.metadata and reader.metadata.title == "For the board, 12 May – 18 May 2025"
    told = [str(node["/Alt"]) for node in nodes(catalogue["/StructTreeRoot"]) if node.get("/S") == "/Figure"]
    assert any(text.startswith("First response time per day") for text in told)
    assert all(told)


def nodes(node: Any) -> list[Any]:
    """Every element of a PDF's structure."""
    found = node.get_object()
    if isinstance(found, pypdf.generic.ArrayObject):
        return [below for child in found for below in nodes(child)]
    if not isinstance(found, pypdf.generic.DictionaryObject):
        return []
    return [found, *(nodes(found["/K"]) if "/K" in found else [])]


def test_page_one_is_the_summary_and_each_kpi_has_its_own(board: Document) -> None:
    pages = [plain(page.extract_text()) for page in pdf_of(board).pages]
    titles = ["Ticket volume", "First response time", "Customer satisfaction"]
    assert all(title in pages[0] for title in titles)
    assert [page.startswith(title) for page, title in zip(pages[1:], titles, strict=True)] == [True] * 3
    for section in ("What it means", "Read it beside", "Other ways to measure it"):
        assert section in pages[2]


def test_a_mail_needs_nothing_from_elsewhere(board: Document) -> None:
    page = Page(write(board, "html").decode())
    ours = ("data:image/png;base64,", "#", "https://desk.example.com/kpis/")
    assert [address for address in page.addresses if not address.startswith(ours)] == []
    assert not page.tags & {"script", "link", "iframe", "object", "form", "svg"}
    assert "url(" not in write(board, "html").decode()
    assert len(page.pictures) == 3
    assert all(str(picture["alt"]).endswith(".") for picture in page.pictures)


def test_names_are_never_markup_nor_formulas(board: Document) -> None:
    page = Page(write(board, "html").decode())
    assert NAME in "".join(page.words) and "i" not in page.tags
    markdown = write(board, "md").decode()
    assert "<b>" not in markdown and "<i>" not in markdown
    assert markdown.startswith("# =2+5 &amp; &lt;b>Söhne&lt;/b> \\| \\#1: For the board")
    cells = [cell for page in book_of(board) for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert TEAM in {cell.value for cell in cells}
    assert NAME in plain(pdf_of(board).pages[0].extract_text())


def test_a_workbook_has_charts_of_its_own_and_every_definition(board: Document) -> None:
    book = book_of(board)
    assert book.sheetnames[0] == "Summary" and book.sheetnames[-1] == "Definitions"
    assert all(book[name]._charts for name in book.sheetnames[1:-1])  # type: ignore[attr-defined]
    written = [row[8].value for row in book["Definitions"].iter_rows(min_row=2)]
    assert written == [variant.definition for part in board.parts for variant in part.about.variants]


def test_a_change_of_process_stands_on_the_trend(board: Document) -> None:
    # 09:00 UTC is 11:00 in Berlin, as the days of the report are.
    assert [(mark.at, mark.title) for mark in board.parts[0].marks] == [(datetime(2025, 5, 14, 11), "New macro")]


@pytest.mark.parametrize("form", WRITERS)
def test_a_period_without_anything_is_no_error_and_no_zero(place: Workspace, form: str) -> None:
    empty = document(place, "2020-W01", name="board")
    assert [part.tile.value for part in empty.parts[1:]] == ["no data", "no data"]
    assert any("nothing in this period" in note for note in empty.notes)
    assert write(empty, form)


def test_a_report_is_narrowed_down_and_says_so(place: Workspace) -> None:
    billing = document(place, "last-week", name="board", where=["team=Billing"])
    assert "team is Billing" in billing.subtitle
    # The third ticket alone, which waited three hours.
    assert [part.tile.value for part in billing.parts] == ["1", "3h"]
    # No survey names a team.
    assert billing.notes[0].startswith("Customer satisfaction is left out: ")
    with pytest.raises(UnknownNameError):
        document(place, "last-week", name="board", where=["moon=full"])


def test_the_period_is_that_of_the_due_time_and_old_data_are_told(place: Workspace) -> None:
    later = document(place, "last-week", name="board", at=AS_OF + timedelta(days=7))
    assert later.span == "19 May – 25 May 2025"
    assert any("data end before the period does" in note for note in later.notes)
    assert document(place, "last-week", name="board", at=AS_OF).notes == ()
