"""A helpdesk's own database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from connectors.fakes.seeded import Seeded
from connectors.fakes.serving import Fake

from deskpulse.connectors.api.connector import Account

TABLE = {
    "name": "tickets",
    "table": "ticket",
    "cursor": "changed",
    "mapping": 'shape = "table"\ntable = "tickets"\n[columns]\nnumber = "source_id"\nopened = "created_at"\n'
    'state = "status"\nsubject = "subject"\n',
}


class SeededDatabase(Seeded):
    """A file that DuckDB opens in place of an API."""

    @contextmanager
    def serving(self, folder: Path) -> Iterator[Account]:
        """Writes it."""
        path = folder / "helpdesk.db"
        with duckdb.connect(str(path)) as con:
            con.execute(
                "CREATE OR REPLACE TABLE ticket AS SELECT n AS number, 'open' AS state, 'Question ' || n AS subject,"
                " TIMESTAMP '2026-03-01 09:00:00' + n * INTERVAL 1 MINUTE AS opened,"
                " TIMESTAMP '2026-03-01 10:00:00' + (n // 4) * INTERVAL 1 HOUR AS changed FROM range(200) t(n)"
            )
        yield Account(source="desk", options=self.options, secrets={"address": f"duckdb://{path}"})


def seeded() -> Seeded:
    """Two hundred tickets; each four changed at one instant."""
    return SeededDatabase(connector="sql", fake=Fake(), options={"tables": [TABLE]})
