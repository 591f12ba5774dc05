"""``/wall``: a scorecard on a screen that nobody touches; it turns to the next by itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.scorecards import rotation

router = APIRouter()


@router.get("/wall", response_class=HTMLResponse)
def wall(
    view: Annotated[View, Depends(view)],
    scorecard: str | None = None,
    cards: str = "",
    seconds: Annotated[int, Query(ge=5, le=3600)] = 30,
) -> HTMLResponse:
    """One scorecard, large; ``cards=support,board`` are those shown in turn, ``seconds`` each."""
    turn = rotation(view.place, cards, scorecard)
    return view.page(
        "wall.html",
        found=view.kept(lambda view: view.overview(turn.shown, charts=0)),
        turn=turn,
        next=view.address("/wall", scorecard=turn.next, cards=cards, seconds=str(seconds)) if turn.next else "",
        seconds=seconds,
    )
