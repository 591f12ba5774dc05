"""Every kind of formula from rows to a value with its interval, worked by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from deskpulse.facts import call, solve, span, survey, ticket
from deskpulse.metrics.measure import Census, Composition, Count, NetShare, Quotient, Ratio, Score, Share, Spread

from .conftest import Desk

DAY = "2024-03-04"


def tickets(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"ticket": f"z:{number}", "ticket_key": number, "created_at": f"{DAY} 10:00:00"} | row
        for number, row in enumerate(rows, 1)
    ]


def spread(seconds: list[int | None]) -> list[dict[str, Any]]:
    return tickets(*({"resolution_seconds": value, "solved_at": f"{DAY} 12:00:00"} for value in seconds))


RESOLUTION = Spread(over=ticket.resolution, dated_by=ticket.solved_at, unit="seconds")


def test_share_leaves_out_what_never_counts_and_says_why(desk: Desk) -> None:
    rows = [{"is_solved": n > 0} for n in range(10)]
    desk.load(
        "ticket", tickets(*rows, {"is_solved": True, "left_out": "spam"}, {"is_solved": True, "left_out": "spam"})
    )
    desk.declare(Share(where=ticket.is_solved, dated_by=ticket.created_at))
    (row,) = desk.ask().rows
    assert (row.value, row.n, row.left_out) == (0.9, 10, {"spam": 2})
    assert (round(row.low, 3), round(row.high, 3)) == (0.596, 0.982)  # 9 of 10, by Wilson


def test_an_unknown_flag_counts_as_no(desk: Desk) -> None:
    desk.load("ticket", tickets({"is_solved": True}, {"is_solved": None}))
    desk.declare(Share(where=ticket.is_solved, dated_by=ticket.created_at))
    assert desk.ask().value == 0.5


def test_share_of_a_population_with_rows_left_out_by_name(desk: Desk) -> None:
    due = {"first_response_due_by_channel": f"{DAY} 14:00:00"}
    rows = [
        {"first_replied_at": f"{DAY} 13:00:00"} | due,  # met
        {"first_replied_at": f"{DAY} 15:00:00"} | due,  # missed
        due,  # never answered and past it: missed
        {"first_response_due_by_channel": "2024-07-01 00:00:00"},  # its clock still runs
        {"first_replied_at": f"{DAY} 13:00:00"},  # no target: neither met nor left out
    ]
    desk.load("ticket", tickets(*rows))
    due_at = ticket.first_response_due_by_channel
    decided = due_at.is_known() & (ticket.first_replied_at.is_known() | due_at.before_now())
    desk.declare(
        Share(
            where=ticket.first_replied_at.not_after(due_at),
            dated_by=ticket.created_at,
            of=decided,
            left_out=(("clock still runs", due_at.is_known() & ~decided),),
        )
    )
    (row,) = desk.ask().rows
    assert (row.value, row.n, row.left_out) == (pytest.approx(1 / 3), 3, {"clock still runs": 1})


def test_net_share(desk: Desk) -> None:
    scores = [10, 10, 9, 9, 9, 8, 7, 7, 6, 0]
    desk.load(
        "survey", [{"survey": f"z:{n}", "score": s, "answered_at": f"{DAY} 09:00:00"} for n, s in enumerate(scores)]
    )
    desk.declare(NetShare(plus=survey.score.at_least(9), minus=survey.score.at_most(6), dated_by=survey.answered_at))
    (row,) = desk.ask().rows
    # 5 promoters, 2 detractors of 10: .3; (6/12 - 3/12) -+ z sqrt(.6875 / 12).
    margin = 1.959964 * math.sqrt(0.6875 / 12)
    assert (row.value, row.n) == (pytest.approx(0.3), 10)
    assert (row.low, row.high) == (pytest.approx(0.25 - margin), pytest.approx(0.25 + margin))


def test_median_with_the_values_that_bound_it(desk: Desk) -> None:
    desk.load("ticket", spread([9, 1, 8, 2, 7, 3, 6, 4, 5]))
    desk.declare(RESOLUTION)
    (row,) = desk.ask().rows
    assert (row.value, row.low, row.high, row.n) == (5, 2, 8, 9)  # ranks 2 and 8 of 9


def test_percentile_between_two_values_and_a_sample_too_small_for_limits(desk: Desk) -> None:
    desk.load("ticket", spread([10, 20, 30, 40, 100]))
    desk.declare(RESOLUTION)
    assert desk.ask(statistic="p90").value == pytest.approx(76)  # rank 4.6: 40 + .6 x 60
    (row,) = desk.ask().rows
    assert (row.value, row.low, row.high) == (30, None, None)


def test_mean_with_its_t_interval(desk: Desk) -> None:
    desk.load("ticket", spread([40, 50, 60, 70, 130]))
    desk.declare(RESOLUTION)
    (row,) = desk.ask(statistic="mean").rows
    margin = 2.776445 * math.sqrt(1250 / 5)  # s^2 = (900 + 400 + 100 + 0 + 3600) / 4; t with 4 degrees
    assert (row.value, row.low, row.high) == (70, pytest.approx(70 - margin), pytest.approx(70 + margin))


def test_a_missing_duration_is_left_out_with_what_it_means(desk: Desk) -> None:
    rows = [
        {"resolution_seconds": 60, "resolution_business_seconds": 0, "solved_at": f"{DAY} 12:00:00"},
        {"resolution_seconds": 90, "resolution_business_seconds": None, "solved_at": f"{DAY} 12:00:00"},
        {"resolution_seconds": None},
    ]
    desk.load("ticket", tickets(*rows))
    desk.declare(RESOLUTION)
    (row,) = desk.ask(clock="business", dated_by="created").rows
    # No business second passed in the first: that is 0. No schedule applies to the second: that is nothing.
    assert (row.value, row.n, row.left_out) == (0, 1, {"not solved": 1, "no schedule": 1})
    assert desk.ask(clock="business").rows[0].left_out == {"no schedule": 1}


def test_scores_of_the_golden_survey(desk: Desk) -> None:
    scores = [5] * 42 + [4] * 32 + [3] * 10 + [2] * 9 + [1] * 14
    rows = [{"score": s, "scale_low": 1, "scale_high": 5, "answered_at": f"{DAY} 09:00:00"} for s in scores]
    desk.load("survey", rows)
    parts = {"over": survey.score, "low": survey.scale_low, "high": survey.scale_high, "dated_by": survey.answered_at}
    desk.declare(Score(**parts), normalised=Score(**parts, normalised=True, unit="share"))
    mean, normalised = desk.ask().rows[0], desk.ask(variant="normalised").rows[0]
    assert round(mean.value, 3) == 3.738
    assert round(100 * normalised.value, 2) == 68.46
    assert (mean.low, mean.high) == (pytest.approx(1 + 4 * normalised.low), pytest.approx(1 + 4 * normalised.high))
    assert normalised.low < normalised.value < normalised.high


def test_count_with_the_dispersion_of_its_days(desk: Desk) -> None:
    days = ["01", "01", "01", "01", "03", "03"]
    desk.load("ticket", tickets(*({"created_at": f"2024-03-{day} 10:00:00"} for day in days)))
    desk.declare(Count(dated_by=ticket.created_at))
    (row,) = desk.ask(start="2024-03-01 00:00:00", end="2024-03-04 00:00:00").rows
    # 4, 0, 2: mean 2, variance 4, phi 2; t with 2 degrees 4.302653; the lower limit would lie below nought.
    assert (row.value, row.n, row.low) == (6, 6, 0)
    assert row.high == pytest.approx(6 + 4.302653 * math.sqrt(12), rel=1e-6)


def test_composition_is_of_the_same_bucket(desk: Desk) -> None:
    march = [{"topic": topic} for topic in ("billing", "billing", "billing", "login")]
    april = [{"topic": "login", "created_at": "2024-04-02 10:00:00"}]
    desk.load("ticket", tickets(*march, *april))
    desk.declare(Composition(dated_by=ticket.created_at))
    rows = desk.ask(by=("topic",), grain="month", end="2024-05-01 00:00:00").rows
    found = [(r.period_start.month, r.dimensions["topic"], r.value, r.n) for r in rows]
    assert found == [(3, "billing", 0.75, 4), (3, "login", 0.25, 4), (4, "billing", None, 0), (4, "login", 1.0, 1)]


def test_ratio_by_clusters(desk: Desk) -> None:
    legs = [("a", 100), ("a", 200), ("b", 300), ("b", None)]
    rows = [{"agent": agent, "handle_seconds": s, "handled_at": f"{DAY} 09:00:00"} for agent, s in legs]
    desk.load("handle", rows)
    desk.declare(Ratio(over=call.handle_seconds, cluster=call.agent, dated_by=call.handled_at, unit="seconds"))
    (row,) = desk.ask().rows
    # 600 s / 3; a: 300 of 2, b: 300 of 1; residuals -100 and 100; sqrt(20000 x 2/1) / 3; t with 1 degree.
    margin = 12.7062 * math.sqrt(40_000) / 3
    assert (row.value, row.n, row.left_out) == (200, 3, {"handle seconds unknown": 1})
    assert 200 - margin < 0  # a handle time is never negative: the interval is cut at 0
    assert (row.low, row.high) == (0, pytest.approx(200 + margin, rel=1e-5))


def test_quotient_counts_each_side_by_its_own_moment(desk: Desk) -> None:
    rows = [
        {"created_at": "2024-02-20 10:00:00", "first_solved_at": "2024-03-02 10:00:00"},
        {"created_at": "2024-03-02 10:00:00", "first_solved_at": "2024-03-03 10:00:00"},
        {"created_at": "2024-03-02 10:00:00", "first_solved_at": "2024-04-03 10:00:00"},
        {"created_at": "2024-03-02 10:00:00"},
        {"created_at": "2024-03-02 10:00:00", "first_solved_at": "2024-03-05 10:00:00"},
    ]
    desk.load("ticket", tickets(*rows))
    solved, created = Count(dated_by=ticket.first_solved_at), Count(dated_by=ticket.created_at)
    desk.declare(Quotient(numerator=solved, denominator=created, dated_by=ticket.created_at))
    (row,) = desk.ask(start="2024-03-01 00:00:00", end="2024-04-01 00:00:00").rows
    assert (row.value, row.n, row.low, row.high) == (0.75, 4, None, None)  # 3 solved in March, 4 created in it


SPANS = [
    {"ticket": "z:1", "from_at": "2024-03-01 08:00:00", "to_at": "2024-03-03 08:00:00"},
    {"ticket": "z:2", "from_at": "2024-03-02 08:00:00", "to_at": None},
    {"ticket": "z:3", "from_at": "2024-03-01 08:00:00", "to_at": "2024-03-01 12:00:00"},
    {"ticket": "z:4", "from_at": "2024-03-02 08:00:00", "to_at": None, "left_out": "spam"},
    {"ticket": "z:2", "from_at": "2024-03-02 08:00:00", "to_at": None, "is_unsolved": False},
]


def spans() -> list[dict[str, Any]]:
    return [{"is_unsolved": True, "ticket_created_at": row["from_at"], "channel": "email"} | row for row in SPANS]


STANDING = {"dated_by": span.from_at, "until": span.to_at, "of": span.is_unsolved}
MARCH = {"start": "2024-03-01 00:00:00", "end": "2024-03-05 00:00:00"}


def test_census_at_the_end_of_each_day(desk: Desk) -> None:
    desk.load("span", spans())
    desk.declare(Census(**STANDING))
    rows = desk.ask(grain="day", **MARCH).rows
    # 1 March: z:1. 2 March: z:1 and z:2. From 3 March: z:2. The spam of z:4 stands beside them, uncounted.
    assert [(r.value, r.left_out) for r in rows] == [(1, {}), (2, {"spam": 1}), (1, {"spam": 1}), (1, {"spam": 1})]
    assert [(r.low, r.high) for r in rows] == [(None, None)] * 4
    assert desk.ask(**MARCH).value == 1


def test_census_takes_what_began_before_the_period_with_it(desk: Desk) -> None:
    desk.load("span", spans())
    desk.declare(Census(**STANDING))
    rows = desk.ask(grain="day", by=("channel",), start="2024-03-03 00:00:00", end="2024-03-05 00:00:00").rows
    assert [(r.dimensions, r.value) for r in rows] == [({"channel": "email"}, 1), ({"channel": "email"}, 1)]


def test_census_of_what_is_older(desk: Desk) -> None:
    desk.load("span", spans())
    desk.declare(Census(**STANDING, age_from=span.ticket_created_at, older_than=86_400))
    values = [r.value for r in desk.ask(grain="day", **MARCH).rows]
    # Older than a day: z:1 on 2 March (40 h), z:2 on 3 and 4 March (40 h, 64 h).
    assert values == [0, 1, 1, 1]


@pytest.mark.parametrize(("statistic", "hours"), [("median", [16, 28, 40, 64]), ("mean", [16, 28, 40, 64])])
def test_age_of_what_stands(desk: Desk, statistic: str, hours: list[int]) -> None:
    desk.load("span", spans())
    desk.declare(Census(**STANDING, age_from=span.ticket_created_at, unit="seconds"))
    rows = desk.ask(grain="day", statistic=statistic, **MARCH).rows
    # 1 March: 16 h. 2 March: 40 and 16 h. 3 March: 40 h. 4 March: 64 h.
    assert [r.value for r in rows] == [hour * 3600 for hour in hours]
    assert [r.n for r in rows] == [1, 2, 1, 1]


def test_a_tickets_solves_are_rows_of_their_own(desk: Desk) -> None:
    at = "2024-03-04 10:00:00"
    rows = [
        {"ticket": "z:1", "solved_at": at, "reopened_at": "2024-03-05 10:00:00"},
        {"ticket": "z:1", "solved_at": at},
    ]
    desk.load("solve", rows)
    desk.declare(Share(where=solve.reopened_at.within(solve.solved_at, days=7), dated_by=solve.solved_at))
    assert desk.ask().value == 0.5


def test_an_answer_is_a_frame_of_polars(desk: Desk) -> None:
    """One of two e-mails is solved, and no chat."""
    solved = (("email", True), ("email", False), ("chat", False))
    desk.load("ticket", tickets(*({"channel": channel, "is_solved": is_solved} for channel, is_solved in solved)))
    desk.declare(Share(where=ticket.is_solved, dated_by=ticket.created_at))
    frame = desk.ask(by=("channel",)).to_polars()
    assert frame.select("channel", "value", "n").rows() == [("chat", 0.0, 1), ("email", 0.5, 2)]
