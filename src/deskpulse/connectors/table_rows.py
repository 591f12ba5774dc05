"""Rows of a canonical table, as a file gives them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from deskpulse.connectors.cells import Cells
from deskpulse.connectors.connector import Batch
from deskpulse.connectors.rows import Origin, joined
from deskpulse.connectors.tables import ID

_BETWEEN = "\x1f"


def table_batches(cells: Cells, table: str, origin: Origin) -> Iterator[Batch]:
    """The rows; one without an id is named by what stands in it, so that reading a file twice changes nothing."""
    if len(cells) == 0:
        return
    columns = {name: column for name, column in cells.columns.items() if name != ID}
    given = cells.text(ID)
    ids = given if given.null_count == 0 else pc.coalesce(given, _by_content(columns))
    yield origin.batch(table, ids, **columns)


def _by_content(columns: dict[str, pa.Array]) -> pa.Array:
    """A digest of each row; of several equal rows the second is told apart by its number."""
    texts = [columns[name].cast(pa.string()).fill_null("") for name in sorted(columns)]
    rows = pc.binary_join_element_wise(*texts, _BETWEEN)
    digests = pa.array([hashlib.sha256(row.encode()).hexdigest()[:20] for row in rows.to_pylist()], pa.string())
    return joined(digests, pa.array(_occurrence(digests)))


def _occurrence(values: pa.Array) -> np.typing.NDArray[np.int64]:
    """1 for the first of equal values, then counting."""
    codes = values.dictionary_encode().indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.append(True, codes[order][1:] != codes[order][:-1]))
    count = np.arange(len(codes)) - np.repeat(starts, np.diff(np.append(starts, len(codes))))
    result = np.empty(len(codes), np.int64)
    result[order] = count + 1
    return result
