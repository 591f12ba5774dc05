"""Rows of odd cells for every preset and every table's template: each is read or put aside, and none is a fault.

One run reads hundreds of rows; DESKPULSE_SEEDS sets how many runs there are.
"""

from __future__ import annotations

import csv
import importlib
import os
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from deskpulse.connectors.connector import Batch, Connector, Quarantined, presets
from deskpulse.connectors.mapped import table_files
from deskpulse.connectors.meanings import Meaning
from deskpulse.connectors.tables import TABLE_NAMES, table_meanings, template_header
from deskpulse.events import EVENT_TABLES
from deskpulse.sync import check

SEEDS = range(int(os.environ.get("DESKPULSE_SEEDS", "1")))
READ_AT = datetime(2026, 1, 1)
ROWS = 120
LOGS = {"asterisk_queue_log"}
"""No table with headers: test_fuzz_bytes distorts its lines."""

ODD = (
    *("", "?", "N/A", "-", "null", "NaN", "inf", "1e999", "-1", "0", "1", "2", "3", "7", "5.5"),
    *("9" * 30, "true", "maybe", "31/12/2023"),
    *("2024-01-01", "2024-02-30", "2024-01-01 10:00:00", "2024-01-01T10:00:00Z", "2024-01-01T10:00:00+14:00"),
    *("0001-01-01", "9999-12-31T23:59:59Z", "1970-01-01", "1704103200", "45292.5", "25:61:61", "990131", "10:00:00"),
    *("open", "closed", "solved", "agent", "AGENT", "customer", "new", "Blank", "USD", "a,b", 'say "no"', "two\nlines"),
    *("٣", "🙂", "é" * 300, "[]", "{}", '{"a": 1}', "=1+1", " padded ", "\ufeff", "\u2028", "x" * 5000),
)  # fmt: skip


SOUND = {
    "instant": "2024-01-01 10:00:00", "date": "2024-01-01", "integer": "3", "number": "2.5", "decimal": "2.5",
    "boolean": "true", "text": "row {}",
}  # fmt: skip
Columns = dict[str, str]


def tables_of(name: str, connector: Connector) -> dict[str, Columns]:
    """The tables a preset reads: their columns, each with a sound value; ``{}`` is the row's number."""
    module: Any = importlib.import_module(f"deskpulse.connectors.{name}")
    typed = getattr(module, "TABLES", {"rows": getattr(module, "COLUMNS", {})})
    if hasattr(connector, "mapping"):
        columns = connector.mapping.columns.values()
        return {"rows": {one.header: sound(one.meaning, next(iter(one.values), None)) for one in columns}}
    if hasattr(module, "CLOCKS"):
        clocks = dict.fromkeys(module.CLOCKS, "10:00:00") | dict.fromkeys(module.DURATIONS, "30")
        return {"rows": {**dict.fromkeys(module.TEXTS, "{}"), "outcome": "AGENT", "date": "990131", **clocks}}
    return {table: {column: SOUND[kind] for column, kind in columns.items()} for table, columns in typed.items()}


def sound(meaning: Meaning, word: str | None = None) -> str:
    """A value that fits."""
    return word or (meaning.one_of[0] if meaning.one_of else SOUND[meaning.type])


def write(path: Path, columns: Columns, chance: Random) -> None:
    """Rows of sound cells, but for one or two of each."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        for row in range(ROWS):
            cells = [value.format(row) for value in columns.values()]
            for _ in range(chance.randint(0, 2)):
                cells[chance.randrange(len(cells))] = chance.choice(ODD)
            writer.writerow(cells)


def read(connector: Connector, place: Path) -> tuple[int, list[Quarantined]]:
    good, aside = 0, []
    for item in connector.read([str(place)], source="fuzz", observed_at=READ_AT):
        if isinstance(item, Batch):
            sound, refused = check(EVENT_TABLES[item.table], item.rows)
            good += sound.num_rows
            aside += refused
        else:
            aside.append(item)
    return good, aside


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", [name for name in presets() if name not in LOGS])
def test_a_preset_reads_or_puts_aside_whatever_cells_hold(name: str, seed: int, tmp_path: Path) -> None:
    connector, chance = presets()[name], Random(f"{name} {seed}")
    tables = tables_of(name, connector)
    for table, columns in tables.items():
        write(tmp_path / f"{table}.csv", columns, chance)
    good, aside = read(connector, tmp_path if len(tables) > 1 else tmp_path / "rows.csv")
    assert good
    assert aside


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("table", TABLE_NAMES)
def test_a_row_of_a_template_is_one_row_or_put_aside(table: str, seed: int, tmp_path: Path) -> None:
    columns = {template_header(meaning.name): sound(meaning) for meaning in table_meanings(table).values()}
    if table == "change":
        columns["field"] = "team"  # its values are any text
    write(tmp_path / "rows.csv", columns, Random(f"{table} {seed}"))
    good, aside = read(table_files(table), tmp_path / "rows.csv")
    assert good + len(aside) == ROWS
    assert good > ROWS // 4
