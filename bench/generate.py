"""Make a support history of N tickets for measuring: Parquet files of the canonical events, a file per million tickets.

    python -m bench.generate --tickets 1000000 OUT

About nine messages and changes a ticket, three years, 400 agents in twelve teams on three schedules, customers who
come back. The same numbers give the same files. Memory does not grow with the number of tickets.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench import tables
from bench.block import BLOCK, END, Block, customer_count
from deskpulse.demo.columns import Columns, instants
from deskpulse.events import EVENT_TABLES

SOURCE = "bench"
OBSERVED = END + 3600
BLOCKS_PER_FILE = 4
BLOCK_TABLES = {
    "ticket": tables.tickets,
    "message": tables.messages,
    "change": tables.changes,
    "survey": tables.surveys,
}


def conform(name: str, columns: Columns) -> pa.Table:
    """The columns as the event table ``name``: its origin added, what is not made up left null."""
    size = len(next(iter(columns.values())))
    origin = {
        "source": pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array([SOURCE])),
        "version": pa.array(np.ones(size, np.int64)),
        "observed_at": instants(np.full(size, OBSERVED)),
    }
    return _in_schema(EVENT_TABLES[name].schema, origin | dict(columns), size)


def _in_schema(schema: pa.Schema, columns: Mapping[str, pa.Array], size: int) -> pa.Table:
    made = [columns[f.name] if f.name in columns else pa.nulls(size, f.type) for f in schema]
    fields = [f.with_type(array.type) for f, array in zip(schema, made, strict=True)]
    return pa.Table.from_arrays(made, schema=pa.schema(fields))


class Files:
    """The file being written of each table."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.writers: dict[str, pq.ParquetWriter] = {}

    def write(self, name: str, file: int, table: pa.Table) -> None:
        """Append to the file of this number; dictionaries become plain text when the file is read."""
        if name not in self.writers:
            (self.out / name).mkdir(parents=True, exist_ok=True)
            repeated = [f.name for f in table.schema if pa.types.is_dictionary(f.type)]
            self.writers[name] = pq.ParquetWriter(
                self.out / name / f"{file:04}.parquet",
                table.schema,
                use_dictionary=[*repeated, "author", "by", "customer", "version", "observed_at"],
                compression="zstd",
                compression_level=1,
                store_schema=False,
            )
        self.writers[name].write_table(table)

    def close(self) -> None:
        """Finish the files being written."""
        for writer in self.writers.values():
            writer.close()
        self.writers.clear()


def blocks(tickets: int, seed: int) -> Iterator[Block]:
    """The blocks of tickets, in order of time, each lived through."""
    for number, first in enumerate(range(0, tickets, BLOCK)):
        block = Block(seed=seed, number=number, size=min(BLOCK, tickets - first), tickets=tickets)
        block.live()
        yield block


def generate(out: Path, *, tickets: int, seed: int = 7) -> None:
    """Write all tables into ``out`` (a folder each) and the settings that go with them; empties ``out`` first."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    files = Files(out)
    files.write("person", 0, conform("person", tables.people()))
    files.write("membership", 0, conform("membership", tables.memberships()))
    for first in range(0, customer_count(tickets), BLOCK):
        count = min(BLOCK, customer_count(tickets) - first)
        files.write("customer", 0, conform("customer", tables.customers(first, count)))
    files.close()
    for number, block in enumerate(blocks(tickets, seed)):
        for name, columns in BLOCK_TABLES.items():
            files.write(name, number // BLOCKS_PER_FILE, conform(name, columns(block)))
        if number % BLOCKS_PER_FILE == BLOCKS_PER_FILE - 1:
            files.close()
    files.close()
    shutil.copy(Path(__file__).with_name("settings.toml"), out / "deskpulse.toml")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.generate", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    generate(given.out, tickets=given.tickets, seed=given.seed)


if __name__ == "__main__":
    main()
