"""The application that ``deskpulse serve`` runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from deskpulse.errors import DeskpulseError
from deskpulse.surfaces.server.faults import explained
from deskpulse.surfaces.server.guard import Guard
from deskpulse.surfaces.web.pages import kpis, overview, signing, tickets
from deskpulse.workspace.accounts import Accounts
from deskpulse.workspace.current import Current

LOOK_SECONDS = 0.5
STATIC = Path(__file__).parent.parent / "web" / "static"


def create_app(root: Path) -> FastAPI:
    """Pages and API of the workspace in ``root``, as an ASGI application."""
    app = FastAPI(title="deskpulse", lifespan=_watching, docs_url=None, redoc_url=None)
    app.state.current = Current(root)
    app.state.accounts = Accounts(root)
    app.add_middleware(Guard)
    app.add_exception_handler(DeskpulseError, explained)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=4)
    for page in (signing, overview, kpis, tickets):
        app.include_router(page.router)
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
