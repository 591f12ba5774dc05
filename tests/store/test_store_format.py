"""The number of the workspace's format: newer code migrates, older code refuses."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from deskpulse.errors import WorkspaceError
from deskpulse.store import layout as layouts
from deskpulse.store import work as works
from deskpulse.store.layout import create_workspace, find_workspace, migrate, read_format
from deskpulse.store.tables import prepare
from deskpulse.store.work import open_work
from tests.store.event_rows import rows, ticket, workspace


def test_an_older_deskpulse_refuses_a_newer_workspace(tmp_path: Path) -> None:
    layout = create_workspace(tmp_path)
    layout.format.write_text("7\n")
    with pytest.raises(WorkspaceError, match=r"format 7, and this deskpulse reads up to 1.*pip install --upgrade"):
        find_workspace(tmp_path)


@pytest.mark.parametrize("words", ["", "one", "0", "-1"])
def test_a_format_that_is_no_number_is_shown(tmp_path: Path, words: str) -> None:
    layout = create_workspace(tmp_path)
    layout.format.write_text(words)
    with pytest.raises(WorkspaceError, match="holds"):
        find_workspace(tmp_path)


def test_a_newer_deskpulse_takes_every_step_once(tmp_path: Path) -> None:
    layout = create_workspace(tmp_path)
    con = duckdb.connect(str(layout.work))
    steps = (
        lambda con: con.execute("CREATE TABLE step (n INTEGER)"),
        lambda con: con.execute("INSERT INTO step VALUES (3)"),
    )
    migrate(layout, con, migrations=steps)
    assert read_format(layout) == 3
    layout.format.write_text("2\n")  # as a crash between the step and the number leaves it
    migrate(layout, con, migrations=steps)
    assert con.execute("FROM step").fetchall() == [(3,)]
    con.close()


def test_a_step_that_fails_leaves_the_workspace_as_it_was(tmp_path: Path) -> None:
    layout = create_workspace(tmp_path)
    con = duckdb.connect(str(layout.work))

    def fails(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("CREATE TABLE half (n INTEGER)")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(layout, con, migrations=(fails,))
    con.close()
    with duckdb.connect(str(layout.work)) as again:
        assert again.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'").fetchall() == [(0,)]
    assert read_format(layout) == 1


def test_a_column_or_value_declared_since_is_added(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    with open_work(root, holder="test") as work:
        work.merge("ticket", rows("ticket", ticket("1", status="open")))
        work.con.execute("ALTER TABLE event_ticket DROP COLUMN brand")
        work.con.execute("ALTER TABLE event_ticket ALTER COLUMN status TYPE ENUM ('open')")
        prepare(work.con)
        work.merge("ticket", rows("ticket", ticket("2", status="closed", brand="b")))
        assert work.con.execute("SELECT status, brand FROM event_ticket ORDER BY source_id").fetchall() == [
            ("open", None),
            ("closed", "b"),
        ]


def test_the_workspace_s_own_migrations_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = workspace(tmp_path)
    steps = (lambda con: con.execute("CREATE TABLE added (n INTEGER)"),)
    monkeypatch.setattr(works, "migrate", lambda layout, con: layouts.migrate(layout, con, migrations=steps))
    with open_work(root, holder="test") as work:
        assert work.con.execute("SELECT count(*) FROM added").fetchall() == [(0,)]


@pytest.mark.parametrize("size", [0, 100, 4096, 8192])
def test_a_database_that_was_killed_while_it_was_made_is_made_again(tmp_path: Path, size: int) -> None:
    layout = create_workspace(tmp_path)
    made = duckdb.connect(str(layout.work))
    made.close()
    whole = layout.work.read_bytes()
    assert len(whole) >= 3 * 4096
    layout.work.write_bytes(whole[:size])
    with open_work(tmp_path, holder="test") as work:
        assert work.is_empty("event_ticket")
