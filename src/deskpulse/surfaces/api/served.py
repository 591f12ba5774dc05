"""What every operation has: a limit of requests, an ETag by snapshot and question, and the viewer's own workspace."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from deskpulse.surfaces.api.problems import described
from deskpulse.workspace import Workspace
from deskpulse.workspace.access import Viewer
from deskpulse.workspace.current import Current
from deskpulse.workspace.rates import Rates
from deskpulse.workspace.revision import revision

bearer = HTTPBearer(auto_error=False, scheme_name="token", description="A token of your account page: `dp_...`.")


class ServedRoute(APIRoute):
    """An operation that is asked for not too often, and not again where nothing changed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The operation with what comes before and after it."""
        answer = super().get_route_handler()

        async def served(request: Request) -> Response:
            viewer: Viewer = request.state.viewer
            rates: Rates = request.app.state.rates
            rates.take(viewer.name, monotonic())
            tag = await run_in_threadpool(_tag, request) if request.method == "GET" else None
            if tag and tag in _known(request):
                return Response(status_code=304, headers={"ETag": tag})
            response = await answer(request)
            if tag and response.status_code == 200:
                response.headers["ETag"] = tag
            return response

        return served


def _tag(request: Request) -> str:
    accepted = request.headers.get("accept", "")
    return f'W/"{revision(place(request), request.url.path, request.url.query, accepted)}"'


def _known(request: Request) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in request.headers.get("if-none-match", "").split(","))


def place(request: Request) -> Workspace:
    """The newest data as the one who asks may see them."""
    current: Current = request.app.state.current
    return current.place.seen_by(request.state.viewer)


def router(tag: str, *, prefix: str = "/api/v1") -> APIRouter:
    """A router whose operations are served so; ``tag`` is their heading in the documentation."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        route_class=ServedRoute,
        dependencies=[Depends(bearer)],
        responses=described(),
    )


Place = Annotated[Workspace, Depends(place)]
