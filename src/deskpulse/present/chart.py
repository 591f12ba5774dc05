"""Answers as charts: Vega-Lite specifications as plain data, with a sentence and a table for who does not see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deskpulse.answers.answer import Answer, Row
from deskpulse.language import gettext, named
from deskpulse.present.axes import local_start, time_axis, value_axis
from deskpulse.present.tile import Sheet, sheet
from deskpulse.present.words import (
    comparison_words,
    grain_words,
    interval_words,
    label,
    n_words,
    period_words,
    statistic_words,
    title_of,
    value_words,
)

WIDTH, HEIGHT = 540, 200
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
Layer = dict[str, Any]
Link = Callable[[Row], str | None]
Links = tuple[tuple[str | None, ...], ...]
"""Where a click on a row leads: the tickets behind it."""

MARK_ROWS = 3
MARK_STEP = 17


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart: ``title`` names its subject, ``sentence`` says what it shows, ``table`` holds what is drawn.

    ``spec`` is Vega-Lite without configuration; its colours are custom properties (``var(--accent)``). ``links`` are
    where the table's cells lead, row by row, as far as they do; what is drawn carries the same as ``href``.
    """

    title: str
    subtitle: str
    sentence: str
    spec: Mapping[str, Any]
    table: Sheet
    links: Links = ()
    is_empty: bool = False


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something worth a line on a trend: an announced change at an instant."""

    at: datetime
    title: str


def trend(
    answer: Answer,
    *,
    marks: Sequence[Mark] = (),
    link: Link | None = None,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> Chart:
    """A KPI over time with its interval as a band; ``answer`` has a grain and no dimension.

    The target is that of the last bucket: the one that counts now. Where the question compares, the other period is
    drawn bucket by bucket under this one.
    """
    points = [_point(row, answer, link) for row in answer.rows if row.value is not None]
    earlier = [{"at": local_start(row), "before": row.previous} for row in answer.rows if row.previous is not None]
    bounds = _bounds(answer)
    axis = value_axis(answer, *bounds, *(row.previous for row in answer.rows))
    layers = [*_earlier(earlier), _band(), _line(), _dots()]
    for bound in bounds:
        layers += _target(bound, value_words(bound, answer))
    layers += event_layers(marks, answer)
    spec = {
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "data": {"values": points},
        "encoding": {"x": {"field": "at", "type": "temporal", "title": None, "axis": time_axis(answer)}},
        "layer": layers,
    }
    _label_axis(spec, axis)
    compared = (gettext("dotted: %(period)s", period=comparison_words(answer)),) if earlier else ()
    return Chart(
        title=title_of(answer),
        subtitle=", ".join((per_grain(statistic_words(answer), answer), *_interval(answer), *compared)),
        sentence=trend_sentence(answer),
        spec=spec,
        table=sheet(answer),
        links=links(answer, link),
        is_empty=not points,
    )


def per_grain(what: str, answer: Answer) -> str:
    """Something by the buckets of an answer: ``median per week``."""
    return gettext("%(what)s per %(bucket)s", what=what, bucket=grain_words(answer))


def links(answer: Answer, link: Link | None) -> Links:
    """Where each row of an answer leads, by its first cell."""
    return tuple((link(row),) for row in answer.rows) if link else ()


def _interval(answer: Answer) -> tuple[str, ...]:
    has_limits = any(row.low is not None or row.high is not None for row in answer.rows)
    return (gettext("95 %% interval"),) if has_limits else ()


def trend_sentence(answer: Answer) -> str:
    """What a trend shows, in one sentence: first, last, lowest and highest."""
    known = [row for row in answer.rows if row.value is not None]
    if not known:
        return nothing_in(title_of(answer))
    return gettext(
        "%(trend)s, from %(first)s to %(last)s; lowest %(low)s, highest %(high)s.",
        trend=per_grain(title_of(answer), answer),
        first=_told(known[0], answer),
        last=_told(known[-1], answer),
        low=_told(min(known, key=value_of), answer),
        high=_told(max(known, key=value_of), answer),
    )


def nothing_in(title: str) -> str:
    """What is said of a chart without values."""
    return gettext("%(title)s: no data in this period.", title=title)


def value_of(row: Row) -> float:
    """A row's value, to order by."""
    return row.value or 0.0


def _told(row: Row, answer: Answer) -> str:
    return f"{value_words(row.value, answer)} ({period_words(row, answer.question.grain)})"


def _point(row: Row, answer: Answer, link: Link | None) -> dict[str, Any]:
    return {"at": local_start(row), "value": row.value, "low": row.low, "high": row.high, **said(row, answer, link)}


def said(row: Row, answer: Answer, link: Link | None) -> dict[str, str]:
    """What a mark says when it is pointed at, and where it leads."""
    parts = (label(row, answer), value_words(row.value, answer), interval_words(row, answer), n_words(row, answer))
    href = link(row) if link else None
    return {"words": " · ".join(filter(None, parts)), **({"href": href} if href else {})}


def _bounds(answer: Answer) -> tuple[float, ...]:
    """Both ends of a target that is a band, else the one there is."""
    target = answer.rows[-1].target if answer.rows else None
    ends = (target.at_least, target.at_most) if target else ()
    return tuple(end for end in ends if end is not None)


def _earlier(values: list[dict[str, Any]]) -> list[Layer]:
    if not values:
        return []
    line = {"type": "line", "color": "var(--muted)", "strokeDash": [2, 3], "strokeWidth": 1.5, "opacity": 0.8}
    y = {"y": {"field": "before", "type": "quantitative"}}
    return [{"data": {"values": values}, "mark": line, "encoding": y}]


def _band() -> Layer:
    limits = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
    return {"mark": {"type": "area", "opacity": 0.18, "color": "var(--accent)"}, "encoding": limits}


def _line() -> Layer:
    return {
        "mark": {"type": "line", "color": "var(--accent)", "strokeWidth": 2},
        "encoding": {"y": {"field": "value", "type": "quantitative"}},
    }


def _dots() -> Layer:
    return {
        "mark": {"type": "circle", "size": 22, "opacity": 1, "color": "var(--accent)", "cursor": "pointer"},
        "encoding": {
            "y": {"field": "value", "type": "quantitative"},
            "tooltip": {"field": "words", "type": "nominal"},
        },
    }


def _target(target: float, words: str) -> list[Layer]:
    values = [{"target": target}]
    y = {"y": {"field": "target", "type": "quantitative"}, "x": None}
    rule = {"type": "rule", "color": "var(--target)", "strokeDash": [4, 3], "strokeWidth": 1.5}
    text = {
        "type": "text",
        "text": gettext("Target %(target)s", target=words),
        "align": "right",
        "dy": -6,
        "color": "var(--target)",
    }
    at_end = {**y, "x": {"value": "width"}}
    return [
        {"data": {"values": values}, "mark": rule, "encoding": y},
        {"data": {"values": values}, "mark": text, "encoding": at_end},
    ]


def event_layers(marks: Sequence[Mark], answer: Answer) -> list[Layer]:
    """Lines for what was announced while the answer's buckets ran, their names in rows that do not overlap."""
    starts = [row.period_start.replace(tzinfo=None) for row in answer.rows if row.period_start]
    if not starts:
        return []
    middle = starts[0] + (starts[-1] - starts[0]) / 2
    shown = [mark for mark in marks if starts[0] <= mark.at <= starts[-1]]
    placed = ((mark, place % MARK_ROWS * MARK_STEP, mark.at > middle) for place, mark in enumerate(shown))
    return [layer for mark, down, is_late in placed for layer in _event(mark, down, is_late)]


def _event(mark: Mark, down: int, is_late: bool) -> list[Layer]:
    data = {"values": [{"at": mark.at.isoformat()}]}
    x = {"x": {"field": "at", "type": "temporal"}}
    side = {"align": "right", "dx": -4} if is_late else {"align": "left", "dx": 4}
    text = {"type": "text", "text": mark.title, "baseline": "top", "color": "var(--event)", "limit": 240, **side}
    return [
        {"data": data, "mark": {"type": "rule", "color": "var(--event)"}, "encoding": x},
        {"data": data, "mark": text, "encoding": {**x, "y": {"value": down}}},
    ]


def _label_axis(spec: dict[str, Any], axis: dict[str, Any]) -> None:
    for layer in spec["layer"]:
        y = layer["encoding"].get("y")
        if y and "field" in y:
            y |= {"axis": axis, "scale": {"zero": False}}


def bars(answer: Answer, *, link: Link | None = None, width: int = WIDTH, most: int = 20) -> Chart:
    """A KPI by one dimension, largest first, each bar with its interval; the table has those beyond ``most`` too."""
    rows = sorted((row for row in answer.rows if row.value is not None), key=value_of, reverse=True)
    values = [
        {
            "group": label(row, answer),
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "written": value_words(row.value, answer),
            **said(row, answer, link),
        }
        for row in rows[:most]
    ]
    x = {"field": "value", "type": "quantitative", "axis": value_axis(answer, 0), "title": None}
    tip = {"tooltip": {"field": "words", "type": "nominal"}}
    bar = {"type": "bar", "color": "var(--accent)", "height": 12, "opacity": 0.75, "cursor": "pointer"}
    limits = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}
    spec = {
        "$schema": SCHEMA,
        "width": width,
        "height": {"step": 24},
        "data": {"values": values},
        "encoding": {
            "y": {"field": "group", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 160}}
        },
        "layer": [
            {"mark": bar, "encoding": {"x": x, **tip}},
            {"mark": {"type": "rule", "color": "var(--ink)"}, "encoding": limits},
        ],
    }
    title = gettext("%(kpi)s by %(dimension)s", kpi=title_of(answer), dimension=named(answer.question.by[0]))
    more = (gettext("the %(most)s highest of %(all)s", most=most, all=len(rows)),) if len(rows) > most else ()
    return Chart(
        title=title,
        subtitle=", ".join((statistic_words(answer), *_interval(answer), *more)),
        sentence=bars_sentence(title, rows, answer),
        spec=spec,
        table=sheet(answer),
        links=links(answer, link),
        is_empty=not rows,
    )


def bars_sentence(title: str, rows: Sequence[Row], answer: Answer) -> str:
    """The highest and the lowest of groups that are in order."""
    if not rows:
        return nothing_in(title)
    highest, lowest = (
        gettext("%(group)s with %(value)s", group=label(row, answer), value=value_words(row.value, answer))
        for row in (rows[0], rows[-1])
    )
    return gettext("%(title)s: highest %(high)s, lowest %(low)s.", title=title, high=highest, low=lowest)
