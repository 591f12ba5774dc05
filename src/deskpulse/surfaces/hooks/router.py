"""``POST /hooks/SOURCE``: deliveries of systems, signed by them. Answered when they are on the disk."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from deskpulse.connectors.signatures import Sent
from deskpulse.workspace.hooking import Hooks

router = APIRouter()
KINDS = ("application/json", "application/x-www-form-urlencoded")
PLAIN = "identity"


@router.post("/hooks/{source}")
async def take(request: Request, source: str) -> Response:
    """202 when it is kept, 200 when it was already, 401 for a signature that does not fit."""
    hooks: Hooks = request.app.state.hooks
    if request.headers.get("content-encoding", PLAIN).strip().lower() != PLAIN:
        raise HTTPException(415, "Send it as it is: without Content-Encoding.", {"Accept-Encoding": PLAIN})
    if _kind(request) not in KINDS and hooks.reads_bodies(source):
        raise HTTPException(415, f"Send {KINDS[0]}.")
    sent = Sent(headers=dict(request.headers), body=await request.body(), url=str(request.url))
    is_new = await run_in_threadpool(hooks.take, source, sent, now=request.state.now)
    return Response(status_code=202 if is_new else 200)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


@router.head("/hooks/{source}")
async def there(source: str) -> Response:
    """Some systems look whether an address answers before they take it."""
    return Response()
