"""What is known of the data themselves, as someone may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from deskpulse.answers.sources import (
    RefusedRow,
    RefusedRows,
    Restatement,
    SourceTable,
    refused,
    refused_rows,
    restatements,
    source_tables,
)
from deskpulse.store.versions import KeptVersion, kept_versions
from deskpulse.workspace.freshness import Connection, connections
from deskpulse.workspace.tickets import rules_of

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Data:
    """Sources, refused rows, restatements and snapshots; ``rows`` hold what stood in a file: for who may see it, as do
    ``connections``, which tell of addresses."""

    tables: tuple[SourceTable, ...]
    refused: tuple[RefusedRows, ...]
    rows: tuple[RefusedRow, ...]
    restatements: tuple[Restatement, ...]
    versions: tuple[KeptVersion, ...]
    tells_sizes: bool
    connections: tuple[Connection, ...]

    @property
    def refused_total(self) -> int:
        """How many rows are in quarantine."""
        return sum(one.rows for one in self.refused)


def data(place: Workspace, *, most: int, after: int, now: datetime, zone: str) -> Data:
    """What is known of the data; how much there is to who may see all of it, refused rows to who edits targets."""
    bound = bool(rules_of(place))
    may = place.viewer.may("edit_targets")
    return Data(
        tables=source_tables(place.backend),
        refused=refused(place.backend) if may else (),
        rows=refused_rows(place.backend, most=most, after=after) if may else (),
        restatements=restatements(place.backend),
        versions=() if bound else kept_versions(place.root),
        tells_sizes=not bound,
        connections=connections(place.root, now=now, zone=zone) if may and not bound else (),
    )
