"""``/reports``: a scorecard as a file to take along, and the reports that are sent by themselves."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from deskpulse.language import ENGLISH, speaking, spoken
from deskpulse.present.export import file_name
from deskpulse.present.report import WRITERS, write
from deskpulse.surfaces.web.pages.admin import administrating
from deskpulse.surfaces.web.view import View, view
from deskpulse.workspace.delivery import run_due, upcoming
from deskpulse.workspace.documents import document
from deskpulse.workspace.scorecards import scorecards

HERE = "/reports"
router = APIRouter()
ReportForm = Literal["pdf", "html", "xlsx", "md", "json"]
FORMS: dict[ReportForm, str] = {
    "pdf": "PDF",
    "xlsx": "Excel",
    "html": "Web page, for a mail",
    "md": "Markdown",
    "json": "JSON",
}

FOR_PEOPLE = ("pdf", "html", "xlsx", "md")
"""What is read as it is, and so written in the reader's language."""


@router.get(HERE, response_class=HTMLResponse)
def show(view: Annotated[View, Depends(view)], scorecard: str = "", sent: int = 0, failed: int = 0) -> HTMLResponse:
    """What can be taken along; for admins also what is sent to whom, and whether it arrived."""
    now = view.request.state.now
    scheduled = upcoming(view.place.root, now) if view.viewer.may("administer") else ()
    return view.page(
        "reports.html",
        forms=FORMS,
        cards=scorecards(view.place),
        scorecard=scorecard,
        scheduled=scheduled,
        sent=sent,
        failed=failed,
    )


@router.get(f"{HERE}/report.{{form}}")
def take(view: Annotated[View, Depends(view)], form: ReportForm, scorecard: str = "") -> Response:
    """A scorecard of the page's period and filters, as far as the viewer may see it."""
    address, where = str(view.request.base_url), view.where
    with speaking(spoken().code if form in FOR_PEOPLE else ENGLISH):
        whole = document(view.place, view.period, name=scorecard or None, where=where, zone=view.zone, address=address)
        content = write(whole, form)
    name = file_name(f"{scorecard or 'report'}-{view.period}", form)
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=WRITERS[form].media_type, headers=named)


@router.post(f"{HERE}/send")
def send(view: Annotated[View, Depends(administrating)], name: Annotated[str, Form(max_length=200)]) -> Response:
    """Sends a report now to all who get it."""
    outcomes = run_due(view.place.root, view.request.state.now, at_once=True, only=name)
    failed = [outcome for outcome in outcomes if outcome.error]
    arrived = [outcome for outcome in outcomes if not outcome.error]
    return RedirectResponse(f"{HERE}?{urlencode({'sent': len(arrived), 'failed': len(failed)})}", status_code=303)
