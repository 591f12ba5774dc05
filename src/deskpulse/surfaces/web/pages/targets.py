"""``/targets``: targets and scorecards of the workspace, edited in its settings file, with history and undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import AccessError, DeskpulseError, InputError
from deskpulse.settings.editing import (
    SCORECARD_FIELDS,
    TARGET_FIELDS,
    goals,
    with_scorecard,
    with_target,
    without_scorecard,
    without_target,
)
from deskpulse.settings.goals import BOUNDS
from deskpulse.settings.numbers import plain
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.editing import RefusedSettings, current, digest, restore, save, versions

router = APIRouter()
HERE = "/targets"
TARGET, SCORECARD = "target", "scorecard"
Text = Annotated[str, Form(max_length=4000)]
CONDITIONS = ("channel", "team", "priority", "partner", "type")


def editing(view: Annotated[View, Depends(view)]) -> View:
    """The view of who belongs to no partner: targets name the partners. Raises AccessError."""
    if view.viewer.partner is not None:
        raise AccessError("Targets name all partners. Ask an analyst for those that are about yours.")
    return view


async def sent_form(request: Request) -> Mapping[str, str]:
    """Every field of the form that was sent."""
    return {name: str(value) for name, value in (await request.form()).items()}


Editor = Annotated[View, Depends(editing)]
Sent = Annotated[Mapping[str, str], Depends(sent_form)]


def _page(
    view: View,
    *,
    target: str = "",
    scorecard: str = "",
    fields: Mapping[str, str] | None = None,
    error: DeskpulseError | None = None,
    of: str = "",
) -> HTMLResponse:
    text = current(view.place)
    known = goals(text)
    position = int(target) if target.isdecimal() and int(target) < len(known.targets) else None
    chosen = known.targets[position] if position is not None else dict.fromkeys(TARGET_FIELDS, "")
    card = known.scorecards.get(scorecard) or dict.fromkeys(SCORECARD_FIELDS, "")
    page = view.page(
        "targets.html",
        goals=known,
        position="" if position is None else position,
        target=fields if fields and of == TARGET else chosen,
        card_name=scorecard,
        card=fields if fields and of == SCORECARD else card,
        conditions=CONDITIONS,
        versions=versions(view.place),
        based_on=digest(text),
        may=view.viewer.may("edit_targets"),
        kpis=view.place.kpis(),
        error=str(error or ""),
        field=error.field if isinstance(error, RefusedSettings) else "",
        of=of,
    )
    page.status_code = 400 if error else 200
    return page


@router.get(HERE, response_class=HTMLResponse)
def show(view: Editor, target: str = "", scorecard: str = "") -> HTMLResponse:
    """Targets and scorecards; ``target`` (its place) or ``scorecard`` (its name) is in the form."""
    return _page(view, target=target, scorecard=scorecard)


@router.post(HERE + "/target", response_class=HTMLResponse)
def change_target(view: Editor, sent: Sent, based_on: Text, position: Text = "") -> Response:
    """Adds a target, or changes the one at ``position``."""
    fields = {name: sent.get(name, "") for name in TARGET_FIELDS}
    place = int(position) if position.isdecimal() else None
    what = f"target of {fields['kpi']} {'changed' if place is not None else 'added'}"
    try:
        _save(view, with_target(current(view.place), _plain(fields), place), based_on, what)
    except DeskpulseError as error:
        return _refused(view, error, target=position, fields=fields, of=TARGET)
    return _done(view)


@router.post(HERE + "/scorecard", response_class=HTMLResponse)
def change_scorecard(view: Editor, sent: Sent, based_on: Text, name: Text) -> Response:
    """Adds a scorecard, or changes the one called ``name``."""
    fields = {field: sent.get(field, "") for field in SCORECARD_FIELDS}
    known = name.strip().lower().replace(" ", "_")
    try:
        _save(view, with_scorecard(current(view.place), known, fields), based_on, f"scorecard {known} written")
    except DeskpulseError as error:
        return _refused(view, error, scorecard=known, fields=fields, of=SCORECARD)
    return _done(view)


@router.post(HERE + "/remove", response_class=HTMLResponse)
def remove(view: Editor, based_on: Text, position: Text = "", name: Text = "") -> Response:
    """Removes the target at ``position``, or the scorecard called ``name``."""
    text = current(view.place)
    try:
        shorter = without_target(text, int(position)) if position.isdecimal() else without_scorecard(text, name)
        _save(view, shorter, based_on, f"{f'scorecard {name}' if name else 'a target'} removed")
    except DeskpulseError as error:
        return _refused(view, error)
    return _done(view)


@router.post(HERE + "/restore", response_class=HTMLResponse)
def put_back(view: Editor, based_on: Text, number: Annotated[int, Form()]) -> Response:
    """Puts an earlier version of the settings in force again."""
    try:
        restore(view.place, number, based_on=based_on, now=view.request.state.now)
    except DeskpulseError as error:
        return _refused(view, error)
    return _done(view)


def _plain(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The fields with numbers as the settings hold them. Raises RefusedSettings, at its field."""
    return {name: _plain_number(name, text) if name in BOUNDS else text for name, text in fields.items()}


def _plain_number(name: str, text: str) -> str:
    try:
        return plain(text)
    except InputError as error:
        refused = RefusedSettings(str(error))
        refused.field = name
        raise refused from None


def _save(view: View, text: str, based_on: str, what: str) -> None:
    save(view.place, text, based_on=based_on, what=what, now=view.request.state.now)


def _refused(
    view: View,
    error: DeskpulseError,
    *,
    target: str = "",
    scorecard: str = "",
    fields: Mapping[str, str] | None = None,
    of: str = "",
) -> Response:
    if isinstance(error, AccessError):
        raise error
    return _page(view, target=target, scorecard=scorecard, fields=fields, error=error, of=of)


def _done(view: View) -> Response:
    view.request.app.state.current.reload_settings()
    return RedirectResponse(HERE, status_code=303)
