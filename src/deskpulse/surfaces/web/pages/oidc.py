"""``/oidc/start`` and ``/oidc/return``: to the single sign-on provider and back."""

from __future__ import annotations

from hmac import compare_digest

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import AccessError, DeskpulseError, SignInError
from deskpulse.settings.oidc import SingleSignOn
from deskpulse.surfaces.web.pages.signing import refused
from deskpulse.surfaces.web.visitor import accounts, address, let_in, onward
from deskpulse.workspace.single_sign_on import AWAY, come_back, depart, find_provider

router = APIRouter(prefix="/oidc")
COOKIE = "deskpulse_departure"


def _settings(request: Request) -> SingleSignOn:
    known: SingleSignOn | None = request.app.state.current.place.settings.single_sign_on
    if known is None:
        raise AccessError("There is no single sign-on here: [oidc] in deskpulse.toml says by which provider.")
    return known


def _here(request: Request) -> str:
    return f"{request.base_url}oidc/return"


@router.get("/start", response_class=HTMLResponse)
def start(request: Request, next: str = "/") -> Response:
    """On to the provider; the browser keeps what proves that it was sent from here."""
    settings = _settings(request)
    try:
        provider = find_provider(settings)
    except SignInError as error:
        return refused(request, str(error))
    there, state = depart(accounts(request), provider, here=_here(request), wanted=onward(next), now=request.state.now)
    response = RedirectResponse(there, status_code=303)
    response.set_cookie(
        COOKIE,
        state,
        max_age=round(AWAY.total_seconds()),
        path="/oidc",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


@router.get("/return", response_class=HTMLResponse)
def back(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
    """A session for who the provider says it is, in the browser that was sent there."""
    settings, known = _settings(request), accounts(request)
    kept = request.cookies.get(COOKIE, "")
    if error or not code or not kept or not compare_digest(kept.encode(), state.encode()):
        return refused(request, "The single sign-on was not finished. Sign in again.")
    try:
        provider = find_provider(settings)
        account, wanted = come_back(known, provider, here=_here(request), code=code, state=state, now=request.state.now)
        response = let_in(request, known.begin(account, address(request), request.state.now), wanted)
    except DeskpulseError as fault:
        return refused(request, str(fault))
    response.delete_cookie(COOKIE, path="/oidc")
    return response
