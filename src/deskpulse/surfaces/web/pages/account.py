"""``/account``: one's own password, sessions, tokens, language and time zone."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import AccessError, DeskpulseError
from deskpulse.language import names
from deskpulse.surfaces.web.pages.signing import LONGEST_NAME, Name, Password
from deskpulse.surfaces.web.view import View, view
from deskpulse.surfaces.web.visitor import accounts, address
from deskpulse.time.zone import zone_names
from deskpulse.workspace.access import ROLE_WORDS
from deskpulse.workspace.accounts import Account
from deskpulse.workspace.signing_in import SCOPES

router = APIRouter()
HERE = "/account"
Looking = Annotated[View, Depends(view)]
SAID = {
    "saved": "Saved.",
    "password": "The password is changed, and all other sessions are ended.",
    "sessions": "The sessions are ended.",
    "revoked": "The token is good no more.",
}
BY_BROWSER = ("", "As the browser asks")
Said = Literal["saved", "password", "sessions", "revoked", ""]
Scope = Literal["read", "write", "admin"]
LIVES = (("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("", "Until it is revoked"))


def _own(view: View) -> Account:
    return accounts(view.request).account(view.viewer.name)


def _page(view: View, *, said: str = "", error: str = "", secret: str = "") -> HTMLResponse:
    known, now = accounts(view.request), view.request.state.now
    account = _own(view)
    page = view.page(
        "account.html",
        account=account,
        role=ROLE_WORDS[view.viewer.role],
        sessions=known.sessions(account.id, now),
        tokens=known.tokens(account.id),
        scopes=[scope for scope in SCOPES if scope != "admin" or account.role == "admin"],
        lives=LIVES,
        languages=(BY_BROWSER, *names().items()),
        zones=zone_names(),
        said=SAID.get(said, ""),
        error=error,
        secret=secret,
    )
    page.status_code = 400 if error else 200
    page.headers["Cache-Control"] = "no-store"
    return page


def _back(said: str) -> Response:
    return RedirectResponse(f"{HERE}?said={said}", status_code=303)


@router.get(HERE, response_class=HTMLResponse)
def show(view: Looking, said: Said = "") -> HTMLResponse:
    """What lets one in, and how pages are written."""
    return _page(view, said=said)


@router.post(f"{HERE}/password", response_class=HTMLResponse)
def change_password(view: Looking, old: Password, new: Password) -> Response:
    """A new password, for who knows the old one; other sessions end."""
    known, now = accounts(view.request), view.request.state.now
    try:
        if _own(view).password is None:
            raise AccessError("You sign in by single sign-on: change the password there.")
        known.confirm(view.viewer, old, address(view.request), now)
        known.change(view.viewer.name, now, by=view.viewer.name, but=view.viewer.session, password=new)
    except DeskpulseError as error:
        return _page(view, error=str(error))
    return _back("password")


@router.post(f"{HERE}/preferences", response_class=HTMLResponse)
def prefer(
    view: Looking,
    zone: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
    language: Annotated[str, Form(max_length=LONGEST_NAME)] = "",
) -> Response:
    """Another language or time zone for one's pages."""
    values = {"language": language or None, "zone": zone or None}
    try:
        accounts(view.request).change(view.viewer.name, view.request.state.now, by=view.viewer.name, **values)
    except DeskpulseError as error:
        return _page(view, error=str(error))
    return _back("saved")


@router.post(f"{HERE}/sessions")
def end_sessions(view: Looking, session: Annotated[str, Form(max_length=LONGEST_NAME)] = "") -> Response:
    """One session less, or all others."""
    accounts(view.request).end_sessions(view.viewer, view.request.state.now, only=session or None)
    return _back("sessions")


@router.post(f"{HERE}/tokens", response_class=HTMLResponse)
def issue_token(
    view: Looking,
    name: Name = "",
    scopes: Annotated[list[Scope] | None, Form()] = None,
    days: Annotated[Literal["", "30", "90", "365"], Form()] = "90",
) -> Response:
    """A new token; the page shows it this once."""
    known, until = accounts(view.request), int(days) if days else None
    try:
        secret = known.issue_token(_own(view), name, tuple(scopes or ()), view.request.state.now, days=until)
    except DeskpulseError as error:
        return _page(view, error=str(error))
    return _page(view, secret=secret)


@router.post(f"{HERE}/tokens/revoke")
def revoke_token(view: Looking, token: Annotated[int, Form()]) -> Response:
    """A token of one's own is good no more."""
    accounts(view.request).revoke_token(view.viewer, token, view.request.state.now)
    return _back("revoked")
