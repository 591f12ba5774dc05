"""What coverage-guided fuzzing runs: ``python -m tests.connectors.fuzzed queue_log|csv CORPUS -runs=N``.

Any bytes are rows, rows put aside, or an error in the user's words; and each line is in one of them once.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["deskpulse.connectors", "csv"]):
    from deskpulse.connectors.asterisk_queue_log import CONNECTOR
    from deskpulse.connectors.connector import Batch
    from deskpulse.connectors.delimited import LINE, read_delimited
    from deskpulse.errors import DeskpulseError

READ_AT = datetime(2026, 1, 1)
PLACE = Path(tempfile.mkdtemp()) / "queue_log"


def queue_log(data: bytes) -> None:
    """A log as a file."""
    PLACE.write_bytes(data)
    try:
        found = list(CONNECTOR.read([str(PLACE)], source="fuzz", observed_at=READ_AT))
    except DeskpulseError:
        return
    for item in found:
        if isinstance(item, Batch) and item.table == "call":
            names = Counter(item.rows["source_id"].to_pylist())
            assert max(names.values()) == 1, f"a call twice: {names.most_common(1)}"


def csv(data: bytes) -> None:
    """A table as delimited text."""
    try:
        rows = read_delimited("fuzz.csv", data)
    except DeskpulseError:
        return
    numbers = [*rows.table[LINE].to_pylist(), *(refused.line for refused in rows.refused)]
    assert len(numbers) == len(set(numbers)), "a line is in two rows"
    assert len(set(rows.table.column_names)) == len(rows.table.column_names), "two columns of one name"


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], {"queue_log": queue_log, "csv": csv}[sys.argv[1]])
    atheris.Fuzz()
