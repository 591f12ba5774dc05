"""Agents beside each other: the ranks each may hold, the funnel that says who stands out, and one's own place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deskpulse import units
from deskpulse.answers.standings import Standing
from deskpulse.insights.ranking import Funnel, OwnPlace, Point
from deskpulse.language import declared, gettext
from deskpulse.present.chart import HEIGHT, SCHEMA, WIDTH, Chart, Layer
from deskpulse.present.tile import Sheet
from deskpulse.present.words import NO_DATA, PERCENT

STEP = 22
SHARE_LABELS = {"labelExpr": "format(datum.value * 100, '.0f') + ' %'"}
PLACES = {
    "usual": "as usual",
    "above warning": "above the usual",
    "above alarm": "far above the usual",
    "below warning": "below the usual",
    "below alarm": "far below the usual",
}


STANDING_HEADINGS = ("agent", "ranks", "n", "with everybody's mix", "95 % interval", "observed", "usual for this mix")
POINT_HEADINGS = ("agent", "n", "for the own mix", "deviations from the usual", "place")
COMPARED = "Compared with what is usual for the same topics, channels and priorities, where these are known."


@dataclass(frozen=True, kw_only=True)
class OwnLine:
    """An agent's own place in words; empty texts for what is not told."""

    value: str
    interval: str
    ranks: str
    n: str
    others: str


def rank_chart(standings: Sequence[Standing], title: str, width: int = WIDTH) -> Chart:
    """The ranks each agent may hold, as ranges: those that overlap are not told apart."""
    ranked = [one for one in standings if one.rank is not None]
    values = [{"unit": one.unit, "rank": one.rank, "low": one.rank_low, "high": one.rank_high} for one in ranked]
    x = {
        "type": "quantitative",
        "scale": {"domain": [0.5, max(len(ranked), 1) + 0.5], "nice": False},
        "axis": {"title": gettext("rank, 1 is best"), "tickMinStep": 1, "format": "d"},
    }
    bar = {"mark": {"type": "bar", "height": 8, "cornerRadius": 4, "color": "var(--accent)", "opacity": 0.45}}
    dot = {"mark": {"type": "point", "filled": True, "size": 40, "color": "var(--ink)", "opacity": 1}}
    spec = {
        "$schema": SCHEMA,
        "width": width,
        "height": {"step": STEP},
        "data": {"values": values},
        "encoding": {"y": {"field": "unit", "type": "nominal", "sort": None, "title": None}},
        "layer": [
            {**bar, "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}}},
            {**dot, "encoding": {"x": {"field": "rank", **x}}},
        ],
    }
    few = len(standings) - len(ranked)
    return Chart(
        title=gettext("Ranks each agent may hold"),
        subtitle=gettext("95 %% ranges; those that overlap are not told apart"),
        sentence=gettext(
            "%(title)s: %(ranked)s agents with a range of ranks, %(few)s with too few contacts for one.",
            title=title,
            ranked=len(ranked),
            few=few,
        ),
        spec=spec,
        table=rank_sheet(standings, title),
    )


def rank_sheet(standings: Sequence[Standing], title: str) -> Sheet:
    """Standings as a table: the range first, and beside what was done what was to be expected of the same mix."""
    return Sheet(
        title=title,
        headings=tuple(declared(heading) for heading in STANDING_HEADINGS),
        rows=tuple(_cells(one) for one in standings),
        notes=(declared(COMPARED),),
    )


def _cells(one: Standing) -> tuple[str, ...]:
    return (
        one.unit,
        ranks_words(one.rank_low, one.rank_high) or gettext("too few to be ranked"),
        units.format_count(one.n),
        rate_words(one.adjusted, is_share=one.is_share),
        range_words(one.adjusted_low, one.adjusted_high, is_share=one.is_share),
        units.format_count(one.observed),
        units.format_number(one.expected, 1),
    )


def ranks_words(low: float | None, high: float | None) -> str:
    """A range of ranks: ``3–7``, or ``3``."""
    if low is None or high is None:
        return ""
    return f"{round(low)}–{round(high)}" if round(low) != round(high) else f"{round(low)}"


def rate_words(value: float | None, *, is_share: bool) -> str:
    """A share as per cent, else a number; nothing for null."""
    if value is None:
        return ""
    return units.format_share(value) if is_share else units.format_number(value)


def range_words(low: float | None, high: float | None, *, is_share: bool) -> str:
    """An interval of shares or numbers; nothing where an end is null."""
    written = [rate_words(one, is_share=is_share) for one in (low, high)]
    return f"{written[0].removesuffix(PERCENT)}–{written[1]}" if all(written) else ""


def funnel_chart(funnel: Funnel, *, is_share: bool, width: int = WIDTH, height: int = HEIGHT) -> Chart:
    """Each agent's value against its size, with the limits that chance alone keeps to."""
    points = [{"unit": p.unit, "size": p.size, "value": p.value, "out": p.place != "usual"} for p in funnel.points]
    outside = [point for point in funnel.points if point.place != "usual"]
    axis = {"title": None, **(SHARE_LABELS if is_share else {})}
    x = {"field": "size", "type": "quantitative", "title": gettext("contacts") if is_share else gettext("days worked")}
    spec = {
        "$schema": SCHEMA,
        "width": width,
        "height": height + STEP,
        "encoding": {"x": x},
        "layer": [*_limits(funnel, axis), *_points(points)],
    }
    names = ", ".join(f"{point.unit} ({declared(PLACES[point.place])})" for point in outside)
    return Chart(
        title=gettext("Who stands out"),
        subtitle=gettext("funnel: 95 %% and 99.8 %% of agents lie inside by chance alone"),
        sentence=gettext(
            "Of %(agents)s agents these lie outside of what chance alone makes likely: %(names)s.",
            agents=len(points),
            names=names or gettext("nobody"),
        ),
        spec=spec,
        table=_funnel_sheet(funnel, is_share=is_share),
    )


def _limits(funnel: Funnel, axis: dict[str, Any]) -> list[Layer]:
    values = [
        {
            "size": one.size,
            "warning_low": one.warning_low,
            "warning_high": one.warning_high,
            "alarm_low": one.alarm_low,
            "alarm_high": one.alarm_high,
            "usual": funnel.usual,
        }
        for one in funnel.limits
    ]
    dashes = {"warning_low": [4, 3], "warning_high": [4, 3], "alarm_low": [1, 0], "alarm_high": [1, 0]}
    lines = [_limit(name, dash, axis) for name, dash in dashes.items()]
    usual = {"mark": {"type": "line", "color": "var(--target)", "strokeWidth": 1.5}}
    y = {"field": "usual", "type": "quantitative", "axis": axis}
    return [{"data": {"values": values}, "layer": [*lines, {**usual, "encoding": {"y": y}}]}]


def _limit(name: str, dash: list[int], axis: dict[str, Any]) -> Layer:
    mark = {"type": "line", "color": "var(--muted)", "strokeWidth": 1, "strokeDash": dash}
    y = {"field": name, "type": "quantitative", "axis": axis, "scale": {"zero": False}}
    return {"mark": mark, "encoding": {"y": y}}


def _points(points: list[dict[str, Any]]) -> list[Layer]:
    y = {"field": "value", "type": "quantitative"}
    fill = {"condition": {"test": "datum.out", "value": "var(--accent)"}, "value": "var(--muted)"}
    shape = {"condition": {"test": "datum.out", "value": "diamond"}, "value": "circle"}
    dot = {"type": "point", "filled": True, "opacity": 0.9}
    size = {"condition": {"test": "datum.out", "value": 90}, "value": 36}
    text = {"type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": "var(--ink)"}
    return [
        {"data": {"values": points}, "mark": dot, "encoding": {"y": y, "color": fill, "shape": shape, "size": size}},
        {
            "data": {"values": [point for point in points if point["out"]]},
            "mark": text,
            "encoding": {"y": y, "text": {"field": "unit"}},
        },
    ]


def _funnel_sheet(funnel: Funnel, *, is_share: bool) -> Sheet:
    return Sheet(
        title=gettext("Who stands out"),
        headings=tuple(declared(heading) for heading in POINT_HEADINGS),
        rows=tuple(_point(point, is_share=is_share) for point in funnel.points),
        notes=(
            gettext("Usual: %(value)s.", value=rate_words(funnel.usual, is_share=is_share)),
            gettext(
                "Agents vary %(times)s times as much as chance; limits are wider.",
                times=units.format_number(funnel.dispersion, 1),
            ),
        ),
    )


def _point(point: Point, *, is_share: bool) -> tuple[str, ...]:
    value = rate_words(point.value, is_share=is_share)
    return (
        point.unit,
        units.format_count(point.n),
        value,
        units.format_number(point.z, 1),
        declared(PLACES[point.place]),
    )


def own_line(place: OwnPlace | None, *, is_share: bool) -> OwnLine:
    """One's own place in words; null is an agent who did nothing in the period."""
    if place is None:
        return OwnLine(value=declared(NO_DATA), interval="", ranks="", n="", others="")
    told = [rate_words(one, is_share=is_share) for one in (place.others_low, place.others_middle, place.others_high)]
    others = gettext(
        "half of the other %(others)s lie between %(low)s and %(high)s, the middle is %(middle)s",
        others=place.others,
        low=told[0],
        middle=told[1],
        high=told[2],
    )
    return OwnLine(
        value=rate_words(place.value, is_share=is_share) or gettext("too few contacts to say"),
        interval=range_words(place.low, place.high, is_share=is_share),
        ranks=ranks_words(place.rank_low, place.rank_high),
        n=units.format_count(place.n),
        others=others if all(told) else "",
    )
