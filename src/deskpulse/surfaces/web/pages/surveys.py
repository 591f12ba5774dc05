"""``/s/TOKEN``: the page a survey's link opens. It works without JavaScript, and without an account.

A score in the address, as from a button in an e-mail, is only chosen in the form: mail scanners open links as well.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import DeskpulseError, InputError, SignInError
from deskpulse.language import speaking, spoken
from deskpulse.settings.surveys import Survey
from deskpulse.surfaces.web.view import templates
from deskpulse.workspace.surveys import LONGEST_COMMENT, Opened, Surveys

router = APIRouter()
UNCHOSEN = "Choose an answer first."
QUIET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


def _surveys(request: Request) -> Surveys:
    surveys: Surveys = request.app.state.surveys
    return surveys


def _page(
    request: Request, template: str, status: int = 200, *, survey: Survey | None = None, **values: object
) -> HTMLResponse:
    name = _surveys(request).settings.name
    with speaking(survey.language if survey else spoken().code):
        text = templates.get_template(template).render(name=name, survey=survey, **values)
    return HTMLResponse(text, status_code=status, headers=QUIET)


def _refused(request: Request, error: DeskpulseError) -> HTMLResponse:
    return _page(request, "survey_closed.html", 404 if isinstance(error, SignInError) else 410, error=str(error))


def _form(
    request: Request, opened: Opened, score: int | None, error: str = "", comment: str = "", status: int = 200
) -> HTMLResponse:
    chosen = score if score in opened.scores else opened.score
    return _page(
        request,
        "survey.html",
        status,
        survey=opened.survey,
        scores=opened.scores,
        chosen=chosen,
        comment=comment,
        error=error,
        path=request.url.path,
        longest=LONGEST_COMMENT,
        is_changed=opened.score is not None,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("10") else None


@router.get("/s/{token}", response_class=HTMLResponse)
def ask(request: Request, token: str, score: str = "", done: str = "") -> Response:
    """The question, with the score of the address chosen but not recorded; or thanks for an answer."""
    try:
        opened = _surveys(request).open(token, request.state.now)
    except DeskpulseError as error:
        return _refused(request, error)
    if done and opened.score is not None:
        return _page(request, "survey_thanks.html", survey=opened.survey, score=opened.score, path=request.url.path)
    return _form(request, opened, _number(score))


@router.post("/s/{token}", response_class=HTMLResponse)
def answer(
    request: Request,
    token: str,
    score: Annotated[str, Form()] = "",
    comment: Annotated[str, Form(max_length=100_000)] = "",
) -> Response:
    """Records the answer, or another one, and gives thanks."""
    surveys = _surveys(request)
    try:
        opened = surveys.open(token, request.state.now)
    except DeskpulseError as error:
        return _refused(request, error)
    chosen = _number(score)
    if chosen is None:
        return _form(request, opened, None, UNCHOSEN, comment, 400)
    try:
        surveys.answer(token, chosen, comment, request.state.now)
    except InputError as error:
        return _form(request, opened, chosen, str(error), comment, 400)
    return RedirectResponse(f"/s/{token}?done=1", status_code=303, headers=QUIET)
