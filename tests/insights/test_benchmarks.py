"""Published benchmarks: every row is there, and none is compared with a value of another definition."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from deskpulse import catalog
from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.question import Question
from deskpulse.insights.benchmarks import benchmarks, benchmarks_of, compare
from deskpulse.present.benchmark import figure_words

NOW = datetime(2026, 1, 1)


def answer(kpi: str, variant: str, row: tuple[float | None, ...], **more: Any) -> Answer:
    value, low, high = row
    question = Question(kpi=kpi, now=NOW, **more.pop("asked", {}))
    made = Answer(
        question=question, kpi=kpi, variant=variant, statistic="share", clock="calendar", unit="share",
        dated_by="rated_at", definition="d", as_of=NOW, rows=(Row(value=value, low=low, high=high, n=100),),
    )  # fmt: skip
    return replace(made, **more)


def test_every_row_of_the_table_is_there_with_every_figure() -> None:
    # Counted by hand, row by row: first contact 3, service level 1, speed of answer 1, abandonment 7, handle time 3,
    # occupancy 2, utilisation 2 and 1, satisfaction by channel 6 and by industry 10, first reply 4, resolution 4,
    # one-touch 2, chat 3, e-mail 2, NPS 7, escalation 4, cost 4, cost to revenue 1, churn 2, shrinkage 2, eNPS 2.
    found = Counter(each.row for each in benchmarks())
    assert [found[row] for row in sorted(found)] == [
        3, 1, 1, 7, 3, 2, 2, 1, 6, 10, 4, 4, 2, 3, 2, 7, 4, 4, 1, 2, 2, 2,
    ]  # fmt: skip


def test_minutes_became_seconds() -> None:
    # 285 and 1491 minutes; 144.5 and 1303; 1:36; 12 h 10 min.
    first = [each.value for each in benchmarks_of("first_response_time")]
    assert first == [17100, 89460, 8670, 78180, 96, 50, 120, 43800, 0.36]
    assert figure_words(benchmarks_of("first_response_time")[0]) == "4h 45m"
    assert [each.value for each in benchmarks_of("average_handle_time")] == [360, 390, 635]  # 6, 6.5, 10:35


def test_each_says_where_it_comes_from_and_either_matches_or_says_why_not() -> None:
    for each in benchmarks():
        assert each.source and each.quality and each.definition and each.segment
        assert (each.value is None) == (each.low is not None and each.high is not None)
        assert each.differs or each.variant or each.statistic, each
    known = catalog.kpis()
    for each in benchmarks():
        if each.kpi in known and each.variant and not each.differs:
            measure = known[each.kpi].variant(each.variant)
            assert each.statistic is None or each.statistic in measure.statistics, each
            assert each.clock is None or each.clock in measure.clocks, each


def test_a_value_of_another_definition_is_refused_with_what_to_ask() -> None:
    found = compare(answer("csat", "top_two_box", (0.9, 0.88, 0.92)))
    assert not found.matches
    assert {refusal.reason for refusal in found.refusals} == {"It is of another formula: ask csat:good_over_rated."}


def test_the_interval_decides_where_a_value_lies() -> None:
    found = compare(answer("csat", "good_over_rated", (0.87, 0.855, 0.885)))
    standing = {match.benchmark.segment: match.standing for match in found.matches}
    assert standing["chat"] == "below"  # 92: all of the interval is less
    assert standing["Twitter"] == "above"  # 77
    assert standing["voice"] == "not distinguishable"  # 88 lies in it
    assert standing["software"] == "not distinguishable"  # 86 to 87
    assert compare(answer("csat", "good_over_rated", (None, None, None))).matches[0].standing == "no data"
    wide = {match.benchmark.segment: match.standing for match in found.matches}
    assert wide["travel"] == "not distinguishable"  # 88 to 91
    inside = compare(answer("csat", "good_over_rated", (0.835, 0.825, 0.845)))
    assert {m.benchmark.segment: m.standing for m in inside.matches}["retail"] == "within"  # 82 to 85


@pytest.mark.parametrize(
    ("statistic", "clock", "matched", "reason"),
    [
        ("median", "calendar", ["manufacturing", "real estate"], "It is a mean, not a median: ask for the mean."),
        ("mean", "calendar", ["manufacturing", "real estate", "email"],
         "It is a median, not a mean: ask for the median."),
        ("median", "business", [], "It is in calendar time: ask for that clock."),
    ],
)  # fmt: skip
def test_statistic_and_clock_must_agree(statistic: str, clock: Any, matched: list[str], reason: str) -> None:
    asked = answer(
        "first_response_time", "created", (7200, 7000, 7400), statistic=statistic, clock=clock, unit="seconds"
    )
    found = compare(asked)
    assert [match.benchmark.segment for match in found.matches] == matched
    assert reason in {refusal.reason for refusal in found.refusals}


def test_a_chat_wait_of_no_stated_statistic_is_never_compared() -> None:
    for statistic in ("median", "mean"):
        found = compare(answer("first_response_time", "created", (60, 50, 70), statistic=statistic))
        assert not [match for match in found.matches if match.benchmark.segment.startswith("chat")]


def test_a_years_churn_is_not_a_months() -> None:
    year = {"start": datetime(2025, 1, 1), "end": datetime(2026, 1, 1)}
    month = {"start": datetime(2025, 12, 1), "end": datetime(2026, 1, 1)}
    value = (0.1, 0.08, 0.12)
    assert len(compare(answer("customer_churn_rate", "logo", value, asked=year)).matches) == 1
    assert not compare(answer("customer_churn_rate", "logo", value, asked=month)).matches


def test_dollars_are_compared_with_dollars_and_weak_ones_are_indicative() -> None:
    cost = answer("cost_per_conversation", "conversation", (6, 5, 7), statistic="ratio")
    assert not compare(cost, currency="EUR").matches
    found = compare(cost, currency="USD").matches
    assert [match.standing for match in found] == ["below", "within", "within", "above"]  # 8-25, 3-12, 2-10, .10-4
    assert all(match.benchmark.is_indicative for match in found)
