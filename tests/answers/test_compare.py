"""Comparisons with an earlier period: matched rows, like with like, noise told from change."""

from __future__ import annotations

from typing import Any

import pytest

from deskpulse.errors import QuestionError
from deskpulse.facts import span, ticket
from deskpulse.metrics.measure import Census, Count, Share

from .conftest import Desk

MARCH = {"start": "2024-03-01 00:00:00", "end": "2024-04-01 00:00:00"}


def solved(month: str, hits: int, n: int, **more: Any) -> list[dict[str, Any]]:
    return [{"created_at": f"2024-{month}-05 10:00:00", "is_solved": k < hits, **more} for k in range(n)]


def share() -> Share:
    return Share(where=ticket.is_solved, dated_by=ticket.created_at)


def test_a_change_beyond_noise(desk: Desk) -> None:
    # 45/50 (.7864 to .9565) less 30/50 (.4618 to .7239): .3 - sqrt(.1136^2 + .1239^2) = .13, above nought.
    desk.load("ticket", solved("03", 45, 50) + solved("02", 30, 50))
    desk.declare(share())
    (row,) = desk.ask(compare="previous", **MARCH).rows
    assert (row.value, row.previous, row.is_distinguishable) == (0.9, 0.6, True)


def test_a_change_that_may_be_noise(desk: Desk) -> None:
    desk.load("ticket", solved("03", 9, 10) + solved("02", 8, 10))
    desk.declare(share())
    (row,) = desk.ask(compare="previous", **MARCH).rows
    assert (row.previous, row.is_distinguishable) == (0.8, False)


def test_rows_are_matched_by_dimension_and_by_their_place_in_the_period(desk: Desk) -> None:
    rows = [
        {"created_at": "2024-03-01 10:00:00", "channel": "web"},
        {"created_at": "2024-03-02 10:00:00", "channel": "chat"},
        {"created_at": "2024-02-28 10:00:00", "channel": "chat"},
        {"created_at": "2024-02-28 11:00:00", "channel": "chat"},
        {"created_at": "2024-02-28 12:00:00", "channel": "phone"},
    ]
    desk.load("ticket", rows)
    desk.declare(Count(dated_by=ticket.created_at))
    asked = {"start": "2024-03-01 00:00:00", "end": "2024-03-03 00:00:00", "compare": "previous", "by": ("channel",)}
    found = [
        (r.period_start.day, r.dimensions["channel"], r.value, r.previous) for r in desk.ask(grain="day", **asked).rows
    ]
    # Before 1 and 2 March come 28 and 29 February; phone was there then and is not now.
    assert found == [
        (1, "chat", 0, 2),
        (1, "phone", 0, 1),
        (1, "web", 1, 0),
        (2, "chat", 1, 0),
        (2, "phone", 0, 0),
        (2, "web", 0, 0),
    ]


def test_a_period_still_running_is_held_against_as_much_of_the_earlier_one(desk: Desk) -> None:
    rows = [{"created_at": f"2024-{month}-{day} 10:00:00"} for month in ("02", "03") for day in ("01", "08", "20")]
    desk.load("ticket", rows)
    desk.declare(Count(dated_by=ticket.created_at))
    (row,) = desk.ask(compare="previous", now="2024-03-10 00:00:00", **MARCH).rows
    # Nine days of March (1st and 8th) beside nine days of February (1st and 8th), not all of it.
    assert (row.value, row.previous) == (2, 2)


def test_last_year(desk: Desk) -> None:
    desk.load(
        "ticket", [{"created_at": at} for at in ("2023-03-31 23:59:59", "2023-04-01 00:00:00", "2024-03-05 00:00:00")]
    )
    desk.declare(Count(dated_by=ticket.created_at))
    (row,) = desk.ask(compare="last_year", **MARCH).rows
    assert (row.value, row.previous) == (1, 1)


def test_before_history_there_is_nothing_to_compare_with(desk: Desk) -> None:
    desk.load("ticket", solved("03", 1, 2))
    desk.declare(Count(dated_by=ticket.created_at))
    answer = desk.ask(compare="previous", **MARCH)
    assert (answer.rows[0].previous, answer.rows[0].is_distinguishable) == (None, None)
    assert answer.notes == ("History begins on 2024-03-05: the earlier period is not fully covered.",)


def test_a_census_is_no_sample_to_be_judged(desk: Desk) -> None:
    desk.load("span", [{"from_at": "2024-02-01 00:00:00"}, {"from_at": "2024-03-02 00:00:00"}])
    desk.declare(Census(dated_by=span.from_at, until=span.to_at))
    (row,) = desk.ask(compare="previous", **MARCH).rows
    assert (row.value, row.previous, row.is_distinguishable) == (2, 1, None)


def test_several_rows_are_several_tests(desk: Desk) -> None:
    # 45 of 50 against 36 of 50: p = .022 alone, but beside five rows without a change the bound is .05 / 6.
    quiet = [row for team in "abcde" for month in ("02", "03") for row in solved(month, 25, 50, channel=team)]
    moved = solved("03", 45, 50, channel="web") + solved("02", 36, 50, channel="web")
    desk.load("ticket", quiet + moved)
    desk.declare(share())
    alone = desk.ask(compare="previous", where={"channel": ["web"]}, **MARCH).rows[0]
    beside = desk.ask(compare="previous", by=("channel",), **MARCH).rows[-1]
    assert beside.dimensions == {"channel": "web"}
    assert (alone.is_distinguishable, beside.is_distinguishable) == (True, False)


def test_all_of_history_has_nothing_to_be_compared_with(desk: Desk) -> None:
    desk.load("ticket", solved("03", 1, 2))
    desk.declare(share())
    with pytest.raises(QuestionError, match="All of history"):
        desk.ask(compare="previous")
