"""The application that ``deskpulse serve`` runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from deskpulse.surfaces.web.pages import overview
from deskpulse.workspace.access import LOCAL
from deskpulse.workspace.current import Current

LOOK_SECONDS = 0.5
STATIC = Path(__file__).parent.parent / "web" / "static"
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def create_app(root: Path) -> FastAPI:
    """Pages and API of the workspace in ``root``, as an ASGI application."""
    app = FastAPI(title="deskpulse", lifespan=_watching, docs_url=None, redoc_url=None)
    app.state.current = Current(root)
    app.middleware("http")(_guarded)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=4)
    app.include_router(overview.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


@asynccontextmanager
async def _watching(app: FastAPI) -> AsyncIterator[None]:
    watcher = asyncio.create_task(_look(app.state.current))
    yield
    watcher.cancel()


async def _look(current: Current) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(current.look)


async def _guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    request.state.viewer = LOCAL
    response = await call_next(request)
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response
