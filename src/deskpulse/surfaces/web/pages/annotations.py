"""``/annotations``: changes of process ("new macro", "bot on"), announced, corrected and taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.answers.annotations import Annotation
from deskpulse.errors import DeskpulseError
from deskpulse.present.words import time_words
from deskpulse.surfaces.web.view import View, view
from deskpulse.time.zone import to_local
from deskpulse.workspace.annotating import LONGEST, SOURCE, Change, annotate, known_annotations, take_back

router = APIRouter()
HERE = "/annotations"
Text = Annotated[str, Form(max_length=500)]


def _page(view: View, *, edited: str = "", error: str = "", change: Change | None = None) -> HTMLResponse:
    known = known_annotations(view.place)
    chosen = next((one for one in known if one.source == SOURCE and one.source_id == edited), None)
    page = view.page(
        "annotations.html",
        rows=[(one, time_words(one.at, view.zone), one.source == SOURCE) for one in known],
        may=view.viewer.may("annotate"),
        edited=edited,
        form=change or _filled(view, chosen),
        error=error,
        longest=LONGEST,
    )
    page.status_code = 400 if error else 200
    return page


def _filled(view: View, one: Annotation | None) -> Change:
    if one is None:
        now = to_local(view.request.state.now, view.zone)
        return Change(at=now.strftime("%Y-%m-%dT%H:%M"), title="", zone=view.zone, team=view.viewer.team or "")
    at = to_local(one.at, view.zone).strftime("%Y-%m-%dT%H:%M")
    return Change(at=at, title=one.title, zone=view.zone, team=one.team or "", channel=one.channel or "")


@router.get(HERE, response_class=HTMLResponse)
def show(view: Annotated[View, Depends(view)], edit: str = "") -> HTMLResponse:
    """Every announced change; ``edit`` is the one in the form."""
    return _page(view, edited=edit)


@router.post(HERE, response_class=HTMLResponse)
def announce(
    view: Annotated[View, Depends(view)], at: Text, title: Text, team: Text = "", channel: Text = "", id: Text = ""
) -> Response:
    """Announces a change, or corrects the one called ``id``."""
    change = Change(at=at, title=title, zone=view.zone, team=team, channel=channel)
    view.viewer.need("annotate")
    try:
        annotate(view.place, change, now=view.request.state.now, id=id or None)
    except DeskpulseError as error:
        return _page(view, edited=id, error=str(error), change=change)
    return _done(view)


@router.post(HERE + "/remove", response_class=HTMLResponse)
def remove(view: Annotated[View, Depends(view)], id: Text) -> Response:
    """Takes a change back."""
    take_back(view.place, id, now=view.request.state.now)
    return _done(view)


def _done(view: View) -> Response:
    view.request.app.state.current.look()
    return RedirectResponse(HERE, status_code=303)
