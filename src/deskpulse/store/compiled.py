"""Questions compiled once per connection: building and compiling an expression costs more than running a small one.

A connection reads one immutable snapshot, so what was worked out for it stays true as long as it lives.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import pyarrow as pa

T = TypeVar("T")
KEPT = 2000
_memories: dict[int, dict[Hashable, Any]] = {}
# Ibis' compiler and the memories are shared by the threads of a server; running a query is not held up by it.
_lock = threading.RLock()


def remembered(backend: Any, key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` gave the first time this key was asked for on this connection; forgotten with the connection."""
    with _lock:
        memory = _memory(backend)
        if key not in memory:
            while len(memory) >= KEPT:
                del memory[next(iter(memory))]
            memory[key] = make()
        found: T = memory[key]
    return found


def shared_by_threads(backend: Any) -> Any:
    """The backend, usable by several threads: DuckDB refuses a second call on a connection that is busy with one.

    What goes by ``table`` or ``to_pyarrow`` takes turns; ``fetch`` has a cursor of its own and waits for nobody.
    """
    table, to_pyarrow = backend.table, backend.to_pyarrow

    def table_in_turn(*names: Any, **options: Any) -> Any:
        with _lock:
            return table(*names, **options)

    def to_pyarrow_in_turn(expression: Any, **options: Any) -> Any:
        with _lock:
            return to_pyarrow(expression, **options)

    backend.table, backend.to_pyarrow = table_in_turn, to_pyarrow_in_turn
    return backend


def _memory(backend: Any) -> dict[Hashable, Any]:
    # By identity: two in-memory DuckDB connections of Ibis are equal and hash alike.
    name = id(backend)
    if name not in _memories:
        _memories[name] = {}
        weakref.finalize(backend, _memories.pop, name, None)
    return _memories[name]


def fetch(backend: Any, key: Hashable, build: Callable[[], Any]) -> pa.Table:
    """The rows of the ibis expression that ``build`` makes; built and compiled once per key and connection."""
    if backend.name not in DIRECT:
        return backend.to_pyarrow(remembered(backend, ("expression", key), build))
    text = remembered(backend, ("compiled", key), lambda: backend.compile(build()))
    return DIRECT[backend.name](backend, text)


def _from_duckdb(backend: Any, text: str) -> pa.Table:
    return backend.con.cursor().sql(text).to_arrow_table()  # a cursor each: threads ask at once


def _from_spark(backend: Any, text: str) -> pa.Table:
    """Spark gives a truncated instant the session's zone, which is UTC: as everywhere, it goes without saying."""
    found = backend._session.sql(text).toArrow()
    naive = (
        field.with_type(pa.timestamp("us")) if pa.types.is_timestamp(field.type) else field for field in found.schema
    )
    return found.cast(pa.schema(naive))


# Straight from the engine where it speaks Arrow: the way through Ibis goes by pandas.
DIRECT: dict[str, Callable[[Any, str], pa.Table]] = {"duckdb": _from_duckdb, "pyspark": _from_spark}
