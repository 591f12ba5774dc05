"""``POST /hooks/SOURCE``: deliveries of systems, signed by them. Answered when they are on the disk."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from deskpulse.workspace.hooking import Hooks

router = APIRouter()
JSON = "application/json"


@router.post("/hooks/{source}")
async def take(request: Request, source: str) -> Response:
    """202 when it is kept, 200 when it was already, 401 for a signature that does not fit."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, f"Send {JSON}.")
    hooks: Hooks = request.app.state.hooks
    headers, body = dict(request.headers), await request.body()
    is_new = await run_in_threadpool(hooks.take, source, headers, body, now=request.state.now)
    return Response(status_code=202 if is_new else 200)
