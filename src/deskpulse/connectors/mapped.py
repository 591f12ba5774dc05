"""Files read by a mapping: the connector behind ``deskpulse import MAPPING FILE...``, and behind presets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deskpulse.connectors.cells import read_cells
from deskpulse.connectors.connector import Batch, Quarantined
from deskpulse.connectors.event_rows import event_batches
from deskpulse.connectors.files import read_rows
from deskpulse.connectors.mapping import Mapping, load_mapping, parse_mapping
from deskpulse.connectors.rows import Origin
from deskpulse.connectors.ticket_rows import ticket_batches


@dataclass(frozen=True, kw_only=True)
class MappedFiles:
    """Reads files whose columns a mapping explains."""

    title: str
    mapping: Mapping

    def read(self, inputs: Sequence[str], *, source: str, observed_at: datetime) -> Iterator[Batch | Quarantined]:
        """Yield the files' canonical rows and the rows refused; raises InputError that names the file."""
        origin = Origin(source=source, observed_at=observed_at)
        for name in inputs:
            cells = read_cells(read_rows(Path(name)), self.mapping)
            yield from cells.refused
            if self.mapping.shape == "ticket":
                yield from ticket_batches(cells, self.mapping, origin, name)
            else:
                yield from event_batches(cells, origin)


def mapped(path: Path) -> MappedFiles:
    """The connector of a mapping file; raises InputError."""
    return MappedFiles(title=f"Files by the mapping {path.name}", mapping=load_mapping(path))


def preset_files(title: str, name: str, mapping: str) -> MappedFiles:
    """The connector of a mapping that comes with the package."""
    return MappedFiles(title=title, mapping=parse_mapping(mapping, origin=f"preset {name}"))
