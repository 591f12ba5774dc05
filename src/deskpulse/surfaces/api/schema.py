"""The OpenAPI: every operation with its models, and problems in their own media type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from deskpulse.surfaces.api.problems import MEDIA_TYPE

ADDRESS = "/api/v1/openapi.json"
ABOUT = """Numbers of customer support, each with its interval, its sample size and its evidence.

**Token.** Make one on your account page and send it as `Authorization: Bearer dp_...`; where no header can be sent, a
GET takes it as `?token=`. It sees what its owner sees.

**Units.** Durations are seconds, shares run from 0 to 1, instants are ISO 8601.

**Errors** are problems (RFC 9457): `detail` says what is wrong and what to do.

**Again.** Answers carry an `ETag`: send it back as `If-None-Match`, and nothing is sent where nothing changed.
"""


def schema(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the application, made once."""
    if app.openapi_schema is None:
        found = get_openapi(title="deskpulse", version="1", description=ABOUT, routes=app.routes)
        for method, operation in _methods(found):
            _complete(method, operation)
            for status, response in operation["responses"].items():
                if int(status) >= 400 and "application/json" in response.get("content", {}):
                    response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        app.openapi_schema = found
    return app.openapi_schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    """What every operation has beside its own: tags, and what is said to who sends too much or too often."""
    told = operation["responses"]
    for status in {"423", "429"} & told.keys():
        told[status]["headers"] = {"Retry-After": _header("How many seconds to wait.", "integer")}
    if "requestBody" in operation:
        told["413"] = {**told["400"], "description": "Content Too Large"}
    if method == "get" and "security" in operation:
        told["200"].setdefault("headers", {})["ETag"] = _header("Send it back as `If-None-Match`.")
        told["304"] = {"description": "Nothing changed since the `ETag` that was sent."}


def _header(description: str, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


def _methods(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        yield from path.items()


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation of an OpenAPI document."""
    return [operation for path in document["paths"].values() for operation in path.values()]
