"""Whether an answer of a fake has the names and types of a vendor's description (OpenAPI)."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,), "number": (int, float), "string": (str,), "boolean": (bool,), "array": (list,),
    "object": (dict,),
}  # fmt: skip


@cache
def schemas(path: Path) -> dict[str, Any]:
    """The named schemas of a packed description."""
    with gzip.open(path) as file:
        if path.name.endswith(".json.gz"):
            whole = json.load(file)
        else:
            yaml = pytest.importorskip("yaml", reason="the description is YAML")
            whole = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found: dict[str, Any] = whole["components"]["schemas"]
    return found


def faults(value: Any, schema: Any, known: dict[str, Any], at: str = "") -> list[str]:
    """Where a value has names the schema does not have, or other types; null is always one."""
    flat = resolved(schema, known)
    kind = flat.get("type")
    if value is None:
        return []
    if kind in TYPES and not isinstance(value, TYPES[kind]):
        return [f"{at} is no {kind}"]
    if isinstance(value, list):
        return [fault for one in value for fault in faults(one, flat.get("items", {}), known, f"{at}[]")]
    names = flat.get("properties")
    if not isinstance(value, dict) or not names:
        return []
    unknown = [f"{at}.{name} is unknown" for name in value if name not in names]
    both = [name for name in value if name in names]
    inner = [fault for name in both for fault in faults(value[name], names[name], known, f"{at}.{name}")]
    return unknown + inner


def resolved(schema: Any, known: dict[str, Any]) -> dict[str, Any]:
    """A schema with its references followed and its parts put together."""
    flat = dict(schema)
    if "$ref" in flat:
        flat = resolved(known.get(flat["$ref"].split("/")[-1], {}), known)  # extracts lack some
    for part in flat.get("allOf", ()):
        told = resolved(part, known)
        names = {**flat.get("properties", {}), **told.get("properties", {})}
        flat = {**told, **flat, "properties": names}
    return flat
