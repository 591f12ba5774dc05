"""Answers as charts: Vega-Lite specifications as plain data, with a sentence and a table for who does not see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deskpulse import catalog
from deskpulse.answers.answer import Answer, Row
from deskpulse.present.tile import Sheet, sheet
from deskpulse.present.words import label, period_words, value_words

WIDTH, HEIGHT = 540, 200
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
Layer = dict[str, Any]

# How an axis writes a value of each unit, as a Vega expression on datum.value.
DURATION_LABEL = (
    "datum.value < 60 ? format(datum.value, '.0f') + ' s' : datum.value < 3600 ? format(datum.value / 60, '.0f') + 'm'"
    " : datum.value < 172800 ? format(datum.value / 3600, '.1~f') + 'h' : format(datum.value / 86400, '.1~f') + 'd'"
)
AXIS_LABELS: Mapping[str, str] = {
    "seconds": DURATION_LABEL,
    "share": "format(datum.value * 100, '.1~f') + ' %'",
    "net": "format(datum.value * 100, '+.0f')",
}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart: ``title`` names its subject, ``sentence`` says what it shows, ``table`` holds what is drawn.

    ``spec`` is Vega-Lite without configuration; its colours are custom properties (``var(--accent)``).
    """

    title: str
    subtitle: str
    sentence: str
    spec: Mapping[str, Any]
    table: Sheet


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something worth a line on a trend: an announced change at an instant."""

    at: datetime
    title: str


def trend(
    answer: Answer, *, target: float | None = None, marks: Sequence[Mark] = (), width: int = WIDTH, height: int = HEIGHT
) -> Chart:
    """A KPI over time with its interval as a band; ``answer`` has a grain and no dimension."""
    title = catalog.kpi(answer.kpi).title
    layers = [_band(), _line()]
    if target is not None:
        layers += _target(target, value_words(target, answer))
    layers += [layer for mark in marks for layer in _event(mark)]
    spec = {
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "data": {"values": [_point(row) for row in answer.rows if row.value is not None]},
        "encoding": {"x": {"field": "at", "type": "temporal", "title": None, "axis": {"grid": False}}},
        "layer": [{**layer, "encoding": {**layer.get("encoding", {})}} for layer in layers],
    }
    _label_axis(spec, answer)
    return Chart(
        title=title,
        subtitle=f"{answer.statistic}, per {answer.question.grain}, 95 % interval",
        sentence=trend_sentence(answer),
        spec=spec,
        table=sheet(answer),
    )


def trend_sentence(answer: Answer) -> str:
    """What a trend shows, in one sentence: first, last, lowest and highest."""
    known = [row for row in answer.rows if row.value is not None]
    if not known:
        return f"{catalog.kpi(answer.kpi).title}: no data in this period."
    low, high = min(known, key=_value), max(known, key=_value)
    ends = f"from {_told(known[0], answer)} to {_told(known[-1], answer)}"
    extremes = f"lowest {_told(low, answer)}, highest {_told(high, answer)}"
    return f"{catalog.kpi(answer.kpi).title} per {answer.question.grain}, {ends}; {extremes}."


def _value(row: Row) -> float:
    return row.value or 0.0


def _told(row: Row, answer: Answer) -> str:
    return f"{value_words(row.value, answer)} ({period_words(row, answer.question.grain)})"


def _point(row: Row) -> dict[str, Any]:
    assert row.period_start is not None
    at = row.period_start.replace(tzinfo=None).isoformat()
    return {"at": at, "value": row.value, "low": row.low, "high": row.high}


def _band() -> Layer:
    limits = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
    return {"mark": {"type": "area", "opacity": 0.18, "color": "var(--accent)"}, "encoding": limits}


def _line() -> Layer:
    return {
        "mark": {
            "type": "line",
            "color": "var(--accent)",
            "strokeWidth": 2,
            "point": {"size": 14, "color": "var(--accent)"},
        },
        "encoding": {"y": {"field": "value", "type": "quantitative"}},
    }


def _target(target: float, words: str) -> list[Layer]:
    values = [{"target": target}]
    y = {"y": {"field": "target", "type": "quantitative"}, "x": None}
    rule = {"type": "rule", "color": "var(--target)", "strokeDash": [4, 3], "strokeWidth": 1.5}
    text = {"type": "text", "text": f"Target {words}", "align": "right", "dy": -6, "color": "var(--target)"}
    at_end = {**y, "x": {"value": "width"}}
    return [
        {"data": {"values": values}, "mark": rule, "encoding": y},
        {"data": {"values": values}, "mark": text, "encoding": at_end},
    ]


def _event(mark: Mark) -> list[Layer]:
    data = {"values": [{"at": mark.at.isoformat()}]}
    x = {"x": {"field": "at", "type": "temporal"}}
    text = {"type": "text", "text": mark.title, "align": "right", "dx": -4, "baseline": "top", "color": "var(--event)"}
    return [
        {"data": data, "mark": {"type": "rule", "color": "var(--event)"}, "encoding": x},
        {"data": data, "mark": text, "encoding": {**x, "y": {"value": 0}}},
    ]


def _label_axis(spec: dict[str, Any], answer: Answer) -> None:
    axis = _value_axis(answer)
    for layer in spec["layer"]:
        y = layer["encoding"].get("y")
        if y and "field" in y:
            y |= {"axis": axis, "scale": {"zero": False}}


def _value_axis(answer: Answer) -> dict[str, Any]:
    labels = {"labelExpr": AXIS_LABELS[answer.unit]} if answer.unit in AXIS_LABELS else {}
    return {"title": None, "tickCount": 5, **labels}


def bars(answer: Answer, *, width: int = WIDTH) -> Chart:
    """A KPI by one dimension, largest first, each bar with its interval."""
    dimension = answer.question.by[0]
    rows = sorted((row for row in answer.rows if row.value is not None), key=_value, reverse=True)
    values = [
        {
            "group": label(row, answer),
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "words": value_words(row.value, answer),
        }
        for row in rows
    ]
    x = {"field": "value", "type": "quantitative", "axis": _value_axis(answer)}
    y = {"field": "group", "type": "nominal", "sort": None, "title": None}
    spec = {
        "$schema": SCHEMA,
        "width": width,
        "height": {"step": 24},
        "data": {"values": values},
        "encoding": {"y": y},
        "layer": [
            {"mark": {"type": "bar", "color": "var(--accent)", "height": 12, "opacity": 0.75}, "encoding": {"x": x}},
            {
                "mark": {"type": "rule", "color": "var(--ink)"},
                "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
            },
        ],
    }
    title = f"{catalog.kpi(answer.kpi).title} by {dimension}"
    sentence = f"{title}: " + (
        f"highest {label(rows[0], answer)} with {value_words(rows[0].value, answer)}, "
        f"lowest {label(rows[-1], answer)} with {value_words(rows[-1].value, answer)}."
        if rows
        else "no data in this period."
    )
    return Chart(title=title, subtitle="95 % interval", sentence=sentence, spec=spec, table=sheet(answer))
