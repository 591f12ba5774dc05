"""Who sits in front of a page: their accounts, their address, and the way back to where they wanted to go."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from deskpulse.language import best, codes
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.accounts import SESSION, Accounts

COOKIE, LANGUAGE = "deskpulse_session", "deskpulse_language"
YEAR = timedelta(days=365)


def accounts(request: Request) -> Accounts:
    """The accounts of the workspace that is served."""
    known: Accounts = request.app.state.accounts
    return known


def address(request: Request) -> str:
    """Where the request comes from; behind a proxy on this machine what that says."""
    return request.client.host if request.client else ""


def language(request: Request, viewer: Viewer | None) -> str:
    """What a page is written in: as the account says, else as was chosen before, else as the browser asks."""
    own = (viewer and viewer.language) or request.cookies.get(LANGUAGE)
    return own if own in codes() else best(request.headers.get("accept-language", ""))


def onward(wanted: str) -> str:
    """Only to a page of our own: a link must not lead elsewhere after signing in."""
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else "/"


def let_in(request: Request, secret: str, wanted: str = "/", lasting: timedelta = SESSION) -> Response:
    """On to the page that was wanted, with the session's cookie."""
    response = RedirectResponse(onward(wanted), status_code=303)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=round(lasting.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response
