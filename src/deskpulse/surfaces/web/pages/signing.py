"""``/set-up``, ``/sign-in`` and ``/sign-out``: how people get in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import DeskpulseError
from deskpulse.surfaces.web.view import templates
from deskpulse.workspace.accounts import SESSION, Accounts

router = APIRouter()
COOKIE = "deskpulse_session"


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


def _page(template: str, status: int = 200, **values: str) -> HTMLResponse:
    return HTMLResponse(templates.get_template(template).render(**values), status_code=status)


def _onward(wanted: str) -> str:
    """Only to a page of our own: a link must not lead elsewhere after signing in."""
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else "/"


def _in(request: Request, secret: str, wanted: str) -> Response:
    response = RedirectResponse(_onward(wanted), status_code=303)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=round(SESSION.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


@router.get("/sign-in", response_class=HTMLResponse)
def ask_who(next: str = "/") -> HTMLResponse:
    """The form for name and password."""
    return _page("sign_in.html", next=next, error="")


@router.post("/sign-in", response_class=HTMLResponse)
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    next: Annotated[str, Form()] = "/",
) -> Response:
    """A session for who gives the right password."""
    address = request.client.host if request.client else ""
    try:
        secret = _accounts(request).sign_in(name, password, address, request.state.now)
    except DeskpulseError as error:
        return _page("sign_in.html", 401, next=next, error=str(error))
    return _in(request, secret, next)


@router.get("/set-up", response_class=HTMLResponse)
def ask_first(token: str = "") -> HTMLResponse:
    """The form for the first account."""
    return _page("set_up.html", token=token, error="")


@router.post("/set-up", response_class=HTMLResponse)
def set_up(
    request: Request,
    token: Annotated[str, Form(max_length=200)],
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
) -> Response:
    """The first account, an admin, for who has the one-time link."""
    accounts = _accounts(request)
    try:
        account = accounts.set_up(token, name, password, request.state.now)
    except DeskpulseError as error:
        return _page("set_up.html", 400, token=token, error=str(error))
    address = request.client.host if request.client else ""
    return _in(request, accounts.begin(account, address, request.state.now), "/")


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Ends the session."""
    _accounts(request).sign_out(request.state.viewer, request.state.now)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE)
    return response
