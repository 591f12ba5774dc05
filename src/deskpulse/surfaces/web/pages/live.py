"""``/events``: the news of each snapshot, as server-sent events; ``/vega/...``: what makes charts live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from deskpulse.errors import UnknownNameError
from deskpulse.present.live_charts import bundle, bundle_name
from deskpulse.workspace.current import Current

router = APIRouter()
SILENCE_SECONDS = 20.0
"""After so long a line is sent that says nothing, so that those between do not take the stream for dead."""
FOREVER = "public, max-age=31536000, immutable"


@router.get("/events")
async def events(request: Request) -> StreamingResponse:
    """The number of the newest snapshot, now and whenever there is another."""
    return StreamingResponse(_news(request.app.state.current), media_type="text/event-stream")


async def _news(current: Current) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    versions: asyncio.Queue[int] = asyncio.Queue()

    def heard(version: int) -> None:
        loop.call_soon_threadsafe(versions.put_nowait, version)

    current.listeners.append(heard)
    try:
        yield _told(await run_in_threadpool(lambda: current.version))
        while True:
            try:
                yield _told(await asyncio.wait_for(versions.get(), SILENCE_SECONDS))
            except TimeoutError:
                yield ": nothing new\n\n"
    finally:
        current.listeners.remove(heard)


def _told(version: int) -> str:
    return f"retry: 1000\nevent: snapshot\ndata: {version}\n\n"


@router.get("/vega/{name}")
def vega(request: Request, name: str) -> Response:
    """The module that charts need to be live; its name is another for every version."""
    if name != bundle_name():
        raise UnknownNameError("module", name, (bundle_name(),))
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    return Response(bundle(request.app.state.current.cache), media_type="text/javascript", headers=headers)
