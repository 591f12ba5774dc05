"""A chart that leaves its page: with its title, what it is of, and what was filtered by, drawn into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from deskpulse.answers.question import Question
from deskpulse.language import gettext
from deskpulse.present.chart import Chart
from deskpulse.present.extract import chosen
from deskpulse.present.words import moment_form
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
    form = moment_form("day")
    last = to_local(asked.end - MOMENT if asked.end else asked.now, asked.zone).strftime(form)
    first = to_local(asked.start, asked.zone).strftime(form) if asked.start else gettext("the first event")
    return gettext("%(first)s to %(last)s", first=first, last=last)
