"""The report on paper: a PDF that screen readers can read (PDF/UA-1), set by Typst with the charts of the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC
from importlib.resources import files
from typing import Any

from deskpulse.language import ENGLISH, declared, gettext, is_foreign, spoken
from deskpulse.present.chart import Chart
from deskpulse.present.drawing import FONTS, print_svg
from deskpulse.present.report.document import Document, Part
from deskpulse.present.report.listing import GUARD_HEADINGS, VARIANT_HEADINGS, guard_rows, variant_rows
from deskpulse.present.sparkline import heights

TREND = (680, 190)
SPLIT_WIDTH = 250
MOST_VARIANTS = 8
"""More would not fit the page; the dashboard and the workbook have them all."""

WORDS = {
    "changed": "What changed by more than noise",
    "nothing": "Nothing did: no change in this period can be told from noise.",
    "judged": "A change is called better or worse only where it is more than noise; intervals are those of 95 %.",
    "interval": "95 % interval",
    "trend": "Over time",
    "meaning": "What it means",
    "formula": "Formula:",
    "guards": "Read it beside",
    "variants": "Other ways to measure it",
    "open": "Open in the dashboard",
}
"""What stands on paper around the values."""


def pdf(document: Document) -> bytes:
    """The report as a PDF; raises no error for any text, since texts come to Typst as data."""
    import typst

    template = files(__package__).joinpath("templates/report.typ").read_bytes()
    compiled: bytes = typst.compile(
        template,
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)]),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(_report(document))},
        pdf_standards=["ua-1"],
        timestamp=document.as_of.replace(tzinfo=UTC),
    )
    return compiled


def _report(document: Document) -> dict[str, Any]:
    texts = ("company", "title", "goal", "span", "subtitle", "freshness", "language", "findings", "notes")
    return {
        **{name: getattr(document, name) for name in texts},
        "words": {name: declared(text) for name, text in WORDS.items()},
        "parts": [_part(part, document.address) for part in document.parts],
    }


def _part(part: Part, address: str) -> dict[str, Any]:
    return {
        "tile": _tile(part),
        "trend": _drawn(part.trend(*TREND)),
        "charts": [_drawn(chart) for chart in part.charts(SPLIT_WIDTH)],
        "spoken": ENGLISH if is_foreign(part.about.meaning) else spoken().code,
        "meaning": declared(part.about.meaning),
        "formula": declared(part.formula.formula),
        "caveats": list(map(declared, part.about.caveats)),
        "guards": _sheet(GUARD_HEADINGS, guard_rows(part)),
        "variants": _sheet(VARIANT_HEADINGS, variant_rows(part)[:MOST_VARIANTS]),
        "provenance": part.provenance,
        "address": f"{address}/kpis/{part.about.id}" if address else "",
    }


def _tile(part: Part) -> dict[str, Any]:
    """A tile with what is written around its values."""
    one = part.tile
    return {
        **vars(one),
        "before": gettext("from %(value)s", value=one.previous),
        "aim": gettext("Target %(target)s", target=one.target),
        "judgement": declared(one.status),
        "points": _points([row.value for row in part.over_time.rows]),
    }


def _drawn(chart: Chart) -> dict[str, str]:
    return {"title": chart.title, "subtitle": chart.subtitle, "sentence": chart.sentence, "svg": print_svg(chart)}


def _sheet(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, Any]:
    return {"headings": [declared(heading) for heading in headings], "rows": list(rows)}


def _points(values: Sequence[float | None]) -> list[tuple[float, float] | None]:
    """A line in a box of 1 by 1; null where there is no value."""
    last = max(len(values) - 1, 1)
    return [None if height is None else (at / last, height) for at, height in enumerate(heights(values))]
