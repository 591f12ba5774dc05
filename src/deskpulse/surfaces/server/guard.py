"""Who sends a request: by session cookie or token; what may pass without either; what every response carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hmac import compare_digest
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse

from deskpulse.workspace.access import Viewer
from deskpulse.workspace.accounts import Accounts

COOKIE = "deskpulse_session"
OPEN = ("/static/", "/health", "/sign-in", "/set-up", "/oidc/", "/s/", "/hooks/")
"""What answers without an account; survey answers and hooks are signed by themselves."""
MOST_BYTES = 20_000_000
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
Next = Callable[[Request], Awaitable[Response]]


def now() -> datetime:
    """This instant, naive UTC, whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


async def guard(request: Request, call_next: Next) -> Response:
    """Lets through who is known, and sends the others to sign in."""
    request.state.now = now()
    request.state.viewer = await run_in_threadpool(_viewer, request)
    refusal = await _refused(request)
    response = refusal or await call_next(request)
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if request.state.viewer is not None and not request.url.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _viewer(request: Request) -> Viewer | None:
    accounts: Accounts = request.app.state.accounts
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if token or (request.method == "GET" and request.query_params.get("token")):
        return accounts.viewer_of_token(token or request.query_params["token"], request.state.now)
    session = request.cookies.get(COOKIE)
    return accounts.viewer_of_session(session, request.state.now) if session else None


async def _refused(request: Request) -> Response | None:
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        return PlainTextResponse(f"At most {MOST_BYTES} bytes are taken at once: send less.", status_code=413)
    if request.url.path.startswith(OPEN):
        return None
    viewer: Viewer | None = request.state.viewer
    if viewer is None:
        return _unknown(request)
    if request.method in CHANGES and viewer.session is not None and not await _carries_secret(request, viewer):
        return PlainTextResponse("This form is too old. Go back, load the page again, and send it again.", 403)
    return None


def _unknown(request: Request) -> Response:
    if request.url.path.startswith(("/api/", "/metrics", "/events")):
        problem = {"title": "Not signed in", "status": 401, "detail": "Send a token: 'Authorization: Bearer dp_...'."}
        return JSONResponse(problem, 401, {"WWW-Authenticate": "Bearer"}, media_type="application/problem+json")
    wanted = f"{request.url.path}?{request.url.query}".removesuffix("?")
    first = "/set-up" if not request.app.state.accounts.is_set_up else "/sign-in"
    return RedirectResponse(f"{first}?next={quote(wanted)}", status_code=303)


async def _carries_secret(request: Request, viewer: Viewer) -> bool:
    """A browser sends cookies by itself, a form's secret only from a page of ours (against forged requests)."""
    sent = request.headers.get("x-form-secret")
    if sent is None and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        await request.body()  # kept, so that the route can read the form again
        sent = str((await request.form()).get("form_secret") or "")
    return sent is not None and compare_digest(sent.encode(), viewer.form.encode())
