"""Several groups at once: lines of the largest groups over time, and small bars per group of a second dimension."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from deskpulse.answers.answer import Answer, Row
from deskpulse.language import gettext, named
from deskpulse.present.axes import local_start, time_axis, value_axis
from deskpulse.present.chart import (
    HEIGHT,
    SCHEMA,
    WIDTH,
    Chart,
    Link,
    Mark,
    bars_sentence,
    event_layers,
    links,
    per_grain,
    said,
    value_of,
)
from deskpulse.present.tile import sheet
from deskpulse.present.words import group_names, statistic_words, title_of

MOST_LINES, MOST_PANELS = 5, 6
COLOURS = tuple(f"var(--series-{place})" for place in range(1, MOST_LINES + 1))
LABEL_ROOM = 90
PANEL_COLUMNS, BETWEEN_PANELS = 2, 160
"""Small charts stand beside each other; what their width leaves for names and gaps."""


def series(answer: Answer, *, marks: Sequence[Mark] = (), link: Link | None = None, width: int = WIDTH) -> Chart:
    """A KPI over time by one dimension: a line for each of the five groups with the most rows, named at its end."""
    known = [row for row in answer.rows if row.value is not None]
    shown = _largest(known, 0, MOST_LINES)
    values = [
        {"at": local_start(row), "value": row.value, "group": _group(row, 0), **said(row, answer, link)}
        for row in known
        if _group(row, 0) in shown
    ]
    colour = {
        "field": "group",
        "type": "nominal",
        "scale": {"domain": shown, "range": COLOURS[: len(shown)]},
        "legend": None,
    }
    y = {"field": "value", "type": "quantitative", "axis": value_axis(answer, limits=False), "scale": {"zero": False}}
    dot = {"type": "circle", "size": 20, "opacity": 1, "cursor": "pointer"}
    spec = {
        "$schema": SCHEMA,
        "width": width - LABEL_ROOM,
        "height": HEIGHT,
        "data": {"values": values},
        "encoding": {"x": {"field": "at", "type": "temporal", "title": None, "axis": time_axis(answer)}},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"y": y, "color": colour}},
            {"mark": dot, "encoding": {"y": y, "color": colour, "tooltip": {"field": "words", "type": "nominal"}}},
            *_names(values, shown, colour),
            *event_layers(marks, answer),
        ],
    }
    title = gettext("%(kpi)s by %(dimension)s", kpi=title_of(answer), dimension=_name(answer, 0))
    groups = ", ".join(shown) or gettext("nobody: no data in this period")
    return Chart(
        title=title,
        subtitle=", ".join((per_grain(statistic_words(answer), answer), *_largest_words(known, 0, shown))),
        sentence=gettext("%(trend)s, for %(groups)s.", trend=per_grain(title, answer), groups=groups),
        spec=spec,
        table=sheet(answer),
        links=links(answer, link),
        is_empty=not values,
    )


def _names(values: list[dict[str, Any]], shown: Sequence[str], colour: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups' names at the right, apart from each other, in the order in which the lines end."""
    ends = {one["group"]: one["value"] for one in values}
    order = sorted(shown, key=lambda group: -ends.get(group, 0.0))
    step = HEIGHT / max(len(order), 1)
    at = [{"group": group, "down": round(step * (place + 0.5))} for place, group in enumerate(order)]
    text = {"type": "text", "align": "left", "dx": 8, "fontWeight": 600, "limit": LABEL_ROOM - 10}
    y = {"field": "down", "type": "quantitative", "scale": None, "axis": None}
    place = {"x": {"value": "width"}, "y": y, "text": {"field": "group"}, "color": colour}
    return [{"data": {"values": at}, "mark": text, "encoding": place}]


def multiples(answer: Answer, *, link: Link | None = None, width: int = WIDTH) -> Chart:
    """A KPI by two dimensions: bars by the first, a small chart for each of the largest groups of the second."""
    known = [row for row in answer.rows if row.value is not None]
    panels = _largest(known, 1, MOST_PANELS)
    rows = sorted(known, key=value_of, reverse=True)
    values = [
        {
            "group": _group(row, 0),
            "panel": _group(row, 1),
            "value": row.value,
            "low": row.low,
            "high": row.high,
            **said(row, answer, link),
        }
        for row in rows
        if _group(row, 1) in panels
    ]
    x = {"field": "value", "type": "quantitative", "title": None, "axis": {**value_axis(answer, 0), "tickCount": 3}}
    y = {"field": "group", "type": "nominal", "title": None, "sort": _largest(known, 0, len(known))}
    bar = {"type": "bar", "color": "var(--accent)", "height": 10, "opacity": 0.75, "cursor": "pointer"}
    limits = {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}, "y": y}
    spec = {
        "$schema": SCHEMA,
        "data": {"values": values},
        "facet": {"field": "panel", "type": "nominal", "title": None, "sort": panels},
        "columns": PANEL_COLUMNS,
        "spec": {
            "width": (width - BETWEEN_PANELS) // PANEL_COLUMNS,
            "height": {"step": 18},
            "layer": [
                {"mark": bar, "encoding": {"x": x, "y": y, "tooltip": {"field": "words", "type": "nominal"}}},
                {"mark": {"type": "rule", "color": "var(--ink)"}, "encoding": limits},
            ],
        },
    }
    dimensions = gettext("%(first)s and %(second)s", first=_name(answer, 0), second=_name(answer, 1))
    title = gettext("%(kpi)s by %(dimension)s", kpi=title_of(answer), dimension=dimensions)
    return Chart(
        title=title,
        subtitle=", ".join((statistic_words(answer), *_largest_words(known, 1, panels))),
        sentence=bars_sentence(title, rows, answer),
        spec=spec,
        table=sheet(answer),
        links=links(answer, link),
        is_empty=not values,
    )


def _name(answer: Answer, place: int) -> str:
    return named(answer.question.by[place])


def _group(row: Row, place: int) -> str:
    return group_names(row.dimensions)[place]


def _largest(rows: Sequence[Row], place: int, most: int) -> list[str]:
    sizes: Counter[str] = Counter()
    for row in rows:
        sizes[_group(row, place)] += row.n
    return [group for group, _ in sizes.most_common(most)]


def _largest_words(rows: Sequence[Row], place: int, shown: Sequence[str]) -> tuple[str, ...]:
    groups = {_group(row, place) for row in rows}
    if len(groups) <= len(shown):
        return ()
    return (gettext("the %(most)s largest of %(all)s", most=len(shown), all=len(groups)),)
