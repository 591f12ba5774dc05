"""The report as Markdown: for a wiki, a ticket or a chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deskpulse.language import declared, gettext
from deskpulse.present.report.document import Document, Part
from deskpulse.present.report.listing import (
    GUARD_HEADINGS,
    SUMMARY_HEADINGS,
    VARIANT_HEADINGS,
    guard_rows,
    summary_rows,
    variant_rows,
)
from deskpulse.present.tile import Sheet, sheet


def markdown(document: Document) -> str:
    """The whole report."""
    return "\n".join((*_summary(document), *(line for part in document.parts for line in _part(part)))) + "\n"


def _summary(document: Document) -> Iterator[str]:
    yield from (f"# {escaped(document.company)}: {escaped(document.title)}", "", escaped(document.subtitle), "")
    if document.goal:
        yield from (escaped(document.goal), "")
    yield from _table(SUMMARY_HEADINGS, summary_rows(document))
    yield from (f"## {gettext('What changed by more than noise')}", "")
    yield from (f"- {escaped(finding)}" for finding in document.findings or (gettext("Nothing did."),))
    yield from (f"- {escaped(note)}" for note in document.notes)
    yield from ("", escaped(document.freshness), "")


def _part(part: Part) -> Iterator[str]:
    yield from (f"## {_said(part.about.title)}", "", _said(part.about.meaning), "")
    yield from (f"{gettext('Formula:')} {_said(part.formula.formula)}", "")
    for caveat in part.about.caveats:
        yield f"- {_said(caveat)}"
    for answer in (part.over_time, *part.splits):
        yield from ("", *_sheet(sheet(answer)))
    yield from (f"### {gettext('Read it beside')}", "", *_table(GUARD_HEADINGS, guard_rows(part)))
    yield from (f"### {gettext('Other ways to measure it')}", "", *_table(VARIANT_HEADINGS, variant_rows(part)))
    yield from (escaped(part.provenance), "")


def _sheet(one: Sheet) -> Iterator[str]:
    yield from _table(one.headings, one.rows)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for cells in (tuple(map(declared, headings)), ("---",) * len(headings), *rows):
        yield f"| {' | '.join(cell if cell == '---' else escaped(cell) for cell in cells)} |"
    yield ""


def _said(text: str) -> str:
    return escaped(declared(text))


def escaped(text: str) -> str:
    """Nothing in a name or title is read as markup."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", " ")
    return "".join(f"\\{sign}" if sign in "\\`*_[]#|" else sign for sign in plain)
