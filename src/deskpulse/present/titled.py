"""A chart that leaves its page: with its title, what it is of, and what was filtered by, drawn into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from deskpulse.answers.question import Question
from deskpulse.present.chart import Chart
from deskpulse.present.extract import chosen
from deskpulse.time.zone import to_local

MOMENT = timedelta(microseconds=1)


def titled(chart: Chart, asked: Question) -> Chart:
    """The chart with its title, and its period and filters below it."""
    where = chosen(asked)[-1]
    about = (_days(asked), asked.zone, where)
    title = {
        "text": chart.title,
        "subtitle": [chart.subtitle, " · ".join(filter(None, about))],
        "anchor": "start",
        "color": "var(--ink)",
        "subtitleColor": "var(--muted)",
    }
    return replace(chart, spec={**chart.spec, "title": title, "padding": 16})


def _days(asked: Question) -> str:
    """The first and the last day of a question, both included."""
    last = to_local(asked.end - MOMENT if asked.end else asked.now, asked.zone).date()
    first = to_local(asked.start, asked.zone).date() if asked.start else "the first event"
    return f"{first} to {last}"
