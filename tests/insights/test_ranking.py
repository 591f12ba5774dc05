"""The funnel and an agent's own view, from standings made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from deskpulse.answers.standings import Standing
from deskpulse.insights.ranking import funnel, own_place


def standing(unit: str, observed: float, **more: Any) -> Standing:
    """A hundred rows of which half are usual: a share varies by .05 around .5."""
    usual = {"n": 100, "expected": 50.0, "usual": 0.5, "size": 100.0, "variance": 0.25, "rank": 1.0}
    return Standing(key=(None, (unit,)), unit=unit, observed=observed, **(usual | more))


def test_who_stands_out_is_beyond_the_limits_of_chance() -> None:
    """70 of 100 lie (.7 - .5) / .05 = 4 deviations out; the nine at 50 of 100 leave the dispersion at 1."""
    found = funnel([standing("best", 70), *(standing(str(number), 50) for number in range(9))])
    assert found
    best = found.points[0]
    assert (found.usual, found.dispersion) == (0.5, 1.0)
    assert best.place == "above alarm"
    assert best.value == pytest.approx(0.7)
    assert best.z == pytest.approx(4.0)
    assert {point.place for point in found.points[1:]} == {"usual"}


def test_limits_at_a_hundred_rows() -> None:
    """.5 -+ 1.96 x .05 and -+ 3.09 x .05."""
    found = funnel([standing("a", 50), standing("b", 50)])
    assert found
    first = found.limits[0]
    limits = (first.alarm_low, first.warning_low, first.warning_high, first.alarm_high)
    assert limits == pytest.approx((0.3455, 0.402, 0.598, 0.6545))


def test_limits_narrow_as_rows_grow_and_a_share_ends_at_one() -> None:
    """With 4 rows a deviation is .25, and .5 + 3.09 x .25 lies beyond 1; with 400 it is .025."""
    few = {"n": 4, "size": 4.0, "expected": 2.0}
    many = {"n": 400, "size": 400.0, "expected": 200.0}
    found = funnel([standing("few", 2, **few), standing("many", 200, **many)])
    assert found
    assert (found.limits[0].alarm_low, found.limits[0].alarm_high) == (0.0, 1.0)
    assert found.limits[-1].alarm_high == pytest.approx(0.5 + 3.09 * 0.025)


def test_units_that_all_differ_widen_the_limits() -> None:
    """Ten at 60 and ten at 40 of 100: every deviation is 2 in size, the mean square 4, so all are usual."""
    found = funnel([standing(f"{n}{k}", n) for n in (60, 40) for k in range(10)])
    assert found
    assert found.dispersion == pytest.approx(4.0)
    assert [point.z for point in found.points] == pytest.approx([1.0] * 10 + [-1.0] * 10)


def test_a_harder_mix_moves_the_point() -> None:
    """45 where 40 were to be expected is .5 x 45 / 40 = .5625, although 45 of 100 is below the half."""
    found = funnel([standing("a", 45, expected=40.0), *(standing(str(number), 50) for number in range(9))])
    assert found
    assert found.points[0].value == pytest.approx(0.5625)
    assert found.points[0].z == pytest.approx(1.25)


def test_without_anybody_ranked_there_is_no_funnel() -> None:
    assert funnel([]) is None
    assert funnel([standing("a", 3, rank=None)]) is None


def test_an_agent_sees_the_others_as_a_range_without_names() -> None:
    """.6 .7 .8 .9: the middle half runs from .675 to .825, around .75."""
    others = [standing(f"other {value}", 60, adjusted=value) for value in (0.6, 0.7, 0.8, 0.9)]
    own = standing("me", 50, adjusted=0.5, adjusted_low=0.4, adjusted_high=0.6, rank_low=4.0, rank_high=5.0)
    found = own_place([*others, own], "me")
    assert found
    assert (found.value, found.rank_low, found.rank_high, found.others) == (0.5, 4, 5, 4)
    assert (found.others_low, found.others_middle, found.others_high) == pytest.approx((0.675, 0.75, 0.825))
    assert "other" not in " ".join(map(str, (found.unit, found.value, found.others_low)))


def test_the_others_are_not_told_where_they_are_three() -> None:
    found = own_place([standing("me", 50, adjusted=0.5), *(standing(n, 60, adjusted=0.6) for n in "abc")], "me")
    assert found
    assert (found.others, found.others_low, found.others_middle, found.others_high) == (3, None, None, None)


def test_who_has_done_nothing_has_no_place() -> None:
    assert own_place([standing("a", 50)], "me") is None
