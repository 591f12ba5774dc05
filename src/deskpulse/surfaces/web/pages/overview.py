"""``/``: a scorecard as cards, the trends behind them, what changed, and when customers turn up."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.answers.standings import Standing
from deskpulse.insights.ranking import leaderboards
from deskpulse.language import gettext
from deskpulse.present.chart import trend
from deskpulse.present.heat_map import heat_map
from deskpulse.present.rank_summary import RankSummary, rank_summary
from deskpulse.surfaces.web.figure import Figure, figure
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.asked import REFUSALS
from deskpulse.workspace.overview import Overview
from deskpulse.workspace.scorecards import scorecards

router = APIRouter()
FOREMOST = 3


@router.get("/", response_class=HTMLResponse)
def overview(view: Annotated[View, Depends(view)], scorecard: str | None = None) -> HTMLResponse:
    """The page people open in the morning."""
    found, figures, agents = view.kept(partial(_worked_out, scorecard=scorecard or None))
    return view.page(
        "overview.html",
        found=found,
        chosen=scorecard,
        scorecards=scorecards(view.place),
        figures=figures,
        agents=agents,
    )


def _worked_out(view: View, scorecard: str | None) -> tuple[Overview, list[str], RankSummary | None]:
    found = view.overview(scorecard)
    return found, [one.html() for one in (*_trends(view, found), *_arrivals(view, found))], _agents(view)


def _agents(view: View) -> RankSummary | None:
    """The first of the foremost leaderboards that ranks anybody, for who may see names."""
    if not view.viewer.sees_names:
        return None
    told = (rank_summary(kpi, title, _standings(view, kpi)) for kpi, title in islice(leaderboards().items(), FOREMOST))
    return next(filter(None, told), None)


def _standings(view: View, kpi: str) -> tuple[Standing, ...]:
    try:
        return view.standings(kpi)
    except REFUSALS:
        return ()


def _trends(view: View, found: Overview) -> list[Figure]:
    marks = view.marks()
    return [figure(view, trend(one, marks=marks, link=view.link(one)), one) for one in found.trends]


def _arrivals(view: View, found: Overview) -> list[Figure]:
    answer = found.arrivals
    if answer is None:
        return []
    return [figure(view, heat_map(answer, title=gettext("When customers turn up"), link=view.link(answer)), answer)]
