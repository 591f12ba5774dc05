"""Files read by a mapping: the connector behind ``deskpulse import MAPPING FILE...``, and behind presets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from deskpulse.connectors.cells import read_cells
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.delimited import Rows
from deskpulse.connectors.event_rows import event_batches
from deskpulse.connectors.files import read_rows
from deskpulse.connectors.mapping import MappedColumn, Mapping, load_mapping, parse_mapping
from deskpulse.connectors.rows import Origin
from deskpulse.connectors.table_rows import table_batches
from deskpulse.connectors.tables import required_columns, table_meanings, template_header
from deskpulse.connectors.ticket_rows import ticket_batches
from deskpulse.errors import InputError


@dataclass(frozen=True, kw_only=True)
class MappedFiles:
    """Reads files whose columns a mapping explains; a strict one refuses files with a column it does not explain."""

    title: str
    mapping: Mapping
    is_strict: bool = False

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield the files' canonical rows and the rows refused; raises InputError that names the file."""
        origin = Origin(source=source, observed_at=observed_at)
        for name in inputs:
            yield from mapped_batches(self._rows(Path(name)), self.mapping, origin)

    def _rows(self, path: Path) -> Rows:
        rows = read_rows(path, sheet=self.mapping.sheet)
        if self.is_strict:
            _check_headers(rows, self.mapping)
        return rows


def mapped_batches(rows: Rows, mapping: Mapping, origin: Origin) -> Iterator[Batch | Quarantined]:
    """Rows of texts as canonical ones by a mapping, and those refused; raises InputError for a column that lacks."""
    cells = read_cells(rows, mapping)
    yield from cells.refused
    if mapping.table:
        yield from table_batches(cells, mapping.table, origin)
    elif mapping.shape == "ticket":
        yield from ticket_batches(cells, mapping, origin, rows.file)
    else:
        yield from event_batches(cells, origin)


def _check_headers(rows: Rows, mapping: Mapping) -> None:
    known = {column.header for column in mapping.columns.values()}
    for header in rows.headers:
        if header.casefold() not in known:
            near = get_close_matches(header.casefold(), sorted(known), n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(sorted(known))}."
            raise InputError(f"{rows.file}: {mapping.origin} has no column '{header}'. {hint}")


def table_files(table: str) -> MappedFiles:
    """The connector of files in the form of a table's template."""
    columns = {
        meaning.name: MappedColumn(
            header=template_header(meaning.name), meaning=meaning, is_optional=meaning.name not in needed
        )
        for needed in [required_columns(table)]
        for meaning in table_meanings(table).values()
    }
    origin = f"the table '{table}'"
    mapping = Mapping(origin=origin, shape="table", table=table, columns=columns)
    return MappedFiles(title=f"Files in the form of `deskpulse template {table}`", mapping=mapping, is_strict=True)


def mapped(path: Path) -> MappedFiles:
    """The connector of a mapping file; raises InputError."""
    return MappedFiles(title=f"Files by the mapping {path.name}", mapping=load_mapping(path))


def preset_files(title: str, name: str, mapping: str) -> MappedFiles:
    """The connector of a mapping that comes with the package."""
    return MappedFiles(title=title, mapping=parse_mapping(mapping, origin=f"preset {name}"))
