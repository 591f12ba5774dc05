"""``/export``: what a page shows as a file. The address is the page's own: the same period and filters hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast, get_args

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from deskpulse.answers.answer import Answer
from deskpulse.answers.comments import Sought
from deskpulse.answers.customers import MOST_TICKETS
from deskpulse.answers.question import Comparison, Grain
from deskpulse.answers.tickets import NEWEST
from deskpulse.errors import QuestionError
from deskpulse.insights.ranking import funnel, leaderboards, ranks_shares
from deskpulse.metrics.fact import Clock
from deskpulse.present.chart import Chart, trend
from deskpulse.present.drawing import png, print_svg
from deskpulse.present.drawn import chart_of
from deskpulse.present.export import Exported, Form, export
from deskpulse.present.extract import extract_answers, extract_distribution
from deskpulse.present.extract_lists import POINTS, STANDINGS, extract_list
from deskpulse.present.histogram import histogram
from deskpulse.present.ranks import funnel_chart, rank_chart
from deskpulse.present.titled import titled
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.groups import Period, groups
from deskpulse.workspace.pages import all_comments, all_customers, all_evidence, all_tickets
from deskpulse.workspace.scorecards import scored

router = APIRouter(prefix="/export")
Picture = Literal["svg", "png"]
PICTURES: Mapping[Picture, str] = {"svg": "image/svg+xml", "png": "image/png"}


class Chosen(BaseModel):
    """What of a KPI is shown; what is left out takes the KPI's default."""

    kpi: list[str] = []
    by: list[str] = []
    grain: Grain | None = None
    variant: str | None = None
    statistic: str | None = None
    clock: Clock | None = None
    dated_by: str | None = None
    compare: Comparison | None = None

    def options(self) -> dict[str, Any]:
        """As a question is asked."""
        return self.model_dump(exclude={"kpi"})


Shown = Annotated[View, Depends(view)]


def _sent(file: Exported) -> StreamingResponse:
    named = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=named)


@router.get("/answer.{form}")
def answer(view: Shown, form: Form, chosen: Annotated[Chosen, Query()], scorecard: str | None = None) -> Response:
    """The values of KPIs; without a KPI, those of a scorecard."""
    if chosen.kpi:
        return _sent(export(extract_answers(_answers(view, chosen), name=chosen.kpi[0].replace(":", "-")), form))
    found = scored(view.place, scorecard, view.period, view.where, zone=view.zone)
    return _sent(export(extract_answers(found, name=f"scorecard-{scorecard or 'support'}"), form))


@router.get("/distribution.{form}")
def distribution(view: Shown, form: Form | Picture, kpi: str, clock: Clock | None = None) -> Response:
    """How a duration is spread: how many rows took how long, as a table or a picture."""
    found = view.distribution(kpi, clock=clock)
    if found is None:
        raise QuestionError(
            "'%(kpi)s' is no duration, or there is none in this period: there is no spread to show.", kpi=kpi
        )
    if form in get_args(Picture):
        drawn = histogram(found.bins, found.answer, found.slow)
        return _drawn(titled(drawn, found.answer.question), found.answer.kpi, cast(Picture, form))
    return _sent(export(extract_distribution(found.answer, found.bins), cast(Form, form)))


def _answers(view: View, chosen: Chosen) -> tuple[Answer, ...]:
    return tuple(view.ask(kpi, **chosen.options()) for kpi in chosen.kpi)


@router.get("/chart.{form}")
def chart(view: Shown, form: Picture, kpi: str, chosen: Annotated[Chosen, Query()]) -> Response:
    """What a KPI is drawn as for these dimensions and this grain, with its title and filters."""
    found = view.ask(kpi, **chosen.options())
    drawn = chart_of(found, marks=view.marks())
    if drawn is None:
        found = view.over_time(kpi, statistic=chosen.statistic, clock=chosen.clock)
        drawn = trend(found, marks=view.marks())
    return _drawn(titled(drawn, found.question), found.kpi, form)


def _drawn(chart: Chart, name: str, form: Picture) -> Response:
    content: str | bytes = png(chart) if form == "png" else print_svg(chart)
    named = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=PICTURES[form], headers=named)


@router.get("/ranks.{form}")
def ranks(view: Shown, form: Form | Picture, kpi: str) -> Response:
    """The ranks each unit of a leaderboard may hold."""
    standings, asked = view.standings(kpi), view.question(kpi)
    if form in get_args(Picture):
        drawn = rank_chart(standings, leaderboards().get(kpi, kpi))
        return _drawn(titled(drawn, asked), f"ranks-{asked.kpi}", cast(Picture, form))
    return _sent(export(extract_list(f"ranks-{asked.kpi}", STANDINGS, standings, asked, {}), cast(Form, form)))


@router.get("/funnel.{form}")
def funnel_of(view: Shown, form: Form | Picture, kpi: str) -> Response:
    """Each unit of a leaderboard against its size."""
    told, asked = funnel(view.standings(kpi)), view.question(kpi)
    if told is None:
        raise QuestionError("Nobody has enough contacts in this period to stand out. Choose a longer one.")
    if form in get_args(Picture):
        drawn = funnel_chart(told, is_share=ranks_shares(kpi))
        return _drawn(titled(drawn, asked), f"funnel-{asked.kpi}", cast(Picture, form))
    return _sent(export(extract_list(f"funnel-{asked.kpi}", POINTS, told.points, asked, {}), cast(Form, form)))


@router.get("/evidence.{form}")
def evidence(view: Shown, form: Form, kpi: str, chosen: Annotated[Chosen, Query()]) -> Response:
    """Every row behind a value, with the reason where it does not count."""
    options = chosen.model_dump(exclude={"kpi", "grain", "compare"})
    return _sent(export(all_evidence(view.place, view.question(kpi, **options)), form))


@router.get("/tickets.{form}")
def tickets(view: Shown, form: Form, words: str = "", sort: str = NEWEST, customer: str | None = None) -> Response:
    """Every ticket of a list."""
    return _sent(export(all_tickets(view.place, view.asked, words, order=sort, customer=customer), form))


@router.get("/comments.{form}")
def comments(view: Shown, form: Form, words: str = "", kind: str = "", score: str = "") -> Response:
    """Every comment of a list."""
    return _sent(export(all_comments(view.place, view.asked, Sought(words=words, kind=kind, score=score)), form))


@router.get("/customers.{form}")
def customers(view: Shown, form: Form, words: str = "", sort: str = MOST_TICKETS) -> Response:
    """Every customer of a list."""
    return _sent(export(all_customers(view.place, view.asked, words, sort), form))


@router.get("/groups.{form}")
def by_dimension(view: Shown, form: Form, by: str, scorecard: str = "") -> Response:
    """The scorecard by one dimension."""
    asked = Period(words=view.period, zone=view.zone, where=view.where)
    found = groups(view.place, by, asked, scorecard or None)
    return _sent(export(extract_answers(found.answers, name=f"scorecard-by-{by}"), form))
