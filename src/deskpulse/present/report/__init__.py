"""A report in every format, all written from one ``Document``: PDF, HTML, a workbook, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deskpulse.present.report.document import Document, Part

__all__ = ["WRITERS", "Document", "Part", "Writer", "write"]


@dataclass(frozen=True, kw_only=True)
class Writer:
    """How a format is written, and what a mail or a browser is told that it is."""

    write: Callable[[Document], bytes]
    media_type: str


def _pdf(document: Document) -> bytes:
    from deskpulse.present.report.paper import pdf

    return pdf(document)


def _html(document: Document) -> bytes:
    from deskpulse.present.report.page import html

    return html(document).encode()


def _xlsx(document: Document) -> bytes:
    from deskpulse.present.report.workbook import xlsx

    return xlsx(document)


def _markdown(document: Document) -> bytes:
    from deskpulse.present.report.markdown import markdown

    return markdown(document).encode()


def _json(document: Document) -> bytes:
    from deskpulse.present.report.records import as_json

    return as_json(document).encode()


WRITERS: Mapping[str, Writer] = {
    "pdf": Writer(write=_pdf, media_type="application/pdf"),
    "html": Writer(write=_html, media_type="text/html"),
    "xlsx": Writer(write=_xlsx, media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "md": Writer(write=_markdown, media_type="text/markdown"),
    "json": Writer(write=_json, media_type="application/json"),
}
"""By the ending of the file's name."""


def write(document: Document, form: str) -> bytes:
    """The report in a format; raises KeyError for one that is not in ``WRITERS``."""
    return WRITERS[form].write(document)
