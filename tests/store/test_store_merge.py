"""Rows into event tables: versions, doubles, order of arrival, keys of tickets, merged tickets."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskpulse.errors import UnknownNameError, WorkspaceError
from deskpulse.events import EVENT_TABLES
from deskpulse.store import merge
from deskpulse.store.keys import survivor
from deskpulse.store.merge import BATCH_TICKETS, bucket_ranges
from deskpulse.store.work import Work, open_work
from tests.store.event_rows import change, message, rows, ticket, workspace


def stored(work: Work, table: str) -> list[tuple[Any, ...]]:
    """The declared columns of an event table, in the order of their ids."""
    names = ", ".join(f'"{name}"' for name in EVENT_TABLES[table].schema.names)
    return work.con.execute(f"SELECT {names} FROM event_{table} ORDER BY source, source_id").fetchall()


def touched(work: Work) -> set[str]:
    query = "SELECT DISTINCT k.ticket FROM touched t JOIN ticket_key k USING (ticket_key)"
    return {name for (name,) in work.con.execute(query).fetchall()}


@pytest.fixture
def work(tmp_path: Path) -> Any:
    with open_work(workspace(tmp_path), holder="test", threads=1) as opened:
        yield opened


def test_the_highest_version_wins_whatever_comes_first(work: Work) -> None:
    assert work.merge("ticket", rows("ticket", ticket("1", version=2, subject="second"))) == 1
    assert work.merge("ticket", rows("ticket", ticket("1", version=1, subject="first"))) == 0
    assert work.merge("ticket", rows("ticket", ticket("1", version=3, subject="third"))) == 1
    assert [row[2] for row in stored(work, "ticket")] == [3]
    assert work.con.execute("SELECT subject FROM event_ticket").fetchall() == [("third",)]


def test_the_same_row_again_is_no_change(work: Work) -> None:
    twice = rows("message", message("m", "1"), message("m", "1"))
    assert work.merge("message", twice) == 1
    work.built()
    later = rows("message", message("m", "1", observed_at=datetime(2026, 7, 1)))
    assert work.merge("message", later) == 0
    assert list(work.batches()) == []


def test_an_edit_without_a_version_is_the_row_read_last(work: Work) -> None:
    work.merge("ticket", rows("ticket", ticket("1", subject="new", observed_at=datetime(2026, 7, 1))))
    assert work.merge("ticket", rows("ticket", ticket("1", subject="old", observed_at=datetime(2026, 6, 1)))) == 0
    assert work.con.execute("SELECT subject FROM event_ticket").fetchall() == [("new",)]


def test_ids_of_two_sources_are_two_rows(work: Work) -> None:
    work.merge("ticket", rows("ticket", ticket("1", source="a"), ticket("1", source="b")))
    found = work.con.execute("SELECT source, ticket_key FROM event_ticket ORDER BY ALL").fetchall()
    assert found == [("a", 1), ("b", 2)]


def test_keys_are_dense_and_a_message_may_come_before_its_ticket(work: Work) -> None:
    work.merge("message", rows("message", message("m", "late")))
    work.merge("ticket", rows("ticket", ticket("late"), ticket("other", "2026-02-01 00:00:00")))
    keys = dict(work.con.execute("SELECT ticket, ticket_key FROM ticket_key").fetchall())
    assert keys == {"late": 1, "other": 2}
    assert work.con.execute("SELECT ticket_key FROM event_message").fetchall() == [(1,)]


def test_a_chain_of_merges_counts_for_its_end_and_can_be_undone(work: Work) -> None:
    work.merge("ticket", rows("ticket", ticket("1"), ticket("2"), ticket("3")))
    work.merge("message", rows("message", message("m", "1")))
    work.built()
    work.merge("change", rows("change", change("a", "1", "merged_into", "2"), change("b", "2", "merged_into", "3")))
    assert work.con.execute("SELECT owner_key FROM event_message").fetchall() == [(3,)]
    assert touched(work) == {"1", "2", "3"}
    work.merge("change", rows("change", change("c", "2", "merged_into", "", at="2026-01-06 00:00:00")))
    assert work.con.execute("SELECT owner_key FROM event_message").fetchall() == [(2,)]


def test_tickets_merged_in_a_circle_stay_themselves() -> None:
    assert [survivor(key, {1: 2, 2: 1, 3: 1, 4: 5}) for key in (1, 2, 3, 4)] == [1, 2, 3, 5]


def test_a_contact_touches_the_other_tickets_of_its_customer(work: Work) -> None:
    work.merge("ticket", rows("ticket", ticket("1", customer="ann"), ticket("2", customer="bob"), ticket("3")))
    work.built()
    work.merge("ticket", rows("ticket", ticket("4", customer="ann")))
    assert touched(work) == {"1", "4"}


def test_a_ticket_that_changes_hands_touches_both_customers_and_moves_to_the_new_ones_bucket(work: Work) -> None:
    customers = {"1": "ann", "2": "ann", "3": "bob"}
    work.merge("ticket", rows("ticket", *(ticket(id, customer=name) for id, name in customers.items())))
    work.merge("message", rows("message", message("m", "1")))
    work.built()
    work.merge("ticket", rows("ticket", ticket("1", customer="bob", version=2)))
    assert touched(work) == {"1", "2", "3"}
    [(of_message,)] = work.con.execute("SELECT bucket FROM event_message").fetchall()
    of_tickets = work.con.execute("SELECT DISTINCT bucket FROM event_ticket WHERE customer = 'bob'").fetchall()
    assert of_tickets == [(of_message,)]


def test_a_membership_touches_everything(work: Work) -> None:
    work.merge("ticket", rows("ticket", *(ticket(str(n)) for n in range(20))))
    work.built()
    member = {"source_id": "p", "person": "p", "valid_from": datetime(2026, 1, 1), "team": "first line"}
    work.merge("membership", rows("membership", member))
    assert [batch.buckets for batch in work.batches()] == [(0, 256)]


def test_other_settings_touch_everything_once(work: Work) -> None:
    work.merge("ticket", rows("ticket", *(ticket(str(n)) for n in range(20))))
    work.built()
    assert work.depend_on("one")
    work.built()
    assert not work.depend_on("one")
    assert list(work.batches()) == []


def test_few_touched_tickets_are_one_batch_with_only_their_events(work: Work) -> None:
    work.merge("ticket", rows("ticket", *(ticket(str(n)) for n in range(20))))
    work.merge("message", rows("message", *(message(f"m{n}", str(n)) for n in range(20))))
    work.built()
    work.merge("message", rows("message", message("new", "7")))
    with work.transaction():
        [batch] = work.batches()
        ids = work.events(batch)["message"].source_id.to_pyarrow().to_pylist()
    assert batch.buckets is None
    assert sorted(ids) == ["m7", "new"]


def test_many_tickets_are_built_in_ranges_that_cover_every_bucket_once() -> None:
    assert bucket_ranges(BATCH_TICKETS) == [(0, 256)]
    # Ten batches' worth: 16 is the first power of two that leaves a batch's worth or less in each.
    assert [last - first for first, last in bucket_ranges(10 * BATCH_TICKETS)] == [16] * 16
    assert [b for first, last in bucket_ranges(3 * BATCH_TICKETS) for b in range(first, last)] == list(range(256))


# What one import may bring: a message before its ticket, a merge, a ticket that changes hands, an edit, a double.
LIFE = (
    ("message", message("m", "2", author="bob")),
    ("ticket", ticket("1", customer="ann", subject="first")),
    ("change", change("c", "2", "merged_into", "1")),
    ("ticket", ticket("2", customer="bob")),
    ("ticket", ticket("1", version=2, customer="eve", subject="second")),
    ("message", message("m", "2", author="bob", version=2)),
    ("message", message("m", "2", author="bob")),
    ("ticket", ticket("3", customer="eve")),
)


@pytest.mark.parametrize("portion", [1, 3, 100])
def test_rows_merged_in_portions_are_those_merged_at_once(
    portion: int, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ticket 1 is in its second version, of eve; 2 was merged into it, so that its message (the second version)
    counts for 1 and lies, as ticket 3 does, in the bucket of eve's tickets."""
    monkeypatch.setattr(merge, "PORTION", portion)
    with work.transaction():
        for table, row in LIFE:
            work.gather(table, rows(table, row))
        changed = work.settle()
    assert [row[:3] for row in stored(work, "ticket")] == [("desk", "1", 2), ("desk", "2", 1), ("desk", "3", 1)]
    assert [row[:3] for row in stored(work, "message")] == [("desk", "m", 2)]
    owners = work.con.execute(
        "SELECT m.source_id, k.ticket FROM event_message m JOIN ticket_key k ON k.ticket_key = m.owner_key"
    )
    assert owners.fetchall() == [("m", "1")]
    buckets = "SELECT DISTINCT bucket FROM event_message UNION SELECT bucket FROM event_ticket"
    assert len(work.con.execute(buckets).fetchall()) == 1
    assert set(changed) == {"ticket", "message", "change"}
    assert [batch.buckets for batch in work.batches()] == [(0, 256)]


def test_a_fault_in_a_later_portion_takes_back_the_earlier_ones(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "PORTION", 1)
    with pytest.raises(ZeroDivisionError), work.transaction():
        work.gather("ticket", rows("ticket", ticket("1")))
        assert len(stored(work, "ticket")) == 1
        raise ZeroDivisionError
    assert stored(work, "ticket") == []
    assert work.con.execute("SELECT * FROM ticket_key").fetchall() == []
    assert work.merge("ticket", rows("ticket", ticket("2"))) == 1


@pytest.mark.parametrize(
    "loss", ["DELETE FROM ticket_key WHERE ticket = '1'", "INSERT INTO ticket_key SELECT * FROM ticket_key"]
)
def test_a_ticket_that_lost_its_number_or_has_two_is_found_and_nothing_kept(
    loss: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "PORTION", 1)
    with pytest.raises(WorkspaceError, match="lost track of 1 rows"), work.transaction():
        work.gather("ticket", rows("ticket", ticket("1")))
        work.con.execute(loss)
        work.settle()
    assert stored(work, "ticket") == []


def test_portions_of_later_news_touch_what_all_of_it_touches(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    customers = {"1": "ann", "2": "bob", "3": "eve", "4": None}
    work.merge("ticket", rows("ticket", *(ticket(id, customer=name) for id, name in customers.items())))
    work.built()
    monkeypatch.setattr(merge, "PORTION", 1)
    with work.transaction():
        work.gather("message", rows("message", message("m", "4")))
        work.gather("ticket", rows("ticket", ticket("5", customer="bob")))
        work.settle()
    assert touched(work) == {"2", "4", "5"}


def test_an_unknown_event_table_is_named(work: Work) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'ticket'"), work.transaction():
        work.gather("tickets", rows("ticket", ticket("1")))


ROWS = st.lists(
    st.builds(
        lambda id, version, day, subject, customer: ticket(
            id, version=version, observed_at=datetime(2026, 6, day), subject=subject, customer=customer
        ),
        st.sampled_from("abc"),
        st.integers(1, 2),
        st.integers(1, 2),
        st.sampled_from("xyz"),
        st.sampled_from(["ann", "bob", None]),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(written=ROWS, data=st.data())
def test_shuffled_and_doubled_rows_give_the_same_table(written: list[dict[str, Any]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations([*written, *written]))
    cut = data.draw(st.integers(0, len(shuffled)))
    outcomes = []
    for parts in ([written], [shuffled[:cut], shuffled[cut:]], [[row] for row in shuffled]):
        with Memory() as work:
            for part in parts:
                work.merge("ticket", rows("ticket", *part))
            outcomes.append(stored(work, "ticket"))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    newest = max(row["version"] for row in written if row["source_id"] == written[0]["source_id"])
    assert next(row[2] for row in outcomes[0] if row[1] == written[0]["source_id"]) == newest


class Memory:
    """A writer in memory, quick to make."""

    def __enter__(self) -> Work:
        import duckdb

        from deskpulse.store.layout import Layout
        from deskpulse.store.tables import prepare

        self.con = duckdb.connect(config={"threads": 1})
        prepare(self.con)
        return Work(Layout(root=Path("memory")), self.con)

    def __exit__(self, *error: object) -> None:
        self.con.close()
