"""``/comments``: what customers wrote, beside their scores."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.answers.comments import SCORES, Sought
from deskpulse.present.comments import comment_rows, kind_words, model_words
from deskpulse.present.paging import Paging
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.comments import find_comments

router = APIRouter()


@router.get("/comments", response_class=HTMLResponse)
def comments(
    view: Annotated[View, Depends(view)], words: str = "", kind: str = "", score: str = "", page: int = 1
) -> HTMLResponse:
    """Comments by score, kind and words, newest first."""
    paging = Paging(page=page)
    sought = Sought(words=words, kind=kind, score=score)
    found = find_comments(view.place, view.asked, sought, most=paging.size, after=paging.after)
    return view.page(
        "comments.html",
        rows=comment_rows(found.rows, view.zone),
        chosen={"words": words, "kind": kind, "score": score},
        scores=SCORES,
        kinds={one: kind_words(one) for one in found.kinds},
        model=model_words(found),
        paging=paging.of(found.total),
    )
