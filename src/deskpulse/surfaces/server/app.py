"""The application that ``deskpulse serve`` runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from deskpulse.errors import DeskpulseError
from deskpulse.surfaces.api.routers import ROUTERS
from deskpulse.surfaces.api.schema import ADDRESS, schema
from deskpulse.surfaces.hooks.router import router as hooks_router
from deskpulse.surfaces.server.collector import collect
from deskpulse.surfaces.server.faults import explained
from deskpulse.surfaces.server.guard import Guard
from deskpulse.surfaces.server.hooks import drain_hooks
from deskpulse.surfaces.server.prepare import prepare
from deskpulse.surfaces.server.reading import read_sources
from deskpulse.surfaces.server.schedule import deliver
from deskpulse.surfaces.web.pages import (
    account,
    admin,
    agents,
    api,
    comments,
    customers,
    data,
    explore,
    export,
    groups,
    kpis,
    live,
    oidc,
    overview,
    reports,
    signing,
    surveys,
    targets,
    tickets,
    wall,
)
from deskpulse.surfaces.web.pages import (
    annotations as announcements,
)
from deskpulse.workspace.accounts import Accounts
from deskpulse.workspace.current import Current
from deskpulse.workspace.hooking import Hooks
from deskpulse.workspace.rates import Rates
from deskpulse.workspace.surveys import Surveys

LOOK_SECONDS = 0.2
STATIC = Path(__file__).parent.parent / "web" / "static"


def create_app(root: Path) -> FastAPI:
    """Pages and API of the workspace in ``root``, as an ASGI application."""
    app = FastAPI(title="deskpulse", lifespan=_watching, docs_url=None, redoc_url=None, openapi_url=ADDRESS)
    app.state.current = Current(root)
    app.state.accounts = Accounts(root)
    app.state.rates = Rates()
    app.state.surveys = Surveys(root)
    app.state.hooks = Hooks(root)
    app.add_middleware(Guard)
    for kind in (DeskpulseError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, explained)
    app.openapi = partial(schema, app)  # type: ignore[method-assign]
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=4)
    app.include_router(hooks_router, include_in_schema=False)  # first: looking through all the others takes as long
    for page in (
        signing,
        oidc,
        account,
        admin,
        overview,
        live,
        wall,
        explore,
        kpis,
        tickets,
        comments,
        agents,
        groups,
        customers,
        announcements,
        targets,
        data,
        export,
        reports,
        api,
        surveys,
    ):
        app.include_router(page.router, include_in_schema=False)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


@asynccontextmanager
async def _watching(app: FastAPI) -> AsyncIterator[None]:
    watcher = asyncio.create_task(_look(app.state.current))
    postman = asyncio.create_task(deliver(app.state.current.root))
    collector = asyncio.create_task(collect(app.state.surveys))
    reader = asyncio.create_task(read_sources(app.state.current.root))
    drainer = asyncio.create_task(drain_hooks(app.state.hooks))
    preparer = asyncio.create_task(asyncio.to_thread(prepare, app.state.current))
    yield
    preparer.cancel()
    drainer.cancel()
    reader.cancel()
    watcher.cancel()
    collector.cancel()
    postman.cancel()


async def _look(current: Current) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(current.look)
