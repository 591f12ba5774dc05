"""Facts that are updated by what was touched equal those of a workspace that got everything at once, row for row.

DESKPULSE_SEEDS sets how many random histories are told (1 without it).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from deskpulse import workspace
from deskpulse.connectors.connector import Batch
from deskpulse.events import EVENT_TABLES
from deskpulse.facts import FACTS
from deskpulse.settings import FILE_NAME
from deskpulse.store import work
from deskpulse.workspace import Workspace, silent
from deskpulse.workspace.writing import load
from tests.facts.histories import OBSERVED, EventRow, batches, random_rows
from tests.history import History, at

SETTINGS = """
[workspace]
zone = "Europe/London"
[schedules.day]
weekdays = ["09:00-12:30", "13:00-17:00"]
[schedules.long]
every_day = ["07:00-21:00"]
[[schedule_rules]]
schedule = "long"
team = "second"
[[schedule_rules]]
schedule = "{default}"
[[targets]]
metric = "first_response"
channel = "email"
within = "4h"
clock = "business"
"""
BY_DAY, ROUND_THE_CLOCK = SETTINGS.format(default="day"), SETTINGS.format(default="long")
SEEDS = int(os.environ.get("DESKPULSE_SEEDS", "1"))
Rows = Counter[tuple[Any, ...]]


@pytest.fixture(autouse=True)
def only_what_was_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few tickets are soon all touched; a real desk would update them one by one, and so does the test."""
    monkeypatch.setattr(work, "SHARE_FOR_WHOLE_BUILD", 2.0)


def feed(place: Workspace, rows: Sequence[EventRow]) -> None:
    load(place, batches(rows), source="desk", as_of=OBSERVED, progress=silent)


def sync(place: Workspace, history: History, now: str) -> None:
    told = [Batch(table=name, rows=history.arrow(name)) for name in EVENT_TABLES if history.rows[name]]
    load(place, told, source="desk", as_of=at(now), progress=silent)


def restated(place: Workspace) -> set[tuple[str, date, datetime]]:
    """What the log says: the fact, the day that changed after it was published, and when that was published."""
    log = pq.read_table([str(file) for file in place.snapshot.files["restatement"]]).to_pylist()
    return {(row["fact"], row["day"], row["published_at"]) for row in log}


def facts(place: Workspace, *, numbered: bool = False) -> dict[str, Rows]:
    """Every row of every published fact; without the ticket's number, which tells only who came first."""
    return {name: _rows(place, f"fact_{name}", numbered) for name in FACTS}


def _rows(place: Workspace, table: str, numbered: bool) -> Rows:
    columns = pq.read_table([str(file) for file in place.snapshot.files[table]]).to_pydict()
    names = sorted(name for name in columns if numbered or name != "ticket_key")
    return Counter(zip(*(columns[name] for name in names), strict=True))


def differing(left: dict[str, Rows], right: dict[str, Rows]) -> dict[str, tuple[Rows, Rows]]:
    """The rows that only one of two has, by fact; empty where there are none."""
    return {name: (left[name] - right[name], right[name] - left[name]) for name in left if left[name] != right[name]}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_events_in_pieces_shuffled_doubled_and_edited_give_the_facts_of_all_at_once(seed: int, tmp_path: Path) -> None:
    rows = random_rows(seed)
    cuts = [0, 5 * len(rows) // 8, *range(len(rows) - 12, len(rows) + 1, 4)]
    grown = workspace.create(tmp_path / "grown", settings=BY_DAY)
    for number, (first, last) in enumerate(pairwise(cuts)):
        doubled = rows[max(0, first - 10) : first : 3]
        settings = BY_DAY if number < 3 else ROUND_THE_CLOCK
        (grown.root / FILE_NAME).write_text(settings)
        feed(grown, [*rows[first:last], *doubled])
        whole = workspace.create(tmp_path / f"whole{number}", settings=settings)
        feed(whole, sorted(rows[:last], key=lambda row: (row.table, str(row.values["source_id"]))))
        assert differing(facts(grown), facts(whole)) == {}
    before = facts(grown, numbered=True)
    assert all(before[name] for name in ("ticket", "reply", "span", "solve", "survey", "call", "handle", "ring"))
    grown.rebuild(full=True)
    assert differing(before, facts(grown, numbered=True)) == {}


def january() -> History:
    """Two tickets of January, solved and published."""
    history = History()
    for id, day in (("1", "2024-01-05"), ("2", "2024-01-08")):
        history.ticket(id, f"{day} 09:00", customer=f"customer {id}").says("customer", id, f"{day} 09:00")
        history.says("agent", id, f"{day} 10:00").changes(id, f"{day} 11:00", "status", "solved", by="ann")
    return history


def test_late_data_restate_the_past_and_the_log_names_the_days(tmp_path: Path) -> None:
    """Trap 17. A second reply of 10 January to the ticket of the 5th arrives in February, beside a new ticket.

    Changed of what was published up to 31 January: the ticket's row (dated by its creation, the 5th) and a reply on
    the 10th, and with it what its writer did that day. The ticket of 8 January is as it was, and February was not
    published yet.
    """
    place = workspace.create(tmp_path / "desk")
    sync(place, january(), "2024-01-31")
    assert restated(place) == set()

    late = january().says("customer", "1", "2024-01-09 12:00").says("agent", "1", "2024-01-10 12:00")
    late.ticket("3", "2024-02-03 09:00").says("customer", "3", "2024-02-03 09:00")
    sync(place, late, "2024-02-10")
    told = at("2024-02-10")
    tenth = {(fact, date(2024, 1, 10), told) for fact in ("reply", "agent_day")}
    assert restated(place) == {("ticket", date(2024, 1, 5), told), *tenth}


def test_reading_the_same_again_restates_nothing(tmp_path: Path) -> None:
    place = workspace.create(tmp_path / "desk")
    sync(place, january(), "2024-01-31")
    sync(place, january(), "2024-02-10")
    place.rebuild(full=True)
    assert restated(place) == set()


def test_a_reopening_restates_the_solve_it_undoes_and_not_the_month_it_falls_into(tmp_path: Path) -> None:
    """Solved on 5 January, reopened on 2 February: the rows of the ticket, of its solve, of the stretch in which it
    stood solved (begun on the 5th, and ended by now), and of the customer's contact that was not the last, say more
    than they did; all four are dated 5 January."""
    place = workspace.create(tmp_path / "desk")
    sync(place, january(), "2024-01-31")
    sync(place, january().changes("1", "2024-02-02 09:00", "status", "open"), "2024-02-10")
    assert {(fact, day) for fact, day, _ in restated(place)} == {
        (fact, date(2024, 1, 5)) for fact in ("ticket", "solve", "span", "contact")
    }


def test_a_changed_schedule_restates_the_days_it_bears_on(tmp_path: Path) -> None:
    """From office hours to hours round the clock, in which 5 and 8 January, 9:00 to 11:00, lie either way.

    A reply at 19:00 to a question at 18:00 took no business time, and takes an hour now: its row changes. Those of
    9:00 to 10:00 stay. Tickets and stretches name their schedule, so all of them change; a solve has only moments.
    """
    place = workspace.create(tmp_path / "desk", settings=BY_DAY)
    evening = january().ticket("3", "2024-01-12 18:00").says("customer", "3", "2024-01-12 18:00")
    sync(place, evening.says("agent", "3", "2024-01-12 19:00"), "2024-01-31")
    (place.root / FILE_NAME).write_text(ROUND_THE_CLOCK)
    place.rebuild()
    days = [date(2024, 1, day) for day in (5, 8, 12)]
    expected = {("reply", days[2])} | {(fact, day) for fact in ("ticket", "span") for day in days}
    assert {(fact, day) for fact, day, _ in restated(place)} == expected
