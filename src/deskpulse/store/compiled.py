"""Questions compiled once per connection: building and compiling an expression costs more than running a small one.

A connection reads one immutable snapshot, so what was worked out for it stays true as long as it lives.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import pyarrow as pa

T = TypeVar("T")
KEPT = 2000
_memories: dict[int, dict[Hashable, Any]] = {}


def remembered(backend: Any, key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` gave the first time this key was asked for on this connection; forgotten with the connection."""
    memory = _memory(backend)
    if key not in memory:
        while len(memory) >= KEPT:
            del memory[next(iter(memory))]
        memory[key] = make()
    found: T = memory[key]
    return found


def _memory(backend: Any) -> dict[Hashable, Any]:
    # By identity: two in-memory DuckDB connections of Ibis are equal and hash alike.
    name = id(backend)
    if name not in _memories:
        _memories[name] = {}
        weakref.finalize(backend, _memories.pop, name, None)
    return _memories[name]


def fetch(backend: Any, key: Hashable, build: Callable[[], Any]) -> pa.Table:
    """The rows of the ibis expression that ``build`` makes; built and compiled once per key and connection."""
    if backend.name != "duckdb":
        return backend.to_pyarrow(remembered(backend, ("expression", key), build))
    # Straight from DuckDB: the way through Ibis imports pandas.
    text = remembered(backend, ("compiled", key), lambda: backend.compile(build()))
    return backend.con.sql(text).to_arrow_table()
