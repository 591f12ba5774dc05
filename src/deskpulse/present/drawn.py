"""The chart that fits an answer: by time, by one dimension, by both, by two, or by weekday and hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deskpulse import catalog
from deskpulse.answers.answer import Answer
from deskpulse.present.chart import WIDTH, Chart, Link, Mark, bars, trend
from deskpulse.present.heat_map import heat_map
from deskpulse.present.several import multiples, series


def chart_of(
    answer: Answer, *, marks: Sequence[Mark] = (), link: Link | None = None, width: int = WIDTH
) -> Chart | None:
    """An answer as a chart; null for one value, and for more dimensions than can be drawn."""
    by, grain = answer.question.by, answer.question.grain
    if set(by) == {"weekday", "hour"} and not grain:
        return heat_map(answer, title=catalog.kpi(answer.kpi).title, link=link, width=width)
    drawings: dict[tuple[int, bool], Any] = {
        (0, True): lambda: trend(answer, marks=marks, link=link, width=width),
        (1, False): lambda: bars(answer, link=link, width=width),
        (1, True): lambda: series(answer, marks=marks, link=link, width=width),
        (2, False): lambda: multiples(answer, link=link, width=width),
    }
    draw = drawings.get((len(by), bool(grain)))
    return draw() if draw else None
