"""Which parts of a table are written: months, and a few days of the months that news keeps changing."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from deskpulse.store.parts import Part, parts_of, young_since

JULY = date(2026, 7, 1)


def words(days: list[str | None], known: list[str], young: date | None = JULY) -> tuple[list[str], list[str]]:
    """The words of the parts to write, and of those that go."""
    parts, gone = parts_of([date.fromisoformat(day) if day else None for day in days], known, young)
    return sorted(part.word for part in parts), sorted(gone)


@pytest.mark.parametrize(
    ("days", "known", "since"),
    [
        (["2026-08-07", "2026-01-05", None], [], "2026-07-01"),
        (["2026-08-08"], [], "2026-08-01"),
        (["2026-01-05"], ["undated", "2026-06", "2026-07-25"], "2026-07-01"),
        (["2062-08-08", "2026-07-31"], ["2062-08"], "2026-07-01"),
        ([], [], "2026-09-01"),
    ],
    ids=["a week later", "eight days later", "known", "of the future", "none"],
)
def test_a_month_is_young_until_something_is_dated_a_week_after_its_end(
    days: list[str | None], known: list[str], since: str
) -> None:
    """In a snapshot of 10 September 2026: of eight days after the end of July, it is August alone."""
    found = young_since([date.fromisoformat(day) if day else None for day in days], known, date(2026, 9, 10))
    assert found == date.fromisoformat(since)


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("2026-06-30", "2026-06"),
        ("2026-07-01", "2026-07-01"),
        ("2026-07-08", "2026-07-01"),
        ("2026-07-09", "2026-07-09"),
        ("2026-07-24", "2026-07-17"),
        ("2026-07-25", "2026-07-25"),
        ("2026-07-31", "2026-07-25"),
        ("2027-02-28", "2027-02-25"),
        (None, "undated"),
    ],
)
def test_a_day_is_in_one_part(day: str | None, word: str) -> None:
    """Of July on in eight days each, from the 25th on in those that are left; before that in its month."""
    assert words([day], []) == ([word], [])
    assert words([day], [word, "2020-01", "2026-07-99"]) == ([word], [word])


def test_a_small_table_has_no_young_months() -> None:
    assert words(["2026-07-09", "2026-07-10"], ["2026-07"], None) == (["2026-07"], ["2026-07"])


def test_a_month_that_is_known_in_another_form_is_written_as_a_whole() -> None:
    """July was one file when it is young again, and June in parts when it no longer is; May stays in its parts."""
    known = ["2026-05-01", "2026-05-09", "2026-06-01", "2026-06-25", "2026-07"]
    assert words(["2026-06-09", "2026-07-02"], known) == (
        ["2026-06", "2026-07-01", "2026-07-09", "2026-07-17", "2026-07-25"],
        ["2026-06-01", "2026-06-25", "2026-07"],
    )


@pytest.mark.parametrize("month", [date(2026, 2, 1), date(2026, 7, 1), date(2028, 2, 1)], ids=str)
def test_the_parts_of_a_month_have_each_of_its_instants_once(month: date) -> None:
    """Counted in the database: 28, 31 and 29 days of an instant each hour."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE hour AS SELECT unnest(generate_series(TIMESTAMP '2025-01-01', TIMESTAMP '2029-01-01',"
        " INTERVAL 1 HOUR)) AS told"
    )
    parts, _ = parts_of([month], [f"{month:%Y-%m}"], date(2020, 1, 1))
    counts = [con.execute(f"SELECT count(*) FROM hour WHERE {part.within('told')}").fetchall()[0][0] for part in parts]
    assert counts[:3] == [8 * 24] * 3
    assert sum(counts) == {(2026, 2): 28, (2026, 7): 31, (2028, 2): 29}[month.year, month.month] * 24
    assert Part(word="undated").within("told") == "told IS NULL"
