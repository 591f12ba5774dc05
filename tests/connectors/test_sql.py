"""A helpdesk's own database, read by the settings."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from connectors.fakes.run import NOW, stored, workspace

from deskpulse.connectors import sql
from deskpulse.connectors.api.connector import Account
from deskpulse.errors import SourceError
from deskpulse.workspace.syncing import sync_source

TABLE = """
[[sources.options.tables]]
name = "tickets"
table = "ticket"
schema = "desk"
cursor = "changed"
mapping = '''
shape = "table"
table = "tickets"
[columns]
number = "source_id"
opened = "created_at"
state = "status"
'''
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "helpdesk.db"
    monkeypatch.setenv("DESKPULSE_DESK_ADDRESS", f"duckdb://{path}")
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA desk")
        con.execute(
            "CREATE TABLE desk.ticket AS SELECT n AS number, 'open' AS state,"
            " TIMESTAMP '2026-03-01 09:00:00' + n * INTERVAL 1 MINUTE AS opened,"
            " TIMESTAMP '2026-03-01 10:00:00' + (n // 4) * INTERVAL 1 HOUR AS changed FROM range(10) t(n)"
        )
    return path


def test_a_table_in_portions_then_what_changed(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "ROWS", 3)  # less than the four rows that share each instant
    place = workspace(tmp_path / "desk", "sql")
    settings = place.root / "deskpulse.toml"
    settings.write_text(settings.read_text() + TABLE)
    sync_source(place, "desk", now=NOW)
    rows = stored(place.root, "ticket")
    assert [(row["source_id"], row["status"]) for row in rows] == [(str(n), "open") for n in range(10)]
    assert rows[9]["created_at"].isoformat() == "2026-03-01T09:09:00"
    with duckdb.connect(str(database)) as con:
        con.execute(
            "UPDATE desk.ticket SET state = 'pending', changed = TIMESTAMP '2026-03-02 08:00:00' WHERE number = 2"
        )
    done = sync_source(place, "desk", now=NOW.replace(hour=13))
    assert done.read["ticket"] == 4  # 8, 9 and 2 fill a portion; the next begins with 2 again
    assert done.changed["ticket"] == 1
    assert stored(place.root, "ticket")[2]["status"] == "pending"


def test_mistakes_name_no_password() -> None:
    wrong = Account(source="desk", secrets={"address": "postgres://reader:s3cret@127.0.0.1:1/x"})
    with pytest.raises(SourceError, match="cannot be opened") as told:
        sql.API.open(wrong)
    assert "s3cret" not in str(told.value)


def test_a_table_that_is_not_there_is_named(database: Path) -> None:
    options = {"tables": [{"name": "tickets", "table": "nothing"}]}
    account = Account(source="desk", options=options, secrets={"address": f"duckdb://{database}"})
    with sql.API.open(account) as client, pytest.raises(SourceError, match="has no table 'nothing'"):
        sql.API.check(client)
