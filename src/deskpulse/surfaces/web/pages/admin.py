"""``/admin/accounts``: who may sign in and as what; ``/admin/audit``: who did what."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import DeskpulseError
from deskpulse.present.paging import Paging
from deskpulse.surfaces.web.pages.signing import LONGEST_NAME, Name
from deskpulse.surfaces.web.view import View, view
from deskpulse.surfaces.web.visitor import accounts
from deskpulse.workspace.access import ROLE_WORDS, Role
from deskpulse.workspace.names import people

HERE, AUDIT = "/admin/accounts", "/admin/audit"
Who = Annotated[str, Form(max_length=LONGEST_NAME)]
ChosenRole = Annotated[Role, Form()]
SAID = {
    "change": "is changed.",
    "disable": "is disabled.",
    "enable": "is enabled.",
    "sessions": "is signed out everywhere.",
}
Said = Literal["change", "disable", "enable", "sessions", ""]
Step = Literal["disable", "enable", "sessions"]


def administrating(view: Annotated[View, Depends(view)]) -> View:
    """The view of who may administer; raises AccessError for all others."""
    view.viewer.need("administer")
    return view


router = APIRouter()
Admin = Annotated[View, Depends(administrating)]


def _page(view: View, *, said: str = "", error: str = "", link: str = "", chosen: str = "") -> HTMLResponse:
    known = accounts(view.request).accounts()
    page = view.page(
        "accounts.html",
        accounts=known,
        chosen=next((one for one in known if one.name == chosen), None),
        roles=ROLE_WORDS,
        teams=view.choices.get("team", ()),
        partners=view.choices.get("partner", ()),
        agents=people(view.place),
        said=SAID.get(said, ""),
        error=error,
        link=link,
    )
    page.status_code = 400 if error else 200
    page.headers["Cache-Control"] = "no-store"
    return page


def _who(agent: str, team: str, partner: str) -> dict[str, str | None]:
    return {"agent": agent.strip() or None, "team": team.strip() or None, "partner": partner.strip() or None}


def _link(view: View, secret: str) -> str:
    return f"{view.request.base_url}set-up?token={secret}"


@router.get(HERE, response_class=HTMLResponse)
def show(view: Admin, name: str = "", said: Said = "") -> HTMLResponse:
    """Every account; ``name`` is the one to change."""
    return _page(view, said=said, chosen=name)


@router.post(HERE, response_class=HTMLResponse)
def add(view: Admin, name: Name, role: ChosenRole, agent: Who = "", team: Who = "", partner: Who = "") -> Response:
    """A new account, with a link to choose its password."""
    known, now, by = accounts(view.request), view.request.state.now, view.viewer.name
    try:
        account = known.add(name, role, now, by=by, **_who(agent, team, partner))
        return _page(view, link=_link(view, known.invite(account.name, now, by=by)), chosen=account.name)
    except DeskpulseError as error:
        return _page(view, error=str(error))


@router.post(f"{HERE}/change", response_class=HTMLResponse)
def change(view: Admin, name: Name, role: ChosenRole, agent: Who = "", team: Who = "", partner: Who = "") -> Response:
    """Another role, agent, team or partner; whoever is signed in by it signs in again."""
    known, who = accounts(view.request), _who(agent, team, partner)
    try:
        known.change(name, view.request.state.now, by=view.viewer.name, role=role, **who)
    except DeskpulseError as error:
        return _page(view, error=str(error), chosen=name)
    return _back(name, "change")


@router.post(f"{HERE}/link", response_class=HTMLResponse)
def invite(view: Admin, name: Name) -> Response:
    """A new link to choose a password; shown this once."""
    try:
        secret = accounts(view.request).invite(name, view.request.state.now, by=view.viewer.name)
    except DeskpulseError as error:
        return _page(view, error=str(error))
    return _page(view, link=_link(view, secret), chosen=name)


@router.post(f"{HERE}/{{step}}", response_class=HTMLResponse)
def take(view: Admin, step: Step, name: Name) -> Response:
    """The account is disabled, enabled, or signed out everywhere."""
    known = accounts(view.request)
    act = {"disable": known.disable, "enable": known.enable, "sessions": known.end_all_sessions}[step]
    try:
        act(name, view.request.state.now, by=view.viewer.name)
    except DeskpulseError as error:
        return _page(view, error=str(error), chosen=name)
    return _back(name, step)


def _back(name: str, said: Said) -> Response:
    return RedirectResponse(f"{HERE}?{urlencode({'name': name, 'said': said})}", status_code=303)


@router.get(AUDIT, response_class=HTMLResponse)
def audit(view: Admin, words: str = "", page: int = 1) -> HTMLResponse:
    """Sign-ins, exports and changes, newest first."""
    paging = Paging(page=page)
    lines = accounts(view.request).audit(most=paging.size, after=paging.after, words=words)
    length = accounts(view.request).audit_length(words)
    return view.page("audit.html", lines=lines, words=words, paging=paging.of(length))
