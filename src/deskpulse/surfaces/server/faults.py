"""What people see instead of a page that cannot be shown: what is wrong, and what to do."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from deskpulse.errors import AccessError, UnknownNameError
from deskpulse.surfaces.web.view import templates


def explained(request: Request, error: Exception) -> Response:
    """A page for an error the visitor can mend."""
    status = 403 if isinstance(error, AccessError) else 404 if isinstance(error, UnknownNameError) else 400
    return HTMLResponse(templates.get_template("error.html").render(error=str(error)), status_code=status)
