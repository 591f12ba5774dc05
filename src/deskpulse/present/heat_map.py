"""Counts by weekday and hour as a map of seven shades."""

from __future__ import annotations

from deskpulse import units
from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.profile import COMPUTED_VALUES
from deskpulse.language import declared, gettext
from deskpulse.present.chart import SCHEMA, WIDTH, Chart, Link, nothing_in, said, value_of
from deskpulse.present.tile import Sheet
from deskpulse.present.words import n_words, title_of, value_words

SHADES = tuple(f"var(--heat-{place})" for place in range(1, 8))
WEEKDAYS, HOURS = COMPUTED_VALUES["weekday"], COMPUTED_VALUES["hour"]


def heat_map(answer: Answer, *, title: str, link: Link | None = None, width: int = WIDTH) -> Chart:
    """An answer by weekday and hour; ``title`` names what is counted."""
    known = [row for row in answer.rows if row.value is not None]
    found = {(row.dimensions["weekday"], row.dimensions["hour"]): row for row in known}
    cells = ((day, hour, found.get((day, hour))) for day in WEEKDAYS for hour in HOURS)
    days = {day: declared(day) for day in WEEKDAYS}
    values = [
        {
            "weekday": days[day],
            "hour": hour,
            **({"value": row.value, **said(row, answer, link)} if row else {"value": 0}),
        }
        for day, hour, row in cells
    ]
    axis = {"title": None, "domain": False, "ticks": False}
    legend = {"title": None, "orient": "top", "direction": "horizontal", "gradientLength": 160, "format": "~s"}
    spec = {
        "$schema": SCHEMA,
        "width": width,
        "height": 150,
        "data": {"values": values},
        "mark": {"type": "rect", "cornerRadius": 2, "stroke": "var(--surface)", "strokeWidth": 2, "cursor": "pointer"},
        "encoding": {
            "x": {
                "field": "hour",
                "type": "ordinal",
                "scale": {"domain": HOURS},
                "axis": {**axis, "labelAngle": 0, "values": HOURS[::3]},
            },
            "y": {"field": "weekday", "type": "ordinal", "scale": {"domain": list(days.values())}, "axis": axis},
            "color": {
                "field": "value",
                "type": "quantitative",
                "scale": {"type": "quantize", "range": SHADES, "zero": True},
                "legend": legend,
            },
            "tooltip": {"field": "words", "type": "nominal"},
        },
    }
    return Chart(
        title=title,
        subtitle=gettext("%(kpi)s by weekday and hour", kpi=title_of(answer)),
        sentence=_sentence(title, known, answer),
        spec=spec,
        table=_table(title, known),
        links=tuple((None, *(_leads(found.get((day, hour)), link) for hour in HOURS)) for day in WEEKDAYS),
        is_empty=not known,
    )


def _leads(row: Row | None, link: Link | None) -> str | None:
    return link(row) if link and row else None


def _sentence(title: str, known: list[Row], answer: Answer) -> str:
    if not known:
        return nothing_in(title)
    most = max(known, key=value_of)
    return gettext(
        "%(title)s: the busiest hour is %(hour)s with %(value)s (%(n)s in all).",
        title=title,
        hour=_cell(most),
        value=value_words(most.value, answer),
        n=n_words(most, answer),
    )


def _cell(row: Row) -> str:
    return f"{declared(row.dimensions['weekday'] or '')} {row.dimensions['hour']}:00"


def _table(title: str, known: list[Row]) -> Sheet:
    """A row per weekday, a column per hour."""
    found = {(row.dimensions["weekday"], row.dimensions["hour"]): row.value for row in known}
    rows = (
        (declared(day), *(units.format_count(round(found.get((day, hour)) or 0)) for hour in HOURS)) for day in WEEKDAYS
    )
    return Sheet(title=title, headings=("", *HOURS), rows=tuple(rows), notes=())
