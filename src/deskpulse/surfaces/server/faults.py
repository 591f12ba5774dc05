"""What is answered where a request fails: a page to people, a problem to programs, with what to do."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from deskpulse.surfaces.api.problems import of_error
from deskpulse.surfaces.web.view import templates

FOR_PROGRAMS = ("/api/v1", "/metrics", "/health", "/hooks/")


def explained(request: Request, error: Exception) -> Response:
    """A page, or a problem, for an error that whoever asked can mend."""
    problem = of_error(error)
    if request.url.path.startswith(FOR_PROGRAMS):
        return problem
    words = str(getattr(error, "detail", error))
    page = templates.get_template("error.html").render(error=words)
    return HTMLResponse(page, status_code=problem.status_code, headers=_kept(problem))


def _kept(problem: Response) -> dict[str, str]:
    return {name: value for name, value in problem.headers.items() if name in ("retry-after", "allow")}
