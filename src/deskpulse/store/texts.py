"""Expressions by name. The writer's texts of them outlive a build: for news of a few tickets, compiling the expressions
of their facts costs more than running them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import ibis
import pyarrow as pa

from deskpulse.store.blanks import Left, Template, blank, kind_of, template
from deskpulse.store.tables import quoted, stored

Table = Any  # an ibis Table

MOST = 500
_kept: dict[Hashable, _Text] = {}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Rows to be had by an expression that is only built where its text is not known.

    The ``name`` and what it ``depends_on``, besides the settings and the columns of tables, tell it from all others;
    ``values`` are put where ``build`` left a ``blank`` of the name.
    """

    name: str
    build: Callable[[], Table]
    depends_on: Hashable = ()
    values: Mapping[str, Left] = field(default_factory=dict)

    def to_pyarrow(self) -> pa.Table:
        """The rows, on whatever engine the expression is of."""
        values = {blank(name, kind_of(value)): value for name, value in self.values.items()}
        return self.build().to_pyarrow(params=values)


class Desk(Protocol):
    """Where facts are worked out: rows may be put down under a name, for later expressions to read."""

    def fetch(self, asked: Asked) -> pa.Table:
        """The rows, in Arrow."""

    def put(self, name: str, rows: Asked | pa.Table) -> None:
        """Put rows down."""

    def table(self, name: str) -> Table:
        """The table of rows that were put down."""


class Memory:
    """A desk for expressions of any engine: what is put down is in memory, and nothing is kept."""

    def __init__(self) -> None:
        self._put: dict[str, Table] = {}

    def fetch(self, asked: Asked) -> pa.Table:
        """The rows, in Arrow."""
        return asked.to_pyarrow()

    def put(self, name: str, rows: Asked | pa.Table) -> None:
        """Put rows down."""
        self._put[name] = ibis.memtable(rows.to_pyarrow() if isinstance(rows, Asked) else rows)

    def table(self, name: str) -> Table:
        """The table of rows that were put down."""
        return self._put[name]


@dataclass(frozen=True, kw_only=True)
class _Text:
    template: Template
    schema: pa.Schema


class Writing:
    """The writer's desk: what is put down are temporary tables. Texts are kept once it was told to ``keep`` them."""

    def __init__(self, backend: Callable[[], Any]) -> None:
        self._opened = backend
        self._scope: Hashable = None
        self._put: set[str] = set()

    @property
    def _backend(self) -> Any:
        return self._opened()

    def keep(self, settings: str) -> None:
        """Use texts of these settings that are known for tables with the columns that these have, and keep new ones.

        Until ``clear`` no table may change its columns.
        """
        columns = repr(sorted(stored(self._backend.con).items()))
        self._scope = (hashlib.sha256(columns.encode()).digest(), settings)

    def clear(self) -> None:
        """Drop what was put down, and keep no further texts."""
        for name in self._put:
            self._backend.con.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
        self.forget()

    def forget(self) -> None:
        """The same after a transaction, which took what was put down with it."""
        self._put.clear()
        self._scope = None

    def fetch(self, asked: Asked) -> pa.Table:
        """The rows, in Arrow and in the types that Ibis tells."""
        known = self._text(asked)
        found: pa.Table = self._backend.con.sql(known.template.filled(asked.values)).to_arrow_table()
        return found if found.schema == known.schema else found.cast(known.schema)

    def put(self, name: str, rows: Asked | pa.Table) -> None:
        """Put rows down, as a temporary table."""
        if isinstance(rows, Asked):
            self.put_query(name, self.text(rows))
            return
        self._backend.con.register("put_down", rows)
        self.put_query(name, "FROM put_down")
        self._backend.con.unregister("put_down")

    def put_query(self, name: str, query: str) -> None:
        """Put the rows of a query (SQL) down."""
        self._backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {query}")
        self._put.add(name)

    def table(self, name: str) -> Table:
        """The table of rows that were put down, or any other of the database."""
        return self._backend.table(name)

    def text(self, asked: Asked) -> str:
        """The query (SQL)."""
        return self._text(asked).template.filled(asked.values)

    def columns(self, asked: Asked) -> list[str]:
        """The names of its columns."""
        names: list[str] = self._text(asked).schema.names
        return names

    def _text(self, asked: Asked) -> _Text:
        key = (self._scope, asked.name, asked.depends_on)
        known = (_kept.pop(key, None) if self._scope else None) or self._compiled(asked)
        if self._scope:
            _kept[key] = known
            while len(_kept) > MOST:
                del _kept[next(iter(_kept))]
        return known

    def _compiled(self, asked: Asked) -> _Text:
        expression = asked.build()
        text = template(self._backend, expression, asked.values.items())
        return _Text(template=text, schema=expression.schema().to_pyarrow())


class Lazily(Mapping[str, Table]):
    """Tables by name, each looked up when it is first asked for: that costs, and known texts need none."""

    def __init__(self, names: Iterable[str], look_up: Callable[[str], Table]) -> None:
        self._names = tuple(names)
        self._look_up = look_up
        self._known: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = self._look_up(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
