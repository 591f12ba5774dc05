"""The generated files as a connector's stream, and a small piece of news about a few of their tickets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.block import END
from bench.generate import OBSERVED, SOURCE
from deskpulse.connectors.connector import Batch
from deskpulse.demo.columns import Columns, batch, instants, numbered
from deskpulse.demo.threads import IDS_PER_TICKET


def stream(folder: Path) -> Iterator[Batch]:
    """All rows, a quarter of a million tickets' at a time: a file's tickets, then what happened to them."""
    for file in sorted(folder.glob("*/*.parquet"), key=_order):
        reader = pq.ParquetFile(file)
        for group in range(reader.num_row_groups):
            yield Batch(table=file.parent.name, rows=reader.read_row_group(group))


def _order(file: Path) -> tuple[str, bool, str]:
    return file.name, file.parent.name != "ticket", file.parent.name


def news(folder: Path, share: float) -> Iterator[Batch]:
    """A further message of the customer on some tickets, drawn from everywhere."""
    tickets = pa.concat_tables(
        pq.read_table(file, columns=["source_id", "customer"]) for file in sorted((folder / "ticket").glob("*.parquet"))
    )
    chosen = np.random.default_rng(1).choice(len(tickets), max(int(len(tickets) * share), 1), replace=False)
    some = tickets.take(pa.array(np.sort(chosen)))
    number = pc.cast(some["source_id"], pa.int64()).to_numpy()
    size = len(number)
    columns: Columns = {
        "source_id": numbered(number * IDS_PER_TICKET + IDS_PER_TICKET - 1),
        "ticket": numbered(number),
        "at": instants(np.full(size, END)),
        "seq": pa.array(np.full(size, IDS_PER_TICKET)),
        "author": some["customer"].combine_chunks(),
        "author_kind": pa.repeat("customer", size),
        "is_public": pa.repeat(True, size),
    }
    yield batch("message", columns, source=SOURCE, observed_at=OBSERVED + 3600)
