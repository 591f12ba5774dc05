"""News of a few tickets count agents' days again where replies or solves came, went or moved, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from deskpulse import workspace
from deskpulse.settings import FILE_NAME
from deskpulse.store import work
from deskpulse.workspace import Workspace
from tests.facts.test_incremental import differing, facts, sync
from tests.history import History

UTC = '[workspace]\nzone = "UTC"\n'
Counts = dict[str, tuple[int, int]]


@pytest.fixture
def updated(monkeypatch: pytest.MonkeyPatch) -> Counts:
    """Per fact that was updated: how many rows were computed, and how many they took the place of."""
    found: Counts = {}
    update = work.Work.update

    def counted(self: work.Work, name: str, rows: Any, stale: Any) -> bool:
        found[name] = (len(rows.to_pyarrow()), len(stale.to_pyarrow()))
        return update(self, name, rows, stale)

    monkeypatch.setattr(work.Work, "update", counted)
    monkeypatch.setattr(work, "SHARE_FOR_WHOLE_BUILD", 2.0)
    return found


def desk() -> History:
    """Ann is there since 1 January, nobody knows since when Bob is. Ann answers on the 5th and 10th, Bob the 12th."""
    history = History()
    history.add("person", source_id="ann", name="Ann", kind="agent", hired_at="2024-01-01 00:00")
    history.add("person", source_id="bob", name="Bob", kind="agent")
    for id, day in (("1", "05"), ("2", "08"), ("3", "12"), ("4", "08")):
        history.ticket(id, f"2024-01-{day} 09:00", customer=f"of {id}").says("customer", id, f"2024-01-{day} 09:00")
    for id, author, day in (("1", "ann", "05"), ("2", "ann", "10"), ("3", "bob", "12")):
        history.says("agent", id, f"2024-01-{day} 10:00", source_id=f"reply to {id}", author=author)
    return history


def without_reply(history: History, ticket: str) -> History:
    """Its reply was deleted."""
    [reply] = [row for row in history.rows["message"] if row["source_id"] == f"reply to {ticket}"]
    reply |= {"version": 2, "is_deleted": True}
    return history


def days(place: Workspace) -> dict[str, dict[int, int]]:
    """Per agent the replies of each day of January."""
    found: dict[str, dict[int, int]] = {}
    for row in pq.read_table([str(file) for file in place.snapshot.files["fact_agent_day"]]).to_pylist():
        found.setdefault(row["agent"], {})[row["day_at"].day] = row["replies"]
    return found


def test_a_reply_that_goes_and_one_that_comes_late_count_their_days_again(tmp_path: Path, updated: Counts) -> None:
    """First, on the 15th, Ann has the 11 days since the first thing known, and Bob the 4 since his first reply.

    By the 17th Ann's reply of the 10th was deleted, and one of Bob's on the 9th came in. Counted again are the days
    since the 15th, Ann's 10th, and all of Bob's, since he is there from the 9th on: Ann's 10, 15, 16, 17 and Bob's 9 to
    17 make 13. They take the place of 6: the 15th of both, Ann's 10th, and Bob's 12th to 14th.
    """
    place = workspace.create(tmp_path / "desk", settings=UTC)
    sync(place, desk(), "2024-01-15 12:00")
    assert days(place) == {
        "Ann": {day: int(day in (5, 10)) for day in range(5, 16)},
        "Bob": {day: int(day == 12) for day in range(12, 16)},
    }
    later = without_reply(desk(), "2").says("agent", "4", "2024-01-09 10:00", source_id="late", author="bob")
    sync(place, later, "2024-01-17 12:00")
    assert updated["agent_day"] == (13, 6)
    assert days(place) == {
        "Ann": {day: int(day == 5) for day in range(5, 18)},
        "Bob": {day: int(day in (9, 12)) for day in range(9, 18)},
    }
    before = facts(place, numbered=True)
    place.rebuild(full=True)
    assert differing(before, facts(place, numbered=True)) == {}


def test_when_the_first_thing_known_goes_every_day_is_counted_again(tmp_path: Path, updated: Counts) -> None:
    """Ann's idle days began on the 5th, when she was the first to do anything known; now on the 10th."""
    place = workspace.create(tmp_path / "desk", settings=UTC)
    sync(place, desk(), "2024-01-15 12:00")
    sync(place, without_reply(desk(), "1"), "2024-01-15 12:00")
    assert "agent_day" not in updated
    assert min(days(place)["Ann"]) == 10


def test_a_sync_without_news_leaves_the_days_since_to_the_next_one(tmp_path: Path, updated: Counts) -> None:
    """Nothing came on the 16th and nothing was built; on the 17th a question comes: both days are there."""
    place = workspace.create(tmp_path / "desk", settings=UTC)
    sync(place, desk(), "2024-01-15 12:00")
    sync(place, desk(), "2024-01-16 12:00")
    assert updated == {}
    sync(place, desk().says("customer", "1", "2024-01-17 09:00"), "2024-01-17 12:00")
    assert updated["agent_day"] == (6, 2)  # the 15th to the 17th of two people, for the 15th of both
    assert max(days(place)["Bob"]) == 17


def test_days_that_begin_before_the_clocks_change_and_days_that_are_not_over_any_more(
    tmp_path: Path, updated: Counts
) -> None:
    """In London clocks went back on 27 October 2024, and that morning Ann was the first to do anything. Read as of the
    29th, then from an older export as of the 28th, with one more reply on the 27th: she has two days, not three."""
    place = workspace.create(tmp_path / "desk", settings=UTC.replace("UTC", "Europe/London"))
    history = History().add("person", source_id="ann", name="Ann", kind="agent", hired_at="2024-01-01 00:00")
    history.ticket("1", "2024-10-27 09:00").says("customer", "1", "2024-10-27 09:00")
    history.says("agent", "1", "2024-10-27 10:00", author="ann")
    sync(place, history, "2024-10-29 12:00")
    assert days(place) == {"Ann": {26: 1, 28: 0, 29: 0}}  # 27 October began on the 26th at 23:00 UTC
    history.says("customer", "1", "2024-10-27 11:00").says("agent", "1", "2024-10-27 12:00", author="ann")
    sync(place, history, "2024-10-28 12:00")
    assert updated["agent_day"] == (2, 3)
    assert days(place) == {"Ann": {26: 2, 28: 0}}


def test_days_of_a_zone_are_not_looked_for_by_the_texts_of_another(tmp_path: Path, updated: Counts) -> None:
    """Ann answers on 8 January at 10:00, on the 10th at 16:00 and on the 11th at 16:00, all of it UTC.

    The second answer is an update in UTC. The zone then is Tokyo, nine hours ahead, and all is built again; the third
    is an update there: her days begin at 15:00 UTC of the day before, so that the answers are in those begun on the
    7th, the 10th and the 11th.
    """
    place = workspace.create(tmp_path / "desk", settings=UTC)
    history = History().add("person", source_id="ann", name="Ann", kind="agent", hired_at="2024-01-01 00:00")
    history.ticket("1", "2024-01-08 09:00").says("customer", "1", "2024-01-08 09:00")
    sync(place, history.says("agent", "1", "2024-01-08 10:00", author="ann"), "2024-01-09 12:00")
    history.says("customer", "1", "2024-01-10 09:00").says("agent", "1", "2024-01-10 16:00", author="ann")
    sync(place, history, "2024-01-10 20:00")
    assert "agent_day" in updated
    assert days(place) == {"Ann": {8: 1, 9: 0, 10: 1}}
    updated.clear()
    (place.root / FILE_NAME).write_text(UTC.replace("UTC", "Asia/Tokyo"))
    place = workspace.open(place.root)
    sync(place, history.says("customer", "1", "2024-01-10 21:00"), "2024-01-10 22:00")
    assert updated == {}
    sync(place, history.says("agent", "1", "2024-01-11 16:00", author="ann"), "2024-01-11 18:00")
    assert "agent_day" in updated
    assert days(place) == {"Ann": {7: 1, 8: 0, 9: 0, 10: 1, 11: 1}}
