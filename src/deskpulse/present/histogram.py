"""A duration's spread as bars on a log axis, with its median and the time nine in ten stay under."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf
from typing import Any

from deskpulse import units
from deskpulse.answers.answer import Answer
from deskpulse.answers.distribution import Bin
from deskpulse.language import gettext
from deskpulse.present.axes import duration_label
from deskpulse.present.chart import HEIGHT, SCHEMA, WIDTH, Chart, Layer
from deskpulse.present.tile import Sheet
from deskpulse.present.words import title_of, value_words

LEAST = 0.5
"""Seconds at which the axis begins: there is no zero on a log axis."""
BELOW = 17
"""How far under the words of the first line those of the second stand."""
MARKED = (1, 4, 15, 60, 240, 900, 3600, 14400, 57600, 230400, 921600, 3686400)


def histogram(bins: Sequence[Bin], typical: Answer, slow: Answer, *, width: int = WIDTH) -> Chart:
    """``bins`` of a duration whose median is ``typical``, and whose 90th percentile is ``slow``."""
    values: list[dict[str, Any]] = [
        {"low": max(one.low, LEAST), "high": _end(one), "n": one.n, "words": _said(one)} for one in bins
    ]
    begin, end = values[0]["low"], values[-1]["high"]
    x = {
        "field": "low",
        "type": "quantitative",
        "title": None,
        "scale": {"type": "log", "domain": [begin, end], "nice": False},
        "axis": {
            "labelExpr": duration_label(),
            "values": [one for one in MARKED if begin <= one <= end],
            "grid": False,
            "labelOverlap": "greedy",
        },
    }
    bar = {"type": "rect", "color": "var(--accent)", "opacity": 0.75, "stroke": "var(--surface)", "strokeWidth": 1}
    count = {"field": "n", "type": "quantitative", "title": None, "axis": {"tickCount": 4, "format": "~s"}}
    drawn = {"x": x, "x2": {"field": "high"}, "y": count, "y2": {"datum": 0}}
    spec = {
        "$schema": SCHEMA,
        "width": width,
        "height": HEIGHT,
        "data": {"values": values},
        "layer": [
            {"mark": bar, "encoding": {**drawn, "tooltip": {"field": "words", "type": "nominal"}}},
            *_line(typical, gettext("median"), 0),
            *_line(slow, gettext("9 in 10 within"), BELOW),
        ],
    }
    title = gettext("%(kpi)s: how it is spread", kpi=title_of(typical))
    return Chart(
        title=title,
        subtitle=gettext("rows by how long they took, on a log axis"),
        sentence=gettext(
            "%(title)s: half of all took up to %(median)s, nine in ten up to %(slow)s.",
            title=title,
            median=value_words(typical.value, typical),
            slow=value_words(slow.value, slow),
        ),
        spec=spec,
        table=Sheet(
            title=title,
            headings=(gettext("from"), gettext("to less than"), gettext("rows")),
            rows=tuple((units.format_duration(one.low), _to(one), units.format_count(one.n)) for one in bins),
            notes=(),
        ),
        is_empty=not bins,
    )


def _end(one: Bin) -> float:
    return one.low * 2 if isinf(one.high) else one.high


def _to(one: Bin) -> str:
    return "" if isinf(one.high) else units.format_duration(one.high)


def _said(one: Bin) -> str:
    low, n = units.format_duration(one.low), units.format_count(one.n)
    if isinf(one.high):
        return gettext("more than %(low)s: %(n)s", low=low, n=n)
    return gettext("%(low)s to %(high)s: %(n)s", low=low, high=_to(one), n=n)


def _line(answer: Answer, name: str, down: int) -> list[Layer]:
    """A line with its words to the left of it."""
    if not answer.value:
        return []
    data = {"values": [{"at": max(answer.value, LEAST)}]}
    x: dict[str, Any] = {"x": {"field": "at", "type": "quantitative"}}
    words = f"{name} {value_words(answer.value, answer)}"
    text = {"type": "text", "text": words, "align": "right", "dx": -4, "baseline": "top", "color": "var(--ink)"}
    rule = {"type": "rule", "color": "var(--ink)", "strokeWidth": 1.5}
    return [
        {"data": data, "mark": rule, "encoding": x},
        {"data": data, "mark": text, "encoding": {**x, "y": {"value": down}}},
    ]
