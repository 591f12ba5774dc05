"""``/data``: sources and how fresh they are, refused rows with a way to try again, restated history, snapshots."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.errors import AccessError, DeskpulseError
from deskpulse.language import gettext
from deskpulse.present.paging import Paging
from deskpulse.present.sources import restatement_rows, source_rows, version_rows
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.retrying import again, can_retry, retry
from deskpulse.workspace.sources import data

router = APIRouter()
HERE = "/data"
Text = Annotated[str, Form(max_length=2000)]


def _page(view: View, *, page: int = 1, said: str = "", error: str = "") -> HTMLResponse:
    paging = Paging(page=page)
    now = view.request.state.now
    found = data(view.place, most=paging.size, after=paging.after, now=now, zone=view.zone)
    shown = view.page(
        "data.html",
        sources=source_rows(found.tables, now=now, zone=view.zone),
        connections=found.connections,
        refused=[
            (one, can_retry(view.place, one.source, one.file), again(view.place, one.source, one.file))
            for one in found.refused
        ],
        rows=found.rows,
        restatements=list(restatement_rows(found.restatements, view.zone)),
        versions=list(version_rows(found.versions, view.zone)),
        tells_sizes=found.tells_sizes,
        may_see=view.viewer.may("edit_targets"),
        may_retry=view.viewer.may("administer"),
        paging=paging.of(found.refused_total),
        said=said,
        error=error,
    )
    shown.status_code = 400 if error else 200
    return shown


@router.get(HERE, response_class=HTMLResponse)
def show(view: Annotated[View, Depends(view)], page: int = 1, still: int = -1, before: int = 0) -> HTMLResponse:
    """What is known of the data; ``still`` of ``before`` rows are refused after they were tried again."""
    said = gettext("Tried again: %(still)s of %(before)s rows are still refused.", still=still, before=before)
    said = said if still >= 0 else ""
    return _page(view, page=page, said=said)


@router.post(HERE + "/retry", response_class=HTMLResponse)
def try_again(view: Annotated[View, Depends(view)], source: Text, file: Text) -> Response:
    """Reads the refused rows of a file again."""
    try:
        done = retry(view.place, source, file, now=view.request.state.now)
    except AccessError:
        raise
    except DeskpulseError as error:
        return _page(view, error=str(error))
    view.request.app.state.current.look()
    return RedirectResponse(f"{HERE}?{urlencode({'still': done.still, 'before': done.before})}", status_code=303)
