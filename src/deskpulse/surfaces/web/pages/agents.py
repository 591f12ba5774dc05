"""``/agents``: ranges of rank and the funnel; ``/agents/me`` and ``/agents/NAME``: one agent beside the team."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import AccessError
from deskpulse.insights.ranking import funnel, leaderboards, own_place, ranks_shares
from deskpulse.present.dictionary import entry
from deskpulse.present.groups import beside_line
from deskpulse.present.ranks import OwnLine, funnel_chart, own_line, rank_chart
from deskpulse.surfaces.web.figure import drawn, exports_of
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.groups import Period, beside

router = APIRouter()
ME = "me"


@router.get("/agents", response_class=HTMLResponse)
def agents(view: Annotated[View, Depends(view)], kpi: str = "") -> Response:
    """Agents by the ranks each may hold; who may not see names is led to their own place."""
    if not view.viewer.sees_names:
        return RedirectResponse(view.address(f"/agents/{ME}"), status_code=303)
    known = leaderboards()
    chosen = kpi or next(iter(known))
    standings = view.standings(chosen)
    told = funnel(standings)
    is_share = all(one.is_share for one in standings)
    title = known.get(chosen, chosen)
    ranks = rank_chart(standings, title)
    figures = [drawn(ranks, exports_of(view, "ranks", chosen))]
    if told:
        figures.append(drawn(funnel_chart(told, is_share=is_share), exports_of(view, "funnel", chosen)))
    return view.page(
        "agents.html",
        kpi=chosen,
        leaderboards=known,
        about=entry(chosen),
        figures=[one.html() for one in figures] if standings else [],
        sheet=ranks.table,
    )


@router.get("/agents/{name}", response_class=HTMLResponse)
def one(view: Annotated[View, Depends(view)], name: str) -> HTMLResponse:
    """One agent's scorecard beside everybody's, and the ranks they may hold; the others stay unnamed."""
    if name == ME and not view.viewer.agent:
        return view.page("agent.html", agent="", own=[], places=[])
    agent = str(view.viewer.agent) if name == ME else name
    if not view.viewer.is_shown(agent):
        raise AccessError("Figures of single people are for leads and analysts. See your own: /agents/me.")
    period = Period(words=view.period, zone=view.zone, where=view.where)
    own = [beside_line(one.answer, one.own, one.all) for one in beside(view.place, "agent", agent, period)]
    return view.page("agent.html", agent=agent, own=own, places=_places(view, agent))


def _places(view: View, agent: str) -> list[tuple[str, str, OwnLine]]:
    is_me = agent == view.viewer.agent
    found = []
    for kpi, title in leaderboards().items():
        place = view.own_place(kpi) if is_me else own_place(view.standings(kpi), agent)
        found.append((kpi, title, own_line(place, is_share=ranks_shares(kpi))))
    return found
