"""The files of a published table that may hold rows of a period: opening all of them costs more than reading a few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from deskpulse.store.tables import literal, quoted

SCHEMA = "narrowed"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What a query reads: rows of a table whose ``column`` lies between two instants (UTC), both included."""

    table: str
    column: str
    start: datetime | None
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Range:
    """The earliest and the latest value of a column in a file; null where it has none."""

    first: datetime | None
    last: datetime | None

    def meets(self, reach: Reach) -> bool:
        """Some value may lie within the reach."""
        if self.first is None or self.last is None:
            return False
        return self.first <= reach.end and (reach.start is None or self.last >= reach.start)


Ranges = Mapping[tuple[str, str], Range]
"""By file and column."""


def files_within(files: Sequence[Path], known: Ranges, reach: Reach) -> tuple[Path, ...]:
    """The files that may hold rows of the reach, at least one; a file of which nothing is known may."""
    found = tuple(file for file in files if (one := known.get((str(file), reach.column))) is None or one.meets(reach))
    return found or tuple(files[:1])


def ranges(con: Any, files: Sequence[Path]) -> Ranges:
    """What the files' own statistics say of their columns of instants."""
    query = """
        SELECT file_name, path_in_schema, min(low), max(high) FROM (
            SELECT *, TRY_CAST(stats_min_value AS TIMESTAMP) AS low, TRY_CAST(stats_max_value AS TIMESTAMP) AS high
            FROM parquet_metadata([{files}]) WHERE type = 'INT64'
        ) GROUP BY ALL HAVING count(*) = count(*) FILTER (low IS NOT NULL OR stats_null_count = num_values)
    """
    rows = con.execute(query.format(files=_listed(files))).fetchall()
    return {(file, column): Range(first=first, last=last) for file, column, first, last in rows}


def create_view(con: Any, name: str, files: Sequence[Path]) -> None:
    """Some of a table's files under a name (SQL) of their own."""
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM {reading(files)}")


def create_table(con: Any, name: str, text: str) -> None:
    """The rows of a query in memory, under a name of their own."""
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    con.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.{quoted(name)} AS {text}")


def view_name(table: str, files: Sequence[Path]) -> str:
    """The SQL name of the view of a table's files, which come in the order of their months."""
    return f"{SCHEMA}.{quoted(' '.join((table, files[0].stem, files[-1].stem, str(len(files)))))}"


def reading(files: Sequence[Path]) -> str:
    """The SQL that reads files as one table. Folder names hold no columns: without the option they are looked at."""
    return f"read_parquet([{_listed(files)}], hive_partitioning = false)"


def _listed(files: Sequence[Path]) -> str:
    return ", ".join(f"'{literal(str(path))}'" for path in files)
