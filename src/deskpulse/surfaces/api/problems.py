"""Errors as problems (RFC 9457): what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from deskpulse.errors import (
    AccessError,
    BusyError,
    ChangedError,
    DeskpulseError,
    MissingError,
    NotAskedError,
    SignInError,
    UnknownNameError,
    WorkspaceError,
)
from deskpulse.workspace.rates import TooManyError

MEDIA_TYPE = "application/problem+json"
BUSY_SECONDS = 5
# The first that fits counts: narrower errors come before the wider.
STATUSES: Sequence[tuple[type[DeskpulseError], int]] = (
    (UnknownNameError, 404),
    (MissingError, 404),
    (ChangedError, 409),
    (NotAskedError, 409),
    (BusyError, 423),
    (TooManyError, 429),
    (AccessError, 403),
    (SignInError, 401),
    (WorkspaceError, 503),
    (DeskpulseError, 400),
)
MOST_FAULTS = 5


class Problem(BaseModel):
    """What is wrong, and what to do."""

    title: str = Field(description="The kind of problem.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(
        description="What is wrong, with which thing, and what to do.",
        examples=["No KPI is called 'cast'. Did you mean 'csat'?"],
    )


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A response that says what is wrong."""
    content = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail).model_dump()
    return JSONResponse(content, status, dict(headers or {}), media_type=MEDIA_TYPE)


def of_error(error: Exception) -> JSONResponse:
    """The problem that an error is: ours, of a request that is not understood, or of the server's routes."""
    if isinstance(error, RequestValidationError):
        return problem(422, ". ".join(_faults(error.errors())))
    if isinstance(error, HTTPException):
        return problem(error.status_code, error.detail, error.headers)
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    return problem(status, str(error), _retry(error))


def _retry(error: Exception) -> Mapping[str, str]:
    if isinstance(error, TooManyError):
        return {"Retry-After": str(error.seconds)}
    return {"Retry-After": str(BUSY_SECONDS)} if isinstance(error, BusyError) else {}


def _faults(errors: Sequence[Any]) -> Iterable[str]:
    for error in errors[:MOST_FAULTS]:
        place = ".".join(str(part) for part in error["loc"][1:])
        said = f"{place or error['loc'][0]}: {error['msg']}"
        yield said.encode("utf-8", "replace").decode()


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems an operation can answer with, for the OpenAPI; those every operation can are among them."""
    known = (400, 401, 403, 404, 422, 429, 503, *statuses)
    return {status: {"model": Problem, "description": HTTPStatus(status).phrase} for status in sorted(known)}
