"""Snapshots: what is written, what is kept, what readers see, and what changed in the past."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from deskpulse.errors import WorkspaceError
from deskpulse.store import publish as publishing
from deskpulse.store.layout import Layout
from deskpulse.store.publish import publish
from deskpulse.store.snapshot import Snapshot, open_snapshot
from deskpulse.store.work import Work, open_work
from deskpulse.sync import build, sync
from tests.store.event_rows import batch, change, count_messages, message, rows, ticket, workspace

JUNE = datetime(2026, 6, 1)
JULY = datetime(2026, 7, 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace(tmp_path / "desk")


def read(snapshot: Snapshot, table: str) -> list[dict[str, Any]]:
    """What any reader of Parquet finds."""
    return [row for path in snapshot.files[table] for row in pq.read_table(path).to_pylist()]


def load(work: Work, root: Path, *batches: Any, as_of: datetime = JUNE, keep: int = 5) -> Snapshot:
    sync(work, batches, source="desk")
    build(work, count_messages)
    return publish(work, root, as_of=as_of, keep=keep)


def test_a_snapshot_holds_every_table_and_its_instant(root: Path) -> None:
    with open_work(root, holder="test") as work:
        load(work, root, batch("ticket", ticket("1")), batch("message", message("m", "1"))).close()
    with open_snapshot(root) as snapshot:
        assert (snapshot.version, snapshot.as_of) == (1, JUNE)
        assert {"fact_ticket", "event_ticket", "event_call", "restatement", "quarantine"} <= set(snapshot.files)
        assert read(snapshot, "event_call") == []
        [row] = read(snapshot, "fact_ticket")
        assert (row["source_id"], row["messages"]) == ("1", 1)


def test_a_merged_ticket_s_messages_count_for_the_survivor(root: Path) -> None:
    with open_work(root, holder="test") as work:
        many = [ticket(str(n)) for n in range(20)]
        load(work, root, batch("ticket", *many), batch("message", message("a", "1"), message("b", "2"))).close()
        load(work, root, batch("change", change("c", "1", "merged_into", "2"))).close()
    with open_snapshot(root) as snapshot:
        found = {row["source_id"]: row["messages"] for row in read(snapshot, "fact_ticket")}
    assert (found["2"], found["1"], len(found)) == (2, 0, 20)


def test_unchanged_files_are_those_of_the_version_before(root: Path) -> None:
    with open_work(root, holder="test") as work:
        first = load(work, root, batch("ticket", ticket("1")), batch("message", message("m", "1")))
        second = load(work, root, batch("message", message("n", "1")))
        assert second.files["event_ticket"] == first.files["event_ticket"]
        assert second.files["event_message"] != first.files["event_message"]
        first.close()
        second.close()


def test_only_the_months_that_changed_are_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "ROWS_OF_ONE_FILE", 0)
    opened = ["2026-01-05 09:00:00", "2026-02-05 09:00:00", "2026-03-05 09:00:00"]
    many = [ticket(f"{n}", opened[n % 3]) for n in range(30)]
    with open_work(root, holder="test") as work:
        first = load(work, root, batch("ticket", *many))
        second = load(work, root, batch("message", message("m", "4")), as_of=JULY)
        changed = set(second.files["fact_ticket"]) - set(first.files["fact_ticket"])
        assert [path.name for path in changed] == ["fact_ticket.2026-02.parquet"]
        assert len(second.files["fact_ticket"]) == 3
        assert len(read(second, "fact_ticket")) == 30
        first.close()
        second.close()


def test_a_table_that_grows_is_cut_into_months(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "ROWS_OF_ONE_FILE", 1)
    with open_work(root, holder="test") as work:
        load(work, root, batch("ticket", ticket("1"))).close()
        grown = load(work, root, batch("ticket", ticket("2", "2026-02-05 09:00:00")))
        assert [path.name for path in grown.files["event_ticket"]] == [
            "event_ticket.2026-01.parquet",
            "event_ticket.2026-02.parquet",
        ]
        assert [row["source_id"] for row in read(grown, "event_ticket")] == ["1", "2"]
        grown.close()


def test_of_a_young_month_only_the_days_around_a_change_are_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tickets of 5 January, and of 5, 12 and 20 March. A message to that of the 12th changes it; one to that of January
    the whole of January; and once something is of May, a message to that of the 20th puts March into one file."""
    monkeypatch.setattr(publishing, "ROWS_OF_ONE_FILE", 0)
    monkeypatch.setattr(publishing, "ROWS_OF_MONTHS", 0)
    days = ("2026-01-05", "2026-03-05", "2026-03-12", "2026-03-20")
    many = [ticket(f"{n}", f"{days[n % 4]} 09:00:00") for n in range(20)]

    def written(*batches: Any) -> list[str]:
        """The parts of the newest snapshot that are new; it has every row once."""
        with load(work, root, *batches) as snapshot:
            rows = read(snapshot, "fact_ticket")
            assert len({row["source_id"] for row in rows}) == len(rows) == read_count(work, "event_ticket")
            assert sum(row["messages"] for row in rows) == read_count(work, "event_message")
            folder = f"{snapshot.version:08d}"
            return [path.name.split(".")[1] for path in snapshot.files["fact_ticket"] if path.parent.name == folder]

    with open_work(root, holder="test") as work:
        assert written(batch("ticket", *many)) == ["2026-01", "2026-03-01", "2026-03-09", "2026-03-17"]
        assert written(batch("message", message("a", "2"))) == ["2026-03-09"]
        assert written(batch("message", message("b", "4"))) == ["2026-01"]
        assert written(batch("ticket", ticket("90", "2026-05-09 09:00:00"))) == ["2026-05-09"]
        assert written(batch("message", message("c", "3"))) == ["2026-03"]


def read_count(work: Work, table: str) -> int:
    return int(work.con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def test_days_that_change_after_they_were_published_are_logged(root: Path) -> None:
    many = [ticket(str(n), f"2026-01-{n:02d} 09:00:00") for n in range(1, 21)]
    with open_work(root, holder="test") as work:
        load(work, root, batch("ticket", *many)).close()
        late = load(work, root, batch("message", message("m", "7")), as_of=JULY)
        assert read(late, "restatement") == [{"published_at": JULY, "fact": "ticket", "day": date(2026, 1, 7)}]
        late.close()


def test_a_full_build_that_gives_the_same_rows_restates_nothing_and_writes_no_fact(root: Path) -> None:
    many = [ticket(str(n)) for n in range(20)]
    with open_work(root, holder="test") as work:
        first = load(work, root, batch("ticket", *many))
        work.touch_everything()
        second = load(work, root)
        assert second.files["fact_ticket"] == first.files["fact_ticket"]
        assert read(second, "restatement") == []
        first.close()
        second.close()


def test_touched_and_full_builds_give_the_same_rows(root: Path) -> None:
    many = [ticket(str(n), customer=f"c{n % 5}") for n in range(30)]
    with open_work(root, holder="test") as work:
        load(work, root, batch("ticket", *many)).close()
        load(work, root, batch("message", message("a", "1"), message("b", "1"), message("c", "9"))).close()
        by_touch = work.con.execute("SELECT * FROM fact_ticket ORDER BY ALL").fetchall()
        work.touch_everything()
        build(work, count_messages)
        assert work.con.execute("SELECT * FROM fact_ticket ORDER BY ALL").fetchall() == by_touch
    # Worked by hand: ticket 1 has two messages, ticket 9 one, the others none.
    assert sorted(row[3] for row in by_touch) == [0] * 28 + [1, 2]


def test_the_last_versions_are_kept_and_older_ones_swept(root: Path) -> None:
    with open_work(root, holder="test") as work:
        for n in range(5):
            load(work, root, batch("ticket", ticket(str(n))), keep=2).close()
    open_snapshot(root, 4).close()
    with pytest.raises(WorkspaceError, match=r"Snapshot 3 .* is not kept\. Kept: 4, 5"):
        open_snapshot(root, 3)


def test_a_version_a_reader_has_open_stays_whole(root: Path) -> None:
    with open_work(root, holder="test") as work:
        reader = load(work, root, batch("ticket", ticket("0")))
        for n in range(1, 4):
            load(work, root, batch("ticket", ticket(str(n))), keep=1).close()
        reader.verify()
        assert [row["source_id"] for row in read(reader, "event_ticket")] == ["0"]
        reader.close()
        load(work, root, batch("ticket", ticket("4")), keep=1).close()
        assert not Layout(root=root).manifest(1).exists()


@pytest.mark.parametrize("damage", ["", "{", '{"version": 1}', "[]"])
def test_a_broken_manifest_is_named_with_the_remedy(root: Path, damage: str) -> None:
    with open_work(root, holder="test") as work:
        load(work, root, batch("ticket", ticket("1"))).close()
        Layout(root=root).current.write_text(damage)
        with pytest.raises(WorkspaceError, match=r"CURRENT is missing or not what was published.*deskpulse rebuild"):
            open_snapshot(root)
        publish(work, root, as_of=JULY).close()
    with open_snapshot(root) as mended:
        assert (mended.version, mended.as_of) == (2, JULY)
        assert len(read(mended, "fact_ticket")) == 1


def test_a_manifest_that_was_edited_is_not_believed(root: Path) -> None:
    with open_work(root, holder="test") as work:
        load(work, root, batch("ticket", ticket("1"))).close()
    current = Layout(root=root).current
    content = json.loads(current.read_text())
    content["as_of"] = "2020-01-01T00:00:00"
    current.write_text(json.dumps(content))
    with pytest.raises(WorkspaceError, match="deskpulse rebuild"):
        open_snapshot(root)


def test_a_cut_parquet_file_is_found_at_once_and_written_again(root: Path) -> None:
    with open_work(root, holder="test") as work:
        snapshot = load(work, root, batch("ticket", ticket("1")))
        [path] = snapshot.files["fact_ticket"]
        path.write_bytes(path.read_bytes()[:-10])
        snapshot.close()
        with pytest.raises(WorkspaceError, match=r"fact_ticket.*deskpulse rebuild"):
            open_snapshot(root)
        publish(work, root, as_of=JUNE).close()
    with open_snapshot(root) as mended:
        assert len(read(mended, "fact_ticket")) == 1


def test_a_parquet_file_with_one_other_byte_is_found_by_verify(root: Path) -> None:
    with open_work(root, holder="test") as work:
        snapshot = load(work, root, batch("ticket", ticket("1")))
    [path] = snapshot.files["fact_ticket"]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"fact_ticket.*deskpulse rebuild"):
        snapshot.verify()
    snapshot.close()


def test_nothing_published_yet_says_what_to_type(root: Path) -> None:
    with pytest.raises(WorkspaceError, match="deskpulse import"):
        open_snapshot(root)


def test_a_folder_that_is_no_workspace_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="deskpulse init"):
        open_work(tmp_path, holder="test")
    with pytest.raises(WorkspaceError, match="deskpulse init"):
        open_snapshot(tmp_path)


def test_the_rows_a_reader_of_parquet_finds_are_those_of_the_events(root: Path) -> None:
    with open_work(root, holder="test") as work:
        work.merge("message", rows("message", message("m", "1", is_public=True, work_seconds=90.0)))
        with publish(work, root, as_of=JUNE) as snapshot:
            [row] = read(snapshot, "event_message")
    assert row["at"] == datetime(2026, 1, 5, 10)
    assert (row["author_kind"], row["is_public"], row["work_seconds"], row["text"]) == ("customer", True, 90.0, None)
    assert (row["ticket_key"], row["owner_key"]) == (1, 1)


def test_snapshots_that_were_thrown_away_are_published_again(root: Path) -> None:
    with open_work(root, holder="test") as work:
        load(work, root, batch("ticket", ticket("1")), batch("message", message("m", "1"))).close()
        shutil.rmtree(root / "snapshots")
        publish(work, root, as_of=JULY, keep=5).close()
    with open_snapshot(root) as snapshot:
        assert [row["source_id"] for row in read(snapshot, "event_ticket")] == ["1"]
