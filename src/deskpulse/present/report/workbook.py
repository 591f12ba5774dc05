"""The report as a workbook: real numbers with their formats, native charts, and every definition."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from deskpulse.answers.answer import Answer, Row
from deskpulse.language import declared, gettext, named
from deskpulse.metrics.measure import Unit
from deskpulse.present.report.document import Document, Part
from deskpulse.present.report.listing import VARIANT_HEADINGS, variant_rows
from deskpulse.present.tile import remark
from deskpulse.present.words import label, statistic_words, title_of, variant_words

SECONDS_A_DAY = 86_400
FORMATS: dict[Unit, str] = {"seconds": "[h]:mm:ss", "share": "0.0%", "net": "+0;-0;0"}
NUMBER, WHOLE = "#,##0.00", "#,##0"
SUMMARY = ("KPI", "Statistic", "Value", "95 % from", "to", "n", "Before", "At least", "At most", "Status", "Change")
ROWS = ("Value", "95 % from", "to", "n")
DEFINITIONS = ("KPI", "Variant", "Meaning", "Formula", "How it differs", "Unit", "Dated by", "Left out", "Definition")
FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
LONGEST_NAME = 28
"""A sheet's name may have 31 letters; some stay for a number."""


def xlsx(document: Document) -> bytes:
    """The whole report. Texts are written as texts, so that none is taken for a formula."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        title = f"{document.title}, {document.span}"
        book.set_properties({"title": title, "company": document.company, "created": document.as_of})
        writer = _Writer(book)
        writer.summary(document)
        for number, part in enumerate(document.parts, start=1):
            writer.part(part, number)
        writer.definitions(document.parts)
    return out.getvalue()


def number_in(value: float | None, unit: Unit) -> float | None:
    """A value as a sheet holds it: lengths of time in days, nets in points."""
    if value is None:
        return None
    return value / SECONDS_A_DAY if unit == "seconds" else value * 100 if unit == "net" else value


def format_of(answer: Answer) -> str:
    """How a sheet writes the values of an answer; an average of counts keeps its decimals."""
    is_whole = answer.unit == "count" and answer.statistic in ("count", "total")
    return WHOLE if is_whole else FORMATS.get(answer.unit, NUMBER)


class _Writer:
    """A workbook that is being written."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "font_color": "#57606a", "bottom": 1})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.numbers = {form: book.add_format({"num_format": form}) for form in (*FORMATS.values(), NUMBER, WHOLE)}

    def summary(self, document: Document) -> None:
        """The sheet with a row for each KPI."""
        page = self.book.add_worksheet(gettext("Summary"))
        page.set_column(0, 0, 30)
        page.set_column(1, len(SUMMARY), 15)
        page.write_string(0, 0, f"{document.company}: {document.title}", self.title)
        page.write_string(1, 0, f"{document.subtitle}. {document.freshness}")
        self._headings(page, 3, SUMMARY)
        for at, part in enumerate(document.parts, start=4):
            self._summary_row(page, at, part)
        below = len(document.parts) + 5
        page.write_string(below, 0, gettext("What changed by more than noise"), self.head)
        findings = document.findings or (gettext("Nothing did."),)
        for at, text in enumerate((*findings, *document.notes), start=below + 1):
            page.write_string(at, 0, text)
        page.freeze_panes(4, 1)

    def _summary_row(self, page: Any, at: int, part: Part) -> None:
        row, answer = part.row, part.answer
        page.write_string(at, 0, declared(part.about.title))
        page.write_string(at, 1, statistic_words(part.answer))
        self._values(page, at, 2, row, answer)
        self._number(page, at, 6, row.previous, answer)
        if row.target:
            self._number(page, at, 7, row.target.at_least, answer)
            self._number(page, at, 8, row.target.at_most, answer)
        page.write_string(at, 9, declared(row.status or ""))
        page.write_string(at, 10, remark(part.tile))

    def part(self, part: Part, number: int) -> None:
        """The sheet of a KPI: its trend and its parts as tables with charts, and its variants."""
        title = declared(part.about.title)
        page = self.book.add_worksheet(f"{number} {title.translate(FORBIDDEN)}"[:LONGEST_NAME])
        page.set_column(0, 0, 24)
        page.set_column(1, 4, 12)
        page.write_string(0, 0, title, self.title)
        page.write_string(1, 0, declared(part.about.meaning))
        at = 3
        for answer in (part.over_time, *part.splits):
            at = self._table(page, at, answer)
        self._headings(page, at, VARIANT_HEADINGS)
        for below, texts in enumerate(variant_rows(part), start=at + 1):
            for column, text in enumerate(texts):
                page.write_string(below, column, text)

    def _table(self, page: Any, at: int, answer: Answer) -> int:
        """Rows of an answer from line ``at`` on with a chart beside them; gives the line after both."""
        names = [named(name) for name in answer.question.by or (answer.question.grain or "period",)]
        self._headings(page, at, (" · ".join(names), *ROWS))
        for line, row in enumerate(answer.rows, start=at + 1):
            page.write_string(line, 0, label(row, answer))
            self._values(page, line, 1, row, answer)
        if answer.rows:
            self._chart(page, at, answer)
        return at + max(len(answer.rows), 16) + 3

    def _chart(self, page: Any, at: int, answer: Answer) -> None:
        kind = "bar" if answer.question.by else "line"
        chart = self.book.add_chart({"type": kind})
        first, last = at + 1, at + len(answer.rows)
        sheet = page.get_name()
        chart.add_series(
            {
                "name": statistic_words(answer),
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, 1, last, 1],
                "line": {"color": "#1f5fbf", "width": 2},
                "fill": {"color": "#1f5fbf"},
            }
        )
        value_axis = {"num_format": format_of(answer), "major_gridlines": {"visible": True}}
        chart.set_x_axis(value_axis if kind == "bar" else {})
        chart.set_y_axis({"reverse": True} if kind == "bar" else value_axis)
        chart.set_legend({"none": True})
        chart.set_title(
            {"name": " · ".join(map(named, answer.question.by)) or gettext("Over time"), "name_font": {"size": 11}}
        )
        told = gettext("%(kpi)s as in the table to its left", kpi=title_of(answer))
        page.insert_chart(at, 6, chart, {"description": told})

    def definitions(self, parts: Sequence[Part]) -> None:
        """The sheet that says what every number means."""
        page = self.book.add_worksheet(gettext("Definitions"))
        page.set_column(0, 1, 22)
        page.set_column(2, len(DEFINITIONS), 40)
        self._headings(page, 0, DEFINITIONS)
        at = 1
        for part in parts:
            for one in part.about.variants:
                said = map(declared, (part.about.title, part.about.meaning, one.formula, one.differs, one.unit))
                title, *others = said
                dated_by = named(one.dated_by.removesuffix("_at"))
                texts = (title, variant_words(one.name), *others, dated_by, ", ".join(map(declared, one.left_out)))
                for column, text in enumerate((*texts, one.definition)):
                    page.write_string(at, column, text, self.wrapped)
                at += 1
        page.freeze_panes(1, 0)

    def _headings(self, page: Any, at: int, headings: Sequence[str]) -> None:
        for column, heading in enumerate(headings):
            page.write_string(at, column, declared(heading), self.head)

    def _values(self, page: Any, at: int, column: int, row: Row, answer: Answer) -> None:
        for beside, value in enumerate((row.value, row.low, row.high)):
            self._number(page, at, column + beside, value, answer)
        page.write_number(at, column + 3, row.n, self.numbers[WHOLE])

    def _number(self, page: Any, at: int, column: int, value: float | None, answer: Answer) -> None:
        number = number_in(value, answer.unit)
        if number is not None:
            page.write_number(at, column, number, self.numbers[format_of(answer)])
