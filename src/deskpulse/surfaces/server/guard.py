"""Who sends a request: by session cookie or token; what may pass without either; what every response carries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hmac import compare_digest
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deskpulse.language import ENGLISH, speaking
from deskpulse.surfaces.api.problems import problem
from deskpulse.surfaces.web.visitor import COOKIE, language
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.accounts import Accounts

OPEN = ("/static", "/health", "/sign-in", "/set-up", "/oidc", "/s", "/hooks", "/language")
"""What answers without an account; survey answers and hooks are signed by themselves."""
HOOKS = "/hooks"
FOR_PROGRAMS = ("/api/v1", "/metrics", "/events")
"""Where tokens are good, and a stranger gets a problem instead of a page."""
MOST_BYTES, MOST_OPEN_BYTES = 20_000_000, 1_000_000
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
NOTED_BY_THEMSELVES = ("/account", "/admin", "/sign-out", "/api/v1/ask")
"""Paths whose changes are in the audit log in words of their own, or change nothing."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def now() -> datetime:
    """This instant, naive UTC, whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Guard:
    """Lets through who is known, sends the others to sign in, and writes down what is changed and taken away."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; there is nothing but HTTP to ask for."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            try:
                await self._answer(Request(scope, receive), scope, send)
            except ClientDisconnect:  # while it sent its body: there is nobody to answer
                return

    async def _answer(self, request: Request, scope: Scope, send: Send) -> None:
        request.state.now = now()
        viewer = request.state.viewer = await run_in_threadpool(_viewer, request)
        with speaking(ENGLISH if _is_below(request, FOR_PROGRAMS) else language(request, viewer)):
            await self._let_through(request, viewer, scope, send)

    async def _let_through(self, request: Request, viewer: Viewer | None, scope: Scope, send: Send) -> None:
        body = await _body(request) if request.method in CHANGES else b""
        answer: ASGIApp = await _refusal(request, body) or self.app
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                _dress(headers, keeps=viewer is not None and not _is_below(request, ("/static",)))
                status = message["status"]
                if viewer is not None and (words := _action(request, status, headers)):
                    await run_in_threadpool(_accounts(request).note, viewer.name, words, _target(request), now())
            await send(message)

        receive = _again(body, request.receive) if request.method in CHANGES else request.receive
        await answer(scope, receive, dressed)


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


def _is_below(request: Request, paths: Iterable[str]) -> bool:
    """The request's path is one of them, or lies below it."""
    path = request.scope["path"]
    return any(path == start or path.startswith(f"{start}/") for start in paths)


def _viewer(request: Request) -> Viewer | None:
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if _is_below(request, FOR_PROGRAMS):
        token = token or (request.query_params.get("token", "") if request.method == "GET" else "")
        if token:
            return _accounts(request).viewer_of_token(token, request.state.now)
    session = request.cookies.get(COOKIE)
    return _accounts(request).viewer_of_session(session, request.state.now) if session else None


async def _body(request: Request) -> bytes | None:
    """What was sent; null where it is more than is taken."""
    most = MOST_OPEN_BYTES if _is_below(request, OPEN) or request.state.viewer is None else MOST_BYTES
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def _again(body: bytes | None, receive: Receive) -> Receive:
    """A body that was read already, to be read again by the route."""
    unread: list[Message] = [{"type": "http.request", "body": body or b"", "more_body": False}]

    async def read() -> Message:
        return unread.pop() if unread else await receive()

    return read


async def _refusal(request: Request, body: bytes | None) -> Response | None:
    if body is None:
        return _told(request, 413, "This is more than is taken at once: send less.")
    if _is_below(request, OPEN):
        return None
    viewer: Viewer | None = request.state.viewer
    if viewer is None:
        return _unknown(request)
    if request.method in CHANGES and viewer.session is not None and not await _carries_secret(request, body, viewer):
        return _told(request, 403, "This form is too old. Go back, load the page again, and send it again.")
    return None


def _told(request: Request, status: int, words: str) -> Response:
    """A refusal: a problem to programs, a text to people."""
    if _is_below(request, (*FOR_PROGRAMS, HOOKS)):
        return problem(status, words)
    return PlainTextResponse(words, status_code=status)


def _unknown(request: Request) -> Response:
    if _is_below(request, FOR_PROGRAMS):
        problem = {"title": "Not signed in", "status": 401, "detail": "Send a token: 'Authorization: Bearer dp_...'."}
        return JSONResponse(problem, 401, {"WWW-Authenticate": "Bearer"}, media_type="application/problem+json")
    wanted = f"{request.scope['path']}?{request.url.query}".removesuffix("?")
    first = "/sign-in" if _accounts(request).is_set_up else "/set-up"
    returns = request.method == "GET" and wanted != "/"
    return RedirectResponse(f"{first}?next={quote(wanted)}" if returns else first, status_code=303)


async def _carries_secret(request: Request, body: bytes, viewer: Viewer) -> bool:
    """A browser sends cookies by itself, a form's secret only from a page of ours (against forged requests)."""
    sent = request.headers.get("x-form-secret")
    if sent is None and request.headers.get("content-type", "").startswith(FORMS):
        form = await Request(request.scope, _again(body, request.receive)).form()
        sent = str(form.get("form_secret") or "")
        await form.close()
    return sent is not None and compare_digest(sent.encode(), viewer.form.encode())


def _dress(headers: MutableHeaders, *, keeps: bool) -> None:
    """The headers that every response carries; ``keeps``: it is somebody's own, and no shared cache may keep it."""
    for name, value in SECURITY.items():
        headers.setdefault(name, value)
    if keeps:
        headers.setdefault("Cache-Control", "private, no-cache")


def _action(request: Request, status: int, headers: Headers) -> str | None:
    """What the audit log calls it; null for a look at a page."""
    if status >= 400:
        return None
    if headers.get("content-disposition", "").startswith("attachment"):
        return "exported"
    changes = request.method in CHANGES and not _is_below(request, (*OPEN, *NOTED_BY_THEMSELVES))
    return "changed" if changes else None


def _target(request: Request) -> str:
    chosen = "&".join(f"{name}={value}" for name, value in request.query_params.multi_items() if name != "token")
    return f"{request.method} {request.scope['path']}?{chosen}".removesuffix("?")
