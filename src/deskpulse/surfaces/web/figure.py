"""A chart on a page: drawn, ready to come alive, and to be taken away as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deskpulse.answers.answer import Answer
from deskpulse.present.chart import Chart
from deskpulse.present.drawing import specification, svg
from deskpulse.surfaces.web.view import View, templates

PICTURES, FILES = ("png", "svg"), ("csv", "xlsx", "parquet")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """``drawing`` is SVG, ``spec`` what Vega draws it from again; ``exports`` are addresses by the kind of file."""

    chart: Chart
    drawing: str
    spec: str
    exports: Mapping[str, str]

    def html(self) -> str:
        """The figure as a page shows it."""
        macros: Any = templates.get_template("parts.html").module
        text: str = macros.figure(self)
        return text


def figure(view: View, chart: Chart, answer: Answer) -> Figure:
    """A chart of an answer of this page; its files are of the same question."""
    return drawn(chart, exports(view, answer))


def drawn(chart: Chart, files: Mapping[str, str]) -> Figure:
    """A chart with the addresses of its files."""
    return Figure(
        chart=chart,
        drawing="" if chart.is_empty else svg(chart),
        spec=specification(chart).replace("<", "\\u003c"),
        exports=files,
    )


def exports(view: View, answer: Answer) -> Mapping[str, str]:
    """Where what an answer shows can be had as a file."""
    asked = answer.question
    chosen = {
        "kpi": f"{answer.kpi}:{answer.variant}",
        "by": ",".join(asked.by),
        "grain": asked.grain,
        "statistic": asked.statistic,
        "clock": asked.clock,
        "compare": asked.compare,
    }
    kinds = {**dict.fromkeys(PICTURES, "chart"), **dict.fromkeys(FILES, "answer")}
    return {form: view.address(f"/export/{what}.{form}", **chosen) for form, what in kinds.items()}


def exports_of(view: View, what: str, kpi: str, **chosen: str) -> Mapping[str, str]:
    """Where something else of a KPI (its ``distribution``, ``ranks``, ``funnel``) can be had as a file."""
    return {form: view.address(f"/export/{what}.{form}", kpi=kpi, **chosen) for form in (*PICTURES, *FILES)}
