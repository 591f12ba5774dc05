"""A chart as SVG, drawn without a browser. The first drawing of a chart costs a tenth of a second: it is kept."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import font_roboto

from deskpulse.language import ENGLISH, spoken
from deskpulse.present.chart import Chart

VEGA_LITE = "6.4"
KEPT = 512
FONT, PRINT_FONT = "Inter, system-ui, sans-serif", "Roboto"
FONTS = Path(font_roboto.__file__).parent / "files"
"""The folder of the font that paper and files are written in: a server may have none of its own."""
CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
        "gridColor": "var(--line)",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "header": {"labelColor": "var(--ink)", "labelFontSize": 11},
    "legend": {"labelColor": "var(--muted)", "titleColor": "var(--muted)"},
}
# The colours of the page's light theme, for what is drawn outside of it: paper and files.
INK = {
    "var(--ink)": "#161b22",
    "var(--muted)": "#57606a",
    "var(--accent)": "#1f5fbf",
    "var(--target)": "#9a4a00",
    "var(--event)": "#7a3fa8",
    "var(--good)": "#0b6b54",
    "var(--bad)": "#a93208",
    "var(--line)": "#d8dee4",
    "var(--surface)": "#ffffff",
    "var(--heat-1)": "#eaf2fb",
    "var(--heat-2)": "#cfe1f5",
    "var(--heat-3)": "#a9caee",
    "var(--heat-4)": "#7aa9e0",
    "var(--heat-5)": "#4a80cc",
    "var(--heat-6)": "#2457a6",
    "var(--heat-7)": "#123b78",
    "var(--series-1)": "#1f5fbf",
    "var(--series-2)": "#d08700",
    "var(--series-3)": "#0b4f49",
    "var(--series-4)": "#c2559d",
    "var(--series-5)": "#7a2e0e",
}


def svg(chart: Chart) -> str:
    """The chart for a page: its colours are the page's, by custom property."""
    return _drawn(specification(chart))


def print_svg(chart: Chart) -> str:
    """The chart for paper and files, in the light theme's colours and Roboto."""
    _learn_fonts()
    return _drawn(printed(chart))


def png(chart: Chart, *, scale: float = 2.0) -> bytes:
    """The chart as a PNG in the light theme's colours, on white."""
    import vl_convert

    _learn_fonts()
    on_white = printed(chart).replace('"background": "transparent"', '"background": "#ffffff"')
    drawn: bytes = vl_convert.svg_to_png(_drawn(on_white), scale=scale)
    return drawn


def specification(chart: Chart) -> str:
    """The chart's Vega-Lite specification, as JSON."""
    return json.dumps({**chart.spec, "config": {**CONFIG, **_locale()}}, sort_keys=True)


def _locale() -> dict[str, Any]:
    """How axes write numbers and months, where it is not as in English; a name of a day stands on none."""
    language = spoken()
    if language.code == ENGLISH:
        return {}
    number = {"decimal": language.decimal, "thousands": language.grouping, "grouping": [3], "currency": ["", ""]}
    days, months = [""] * 7, list(language.months)
    time = {"dateTime": "%c", "date": "%x", "time": "%X", "periods": ["", ""], "days": days, "shortDays": days}
    return {"locale": {"number": number, "time": {**time, "months": months, "shortMonths": months}}}


def printed(chart: Chart) -> str:
    """The same with the light theme's colours in place of the custom properties."""
    text = specification(chart).replace(FONT, PRINT_FONT)
    for name, colour in INK.items():
        text = text.replace(name, colour)
    return text


@cache
def _learn_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))


@lru_cache(maxsize=KEPT)
def _drawn(specification: str) -> str:
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE, allowed_base_urls=[])
    return drawn
