"""Questions compiled once: building and compiling an expression costs more than running a small one.

A connection reads one immutable snapshot, so what was worked out for it stays true as long as it lives. A text with its
values left open outlives both: the same question about another period, or of the next snapshot, fills it in.
"""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import pyarrow as pa

from deskpulse.store.blanks import Blanks, Template, template
from deskpulse.store.narrowed import SCHEMA, Reach, create_table, create_view, files_within, ranges, view_name

T = TypeVar("T")
KEPT = 2000
KEPT_TEXTS = 2000
FEWEST_FILES = 4
_texts: dict[Hashable, Template] = {}
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


def keeps_texts(backend: Any) -> bool:
    """Values can be left open in expressions for this engine."""
    return backend.name in KEEPING


def fetch(backend: Any, key: Hashable, build: Callable[[], Any], blanks: Blanks | None = None) -> pa.Table:
    """The rows of the ibis expression that ``build`` makes; built and compiled once per key and connection.

    With ``blanks``, once for all connections to tables alike: values are put where ``build`` left a ``blank`` of the
    name, and the key must hold everything else that the expression depends on.
    """
    if blanks is not None and keeps_texts(backend):
        return DIRECT[backend.name](backend, _filled(backend, key, build, blanks))
    if backend.name not in DIRECT:
        return backend.to_pyarrow(remembered(backend, ("expression", key), build))
    text = remembered(backend, ("compiled", key), lambda: backend.compile(build()))
    return DIRECT[backend.name](backend, text)


def fetch_rows(
    backend: Any, key: Hashable, build: Callable[[], Any], blanks: Blanks | None = None
) -> list[dict[str, Any]]:
    """The same as mappings by column: sooner than by Arrow where rows are few."""
    if blanks is None or not keeps_texts(backend):
        found: list[dict[str, Any]] = fetch(backend, key, build, blanks).to_pylist()
        return found
    cursor = backend.con.cursor()
    rows = cursor.execute(_filled(backend, key, build, blanks)).fetchall()
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _filled(backend: Any, key: Hashable, build: Callable[[], Any], blanks: Blanks) -> str:
    return _narrowed(backend, _text(backend, key, build, blanks), blanks.reach).filled(blanks.values)


def _text(backend: Any, key: Hashable, build: Callable[[], Any], blanks: Blanks) -> Template:
    named = (_tables(backend), key)
    with _lock:
        text = _texts.pop(named, None) or template(backend, build(), blanks.values.items())
        _texts[named] = text
        while len(_texts) > KEPT_TEXTS:
            del _texts[next(iter(_texts))]
    return text


def held(backend: Any, key: Hashable, build: Callable[[], Any]) -> Any:
    """The rows of an expression as a table in memory, filled once per connection, for engines whose texts are kept.

    Its name follows from what is in it, so that texts which read it are good for other connections.
    """

    def fill() -> Any:
        text = backend.compile(build())
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        create_table(backend.con.cursor(), name, text)
        return backend.table(name, database=SCHEMA)

    return remembered(backend, ("held", key), fill)


def _narrowed(backend: Any, text: Template, reach: Reach | None) -> Template:
    """The text reading only the files that may hold what is asked for, where these are known and some may not."""
    files = getattr(backend, "published", {}).get(reach.table, ()) if reach else ()
    if reach is None or len(files) < FEWEST_FILES:
        return text
    known = remembered(backend, ("ranges", reach.table), lambda: ranges(backend.con.cursor(), files))
    chosen = files_within(files, known, reach)
    if len(chosen) == len(files):
        return text
    name = view_name(reach.table, chosen)
    remembered(backend, ("view", name), lambda: create_view(backend.con.cursor(), name, chosen))
    return text.reading(reach.table, name)


def _tables(backend: Any) -> bytes:
    """Equal for connections whose tables have the same columns of the same types."""
    return remembered(backend, "tables", lambda: hashlib.sha256(repr(KEEPING[backend.name](backend)).encode()).digest())


def _columns_of_duckdb(backend: Any) -> list[tuple[Any, ...]]:
    names = "table_name, column_name, data_type"
    found: list[tuple[Any, ...]] = (
        backend.con.cursor()
        .execute(f"SELECT {names} FROM duckdb_columns() WHERE schema_name = 'main' ORDER BY ALL")
        .fetchall()
    )
    return found


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
# Engines whose texts are kept with blanks in them, and how the columns of their tables are listed.
KEEPING: dict[str, Callable[[Any], list[tuple[Any, ...]]]] = {"duckdb": _columns_of_duckdb}
