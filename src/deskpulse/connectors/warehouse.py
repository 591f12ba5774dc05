"""Tables a loader wrote: in a folder of CSV or Parquet, in a DuckDB file, or behind any address Ibis can open.

They are copied, only the columns asked for, into a database in memory, so that one set of expressions serves them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from deskpulse.connectors.cells import read_columns
from deskpulse.connectors.connector import Quarantined
from deskpulse.connectors.delimited import Rows
from deskpulse.connectors.files import read_rows, text_table
from deskpulse.connectors.instants import INSTANT
from deskpulse.connectors.mapping import MappedColumn
from deskpulse.connectors.meanings import CellType, Meaning
from deskpulse.errors import InputError

_ARROW: dict[CellType, pa.DataType] = {
    "text": pa.string(),
    "instant": INSTANT,
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
_SUFFIXES = (".csv", ".csv.gz", ".parquet", ".tsv", ".jsonl")
Columns = Mapping[str, CellType]


@dataclass(frozen=True, kw_only=True)
class Warehouse:
    """The tables found, typed and ready for expressions, and the rows that were refused."""

    tables: Mapping[str, ir.Table]
    refused: tuple[Quarantined, ...]
    backend: Any = field(repr=False)


def open_warehouse(
    address: str,
    wanted: Mapping[str, Columns],
    required: Mapping[str, tuple[str, ...]],
    *,
    schema: str = "zendesk",
) -> Warehouse:
    """Copy the ``wanted`` tables from ``address``; one that is missing is empty.

    ``required`` names, per table, the columns no row can do without; ``schema`` is where a database may keep the
    tables, if not in the one the address opens. Raises InputError.
    """
    backend = ibis.duckdb.connect()
    tables: dict[str, ir.Table] = {}
    refused: list[Quarantined] = []
    found = dict(_found(address, wanted, schema))
    if not found:
        raise InputError(f"{address} has none of the tables {', '.join(wanted)}: name another folder or database.")
    for name, columns in wanted.items():
        rows, aside = _typed(found.get(name), columns, required.get(name, ()), address)
        refused += aside
        tables[name] = backend.create_table(name, rows)
    return Warehouse(tables=tables, refused=tuple(refused), backend=backend)


def _typed(
    rows: Rows | None, columns: Columns, required: tuple[str, ...], address: str
) -> tuple[pa.Table, tuple[Quarantined, ...]]:
    schema = pa.schema([(name, _ARROW[type_]) for name, type_ in columns.items()])
    if rows is None:
        return schema.empty_table(), ()
    mapped = {name: _column(name, type_, name in required) for name, type_ in columns.items()}
    cells = read_columns(rows, mapped, required, {}, address)
    arrays = [
        cells.columns[name] if name in cells.columns else pa.nulls(len(cells), _ARROW[type_])
        for name, type_ in columns.items()
    ]
    return pa.table(arrays, schema=schema), cells.refused


def _column(name: str, type_: CellType, is_required: bool) -> MappedColumn:
    meaning = Meaning(name=name, type=type_, says=name)
    return MappedColumn(header=name, meaning=meaning, null_words=frozenset({"", "null"}), is_optional=not is_required)


def _found(address: str, wanted: Mapping[str, Columns], schema: str) -> Iterator[tuple[str, Rows]]:
    path = Path(address)
    if path.is_dir():
        return _in_folder(path, wanted)
    if path.is_file():
        return _in_database(_connect(f"duckdb://{path}?read_only=True", address), address, wanted, schema)
    if "://" in address:
        return _in_database(_connect(address, address), address, wanted, schema)
    raise InputError(
        f"There is no folder or database {address}: check the name, or give an address like postgres://..."
    )


def _in_folder(folder: Path, wanted: Mapping[str, Columns]) -> Iterator[tuple[str, Rows]]:
    for name in wanted:
        for stem in (name, f"{name}_data"):
            path = next((folder / f"{stem}{end}" for end in _SUFFIXES if (folder / f"{stem}{end}").is_file()), None)
            if path is not None:
                yield name, read_rows(path)
                break


def _connect(url: str, address: str) -> Any:
    try:
        return ibis.connect(url)
    except Exception as cause:  # every engine has errors of its own: all mean the same to whoever typed the address
        raise InputError(f"{address} cannot be opened: {cause}. Check the address and that you may read it.") from None


def _in_database(source: Any, address: str, wanted: Mapping[str, Columns], named: str) -> Iterator[tuple[str, Rows]]:
    """Tables by name, with or without ``_data``, in the schema the address opens or in the one that is ``named``."""
    for name, columns in wanted.items():
        places = [(stem, schema) for schema in (None, named) for stem in (name, f"{name}_data")]
        table = next(filter(None, (_table(source, stem, schema) for stem, schema in places)), None)
        if table is not None:
            yield name, Rows(file=f"{address}: {name}", table=_fetched(table, columns))


class _Found:
    """A table, since one is neither true nor false."""

    def __init__(self, table: ir.Table) -> None:
        self.table = table


def _table(source: Any, name: str, schema: str | None) -> _Found | None:
    """The table, if there is one: asking for it is the one way that works on every engine."""
    try:
        return _Found(source.table(name, database=schema) if schema else source.table(name))
    except Exception:  # every engine has an error of its own for a table that is not there
        return None


def _fetched(found: _Found, columns: Columns) -> pa.Table:
    chosen = [column for column in found.table.columns if column.lower() in columns]
    return text_table(found.table.select(*chosen).to_pyarrow())


def orphans(rows: ir.Table, column: str, parents: ir.Table, told: str, file: str) -> Iterator[Quarantined]:
    """Rows whose ``column`` names no id of ``parents``, each put aside with the reason ``told``."""
    lost = rows.anti_join(parents, rows[column] == parents.id).to_pyarrow()
    for row in lost.to_pylist():
        raw = ",".join("" if value is None else str(value) for value in row.values())
        yield Quarantined(file=file, line=None, column=column, reason=told, raw=raw)
