"""The report as one HTML file that a mail can carry: no style sheet, no script, nothing to fetch."""

from __future__ import annotations

from base64 import b64encode
from functools import cache

from jinja2 import Template

from deskpulse.language import declared
from deskpulse.language.templates import environment
from deskpulse.present.chart import Chart
from deskpulse.present.drawing import png
from deskpulse.present.report.document import Document
from deskpulse.present.report.listing import (
    GUARD_HEADINGS,
    SPLIT_HEADINGS,
    VARIANT_HEADINGS,
    guard_rows,
    split_rows,
    variant_rows,
)

TREND = (560, 170)


def html(document: Document) -> str:
    """The whole report; charts are PNGs in it, since mail programs draw no SVG."""
    return _template().render(
        report=document,
        drawn=_drawn,
        trend_size=TREND,
        split_headings=tuple(map(declared, SPLIT_HEADINGS)),
        split_rows=split_rows,
        guards=(tuple(map(declared, GUARD_HEADINGS)), guard_rows),
        variants=(tuple(map(declared, VARIANT_HEADINGS)), variant_rows),
    )


@cache
def _template() -> Template:
    return environment("deskpulse.present.report").get_template("report.html")


def _drawn(chart: Chart) -> str:
    return f"data:image/png;base64,{b64encode(png(chart)).decode()}"
