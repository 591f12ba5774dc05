"""Leaderboards asked of facts made by hand: who is ranked among whom, given what, and who is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deskpulse.answers.standings import standings
from deskpulse.errors import QuestionError, UnknownNameError
from deskpulse.facts import reply, survey
from deskpulse.metrics.measure import RateRanking, ShareRanking, share
from tests.answers.conftest import Desk

DAY = "2024-05-{:02d} 10:00:00"
MIX = (survey.FACT.column("topic"), survey.FACT.column("channel"))


def ratings(agent: str | None, good: int, of: int, topic: str = "login", **more: Any) -> Iterator[dict[str, Any]]:
    for number in range(of):
        yield {
            "survey": f"s:{agent}{topic}{number}",
            "agent": agent,
            "topic": topic,
            "answered_at": DAY.format(1),
            "is_satisfied": number < good,
            **more,
        }


def replies(agent: str, *days: int) -> Iterator[dict[str, Any]]:
    for day, many in enumerate(days, 1):
        for _ in range(many):
            yield {"ticket": "s:1", "agent": agent, "replied_at": DAY.format(day)}


def satisfied(**more: Any) -> ShareRanking:
    return ShareRanking(where=survey.is_satisfied, dated_by=survey.answered_at, **more)


def ranges(desk: Desk, **asked: Any) -> dict[str, tuple[float | None, ...]]:
    return {str(row.dimensions["agent"]): (row.value, row.low, row.high) for row in desk.ask(**asked).rows}


def test_agents_are_ranked_unless_something_else_is_asked_for(desk: Desk) -> None:
    """Shares of .9, .5 and .1 of 400: standard errors of .025 at most, so no doubt."""
    desk.load("survey", [*ratings("b", 200, 400), *ratings("c", 40, 400), *ratings("a", 360, 400, team="x")])
    desk.declare(satisfied())
    answer = desk.ask()
    assert answer.question.by == ("agent",)
    assert (answer.unit, answer.statistic) == ("rank", "rank")
    assert [(row.dimensions, row.value, row.low, row.high, row.n) for row in answer.rows] == [
        ({"agent": "a"}, 1, 1, 1, 400),
        ({"agent": "b"}, 2, 2, 2, 400),
        ({"agent": "c"}, 3, 3, 3, 400),
    ]
    assert [row.dimensions for row in desk.ask(by=("team",)).rows] == [{"team": "x"}, {"team": None}]


def test_within_each_group_of_the_other_dimensions_and_each_bucket(desk: Desk) -> None:
    april = {"answered_at": "2024-04-01 10:00:00"}
    desk.load(
        "survey",
        [
            *ratings("a", 360, 400, channel="chat"),
            *ratings("b", 40, 400, channel="chat"),
            *ratings("a", 40, 400, channel="web", topic="x"),
            *ratings("b", 360, 400, channel="web", topic="x"),
            *ratings("b", 400, 400, channel="web", topic="y", **april),
        ],
    )
    desk.declare(satisfied())
    found = [(row.dimensions["channel"], row.dimensions["agent"], row.value) for row in desk.ask(by=("channel",)).rows]
    assert found == [("chat", "a", 1), ("chat", "b", 2), ("web", "b", 1), ("web", "a", 2)]
    months = desk.ask(grain="month", end="2024-06-01", where={"channel": ["web"]}).rows
    assert [(row.period_start.month, row.dimensions["agent"], row.value) for row in months if row.period_start] == [
        (4, "b", 1),
        (4, "a", None),
        (5, "b", 1),
        (5, "a", 2),
    ]


def test_the_harder_topic_is_allowed_for(desk: Desk) -> None:
    """Outages satisfy half, passwords nine in ten. Ann has outages and does well at 65 %, Ben passwords and does badly
    at 82 %: of the bare shares Ben's is the greater, of what is usual for the contacts each had, Ann's.
    """
    desk.load(
        "survey",
        [
            *ratings("Ann", 195, 300, "outage"),
            *ratings("Ben", 246, 300, "password"),
            *ratings("Cy", 750, 1500, "outage"),
            *ratings("Cy", 1350, 1500, "password"),
        ],
    )
    desk.declare(satisfied(mix=MIX), bare=satisfied())
    given_mix, bare = ranges(desk), ranges(desk, variant="bare")
    assert (given_mix["Ann"][0], given_mix["Ben"][0]) == (1, 3)
    assert bare["Ann"][0] == 3
    assert bare["Ben"][0] == 1


def test_few_rows_are_listed_without_a_rank(desk: Desk) -> None:
    desk.load("survey", [*ratings("new", 19, 19), *ratings("old", 15, 20), *ratings("other", 10, 20)])
    desk.declare(satisfied())
    rows = {row.dimensions["agent"]: row for row in desk.ask().rows}
    assert list(rows)[-1] == "new"
    assert (rows["new"].value, rows["new"].n, rows["new"].left_out) == (None, 0, {"not enough contacts": 19})
    assert rows["old"].n == 20
    assert rows["old"].high == 2, "ranks are among those who have one"


def test_what_nobody_is_credited_for_is_left_out(desk: Desk) -> None:
    desk.load("survey", [*ratings(None, 3, 3), *ratings("a", 15, 20)])
    desk.declare(satisfied())
    a, nobody = desk.ask().rows
    assert (a.value, a.low, a.high) == (1, 1, 1)
    assert (nobody.dimensions, nobody.value, nobody.n) == ({"agent": None}, None, 0)
    assert nobody.left_out == {"not credited to anybody": 3}


def test_all_alike_may_hold_any_rank(desk: Desk) -> None:
    desk.load("survey", [row for agent in "abcd" for row in ratings(agent, 30, 30)])
    desk.declare(satisfied())
    assert {(low, high) for _, low, high in ranges(desk).values()} == {(1, 4)}


def test_no_rows_no_ranks(desk: Desk) -> None:
    desk.load("survey", [])
    desk.declare(satisfied())
    assert desk.ask().rows == ()


def test_activity_is_per_day_worked(desk: Desk) -> None:
    """Ann wrote 20 a day on four days, Ben 10 a day on ten: Ben wrote more, Ann more a day."""
    desk.load("reply", [*replies("Ann", *[19, 21] * 2), *replies("Ben", *[9, 11] * 5)])
    desk.declare(RateRanking(dated_by=reply.replied_at))
    answer = desk.ask()
    assert [(row.dimensions["agent"], row.value, row.n) for row in answer.rows] == [("Ann", 1, 80), ("Ben", 2, 100)]
    assert answer.rows[0].high == 1


def test_one_busy_day_among_uneven_ones_proves_little(desk: Desk) -> None:
    """Days vary between 1 and 39 around 20, as 19 of Poisson's would: a single day of 30 may be anybody's."""
    uneven = [1, 39] * 5
    desk.load("reply", [*replies("Ann", 30), *replies("Ben", *uneven), *replies("Cy", *uneven)])
    desk.declare(RateRanking(dated_by=reply.replied_at))
    assert ranges(desk)["Ann"][1:] == (1, 3)


def test_against_the_period_before(desk: Desk) -> None:
    april = {"answered_at": "2024-04-10 10:00:00"}
    both = [("a", 360, 40), ("b", 40, 360)]
    desk.load(
        "survey",
        [row for who, now, before in both for row in (*ratings(who, now, 400), *ratings(who, before, 400, **april))],
    )
    desk.declare(satisfied())
    rows = desk.ask(start="2024-05-01", end="2024-06-01", compare="previous").rows
    assert [(row.dimensions["agent"], row.value, row.previous, row.is_distinguishable) for row in rows] == [
        ("a", 1, 2, True),
        ("b", 2, 1, True),
    ]


def test_evidence_lists_what_each_rank_is_made_of(desk: Desk) -> None:
    desk.load("survey", [*ratings("a", 15, 20), *ratings(None, 1, 1)])
    desk.declare(satisfied())
    evidence = desk.prove()
    assert sum(row.value or 0 for row in evidence.rows if not row.excluded) == 15
    assert [row.reason for row in evidence.rows if row.excluded] == ["not credited to anybody"]


def test_what_cannot_be_ranked_is_refused(desk: Desk) -> None:
    desk.load("survey", [*ratings("a", 15, 20)])
    desk.declare(satisfied())
    with pytest.raises(UnknownNameError, match="colour"):
        desk.ask(by=("colour",))
    with pytest.raises(QuestionError, match="statistic"):
        desk.ask(statistic="median")


def test_standings_tell_what_was_to_be_expected(desk: Desk) -> None:
    """Without a mix all are expected to do as all together: 26 of 41. Drawn towards that, a does less than 15 of 20."""
    desk.load("survey", [*ratings("a", 15, 20), *ratings("b", 10, 20), *ratings("c", 1, 1)])
    desk.declare(satisfied())
    found = standings(desk.question(), backend=desk.backend)
    assert [(one.unit, one.n, one.observed) for one in found] == [("a", 20, 15), ("b", 20, 10), ("c", 1, 1)]
    assert [one.expected for one in found] == pytest.approx([20 * 26 / 41, 20 * 26 / 41, 26 / 41], abs=0.1)
    assert found[2].rank is None
    assert found[2].adjusted is None
    assert found[0].adjusted is not None
    assert 26 / 41 < found[0].adjusted < 15 / 20


def test_standings_of_what_is_no_leaderboard_are_refused(desk: Desk) -> None:
    desk.load("survey", [])
    desk.declare(share(survey.is_satisfied, dated_by=survey.answered_at))
    with pytest.raises(QuestionError, match="ranks nobody"):
        standings(desk.question(), backend=desk.backend)
