"""``/api``: the operations of the API, as the OpenAPI document tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from deskpulse.surfaces.web.view import View, view

router = APIRouter()
Schema = Mapping[str, Any]
DOCUMENT = "/api/v1/openapi.json"


@dataclass(frozen=True, kw_only=True)
class Field:
    """What is sent or comes back: a parameter, or a field of a body."""

    name: str
    place: str
    type: str
    is_required: bool
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation; ``statuses`` are what it can answer with, in words."""

    method: str
    path: str
    heading: str
    summary: str
    meaning: str
    takes: tuple[Field, ...]
    gives: tuple[Field, ...]
    statuses: tuple[tuple[str, str], ...]


@router.get("/api", response_class=HTMLResponse)
def described(view: Annotated[View, Depends(view)]) -> HTMLResponse:
    """Every operation, by heading."""
    document = view.request.app.openapi()
    operations = list(_operations(document))
    headings = dict.fromkeys(one.heading for one in operations)
    return view.page(
        "api.html",
        about=[text for text in document["info"]["description"].split("\n\n") if text],
        groups=[(heading, [one for one in operations if one.heading == heading]) for heading in headings],
        document=DOCUMENT,
        address=str(view.request.base_url).rstrip("/"),
    )


def _operations(document: Schema) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield Operation(
                method=method.upper(),
                path=path,
                heading=told["tags"][0],
                summary=told["summary"],
                meaning=told["description"],
                takes=(*_parameters(told), *_sent(told, document)),
                gives=tuple(_given(told, document)),
                statuses=tuple((code, one["description"]) for code, one in told["responses"].items()),
            )


def _parameters(told: Schema) -> Iterator[Field]:
    for one in told.get("parameters", ()):
        yield _field(one["name"], {**one["schema"], **one}, one["in"], is_required=one.get("required", False))


def _sent(told: Schema, document: Schema) -> Iterator[Field]:
    content = told.get("requestBody", {}).get("content", {})
    for body in content.values():
        yield from _fields(body["schema"], document, "body")


def _given(told: Schema, document: Schema) -> Iterator[Field]:
    for code in ("200", "201"):
        content = told["responses"].get(code, {}).get("content", {}).get("application/json", {})
        schema = content.get("schema", {})
        yield from _fields(schema.get("items", schema), document, "answer")


def _fields(schema: Schema, document: Schema, place: str) -> Iterator[Field]:
    whole = _resolved(schema, document)
    for name, one in whole.get("properties", {}).items():
        yield _field(name, one, place, is_required=name in whole.get("required", ()))


def _resolved(schema: Schema, document: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Schema = document["components"]["schemas"][name] if name else schema
    return found


def _field(name: str, schema: Schema, place: str, *, is_required: bool) -> Field:
    return Field(
        name=name, place=place, type=_type(schema), is_required=is_required, meaning=schema.get("description", "")
    )


def _type(schema: Schema) -> str:
    """``text``, ``number``, ``list of text``, ``one of a, b``..."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(one) for one in schema["anyOf"] if one.get("type") != "null"))
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return TYPES.get(schema.get("format", ""), TYPES.get(schema.get("type", ""), "anything"))


TYPES = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "object",
    "date-time": "instant",
}
