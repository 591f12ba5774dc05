"""``/set-up``, ``/sign-in`` and ``/sign-out``: how people get in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import DeskpulseError
from deskpulse.language import names, spoken
from deskpulse.surfaces.web.view import templates
from deskpulse.surfaces.web.visitor import COOKIE, LANGUAGE, YEAR, accounts, address, let_in, onward
from deskpulse.workspace.accounts import SESSION
from deskpulse.workspace.signing_in import LONG_SESSION

router = APIRouter()
LONGEST_NAME, LONGEST_PASSWORD, LONGEST_ADDRESS = 200, 1000, 4000
Name = Annotated[str, Form(max_length=LONGEST_NAME)]
Password = Annotated[str, Form(max_length=LONGEST_PASSWORD)]


def _page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    provider = request.app.state.current.place.settings.single_sign_on
    others = {code: name for code, name in names().items() if code != spoken().code} if request.method == "GET" else {}
    here = f"{request.url.path}?{request.url.query}"
    title = provider.title if provider else ""
    text = templates.get_template(template).render(provider=title, languages=others, here=here, **values)
    return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})


def refused(request: Request, why: str) -> HTMLResponse:
    """The sign-in page with what went wrong on the way."""
    return _page(request, "sign_in.html", 401, next="/", error=why)


@router.get("/sign-in", response_class=HTMLResponse)
def ask_who(request: Request, next: str = "/") -> HTMLResponse:
    """The form for name and password."""
    return _page(request, "sign_in.html", next=next, error="")


@router.post("/sign-in", response_class=HTMLResponse)
def sign_in(
    request: Request,
    name: Name,
    password: Password,
    next: Annotated[str, Form(max_length=LONGEST_ADDRESS)] = "/",
    stays: Annotated[bool, Form()] = False,
) -> Response:
    """A session for who gives the right password."""
    try:
        secret = accounts(request).sign_in(name, password, address(request), request.state.now, stays=stays)
    except DeskpulseError as error:
        return _page(request, "sign_in.html", 401, next=next, error=str(error))
    return let_in(request, secret, next, LONG_SESSION if stays else SESSION)


@router.get("/set-up", response_class=HTMLResponse)
def ask_first(request: Request, token: str = "") -> Response:
    """The form for the first account, or for the password of one that was invited."""
    if not token and accounts(request).is_set_up:
        return RedirectResponse("/sign-in", status_code=303)
    return _page(request, "set_up.html", token=token, error="", link=accounts(request).link(token, request.state.now))


@router.post("/set-up", response_class=HTMLResponse)
def set_up(
    request: Request,
    token: Annotated[str, Form(max_length=LONGEST_NAME)],
    password: Password,
    name: Name = "",
) -> Response:
    """The first account, an admin, or an invited one, for who has the one-time link."""
    known = accounts(request)
    try:
        account = known.set_up(token, name, password, request.state.now)
    except DeskpulseError as error:
        link = known.link(token, request.state.now)
        return _page(request, "set_up.html", 400, token=token, error=str(error), link=link)
    return let_in(request, known.begin(account, address(request), request.state.now))


@router.get("/language/{code}")
def speak(request: Request, code: Annotated[str, Path(max_length=LONGEST_NAME)], next: str = "/sign-in") -> Response:
    """The language for this browser, until an account says otherwise; an unknown one is that of the browser."""
    response = RedirectResponse(onward(next), status_code=303)
    secure = request.url.scheme == "https"
    response.set_cookie(
        LANGUAGE, code, max_age=round(YEAR.total_seconds()), samesite="lax", httponly=True, secure=secure
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """Ends the session."""
    accounts(request).sign_out(request.state.viewer, request.state.now)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE)
    return response
