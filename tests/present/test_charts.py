"""Charts as data: what is drawn, in which units, and what a reader without eyes is told. Worked by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskpulse.answers.answer import Answer, Bounds, Row
from deskpulse.answers.distribution import Bin
from deskpulse.answers.question import Question
from deskpulse.present.axes import duration_ticks
from deskpulse.present.card import bullet, card, spark
from deskpulse.present.chart import Mark, bars, trend
from deskpulse.present.drawing import print_svg, svg
from deskpulse.present.drawn import chart_of
from deskpulse.present.freshness import freshness
from deskpulse.present.heat_map import heat_map
from deskpulse.present.histogram import histogram
from deskpulse.workspace.proofs import proof

NOW = datetime(2026, 3, 2, 12)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def answer(*rows: Row, kpi: str = "csat", **asked: Any) -> Answer:
    """An answer of shares, or of durations."""
    shapes: dict[str, tuple[str, str, Any]] = {
        "csat": ("top_two_box", "share", "share"),
        "first_response_time": ("created", "median", "seconds"),
        "ticket_volume": ("created", "count", "count"),
    }
    variant, statistic, unit = shapes[kpi]
    return Answer(
        question=Question(kpi=kpi, now=NOW, **asked), kpi=kpi, variant=variant, statistic=statistic, clock="calendar",
        unit=unit, dated_by="created_at", definition=f"{kpi}:{variant}@01234567", as_of=NOW, rows=rows,
    )  # fmt: skip


def row(value: float | None, n: int = 10, **more: Any) -> Row:
    return Row(value=value, low=more.pop("low", None), high=more.pop("high", None), n=n, **more)


def weeks(*values: float | None, **more: Any) -> list[Row]:
    return [row(value, period_start=MONDAY + timedelta(weeks=place), **more) for place, value in enumerate(values)]


def test_a_sparkline_goes_from_least_to_greatest_and_breaks_where_nothing_is() -> None:
    # 96 x 28 with 3 around: x at 3, 33, 63, 93; the least lies at 25, the greatest at 3, halfway at 14.
    drawn = spark([0.0, 1.0, None, 0.5])
    assert drawn.lines == ("3.0,25.0 33.0,3.0", "93.0,14.0")
    assert drawn.end == (93.0, 14.0)
    assert spark([None, None]).lines == ()
    assert spark([2.0, 2.0]).lines == ("3.0,14.0 93.0,14.0",)  # flat is in the middle


@pytest.mark.parametrize(
    ("kpi", "value", "bounds", "filled", "marks"),
    [
        ("csat", 0.75, Bounds(at_least=0.8), 75.0, (80.0,)),  # shares fill a bar of 0 to 100 %
        ("first_response_time", 60, Bounds(at_most=80), 60.0, (80.0,)),  # up to 1.25 x 80 = 100 s
        ("csat", 0.6, Bounds(at_least=0.5, at_most=0.9), 60.0, (50.0, 90.0)),
    ],
)
def test_a_bar_is_filled_to_the_value_with_a_mark_at_the_target(
    kpi: str, value: float, bounds: Bounds, filled: float, marks: tuple[float, ...]
) -> None:
    drawn = bullet(row(value, target=bounds), answer(kpi=kpi))
    assert drawn is not None
    assert (drawn.filled, drawn.marks) == (filled, marks)


def test_nothing_has_no_bar() -> None:
    assert bullet(row(None, target=Bounds(at_least=0.8)), answer()) is None
    assert card(answer(row(0.5))).bullet is None


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 240, [0, 60, 120, 180, 240]),
        (2000, 15000, [0, 3600, 7200, 10800, 14400, 18000]),
        (50, 50, [50]),
        (0, 40 * 86400, [0, 1209600, 2419200, 3628800]),
    ],
)
def test_durations_are_marked_at_round_lengths(low: float, high: float, ticks: list[float]) -> None:
    assert duration_ticks([low, None, high]) == ticks


def test_a_trend_draws_the_period_before_its_target_and_what_was_announced_in_it() -> None:
    first, second = weeks(0.5, 0.75)
    told = answer(
        row(0.5, period_start=first.period_start, previous=0.4), row(
            0.75, period_start=second.period_start, previous=None, target=Bounds(at_least=0.8)), grain="week",
        compare="previous",
    )  # fmt: skip
    marks = [Mark(at=datetime(2026, 1, 6), title="Bot on"), Mark(at=datetime(2026, 3, 1), title="Too late")]
    drawn = trend(told, marks=marks)
    text = json.dumps(drawn.spec)
    assert "Target 80.0 %" in text and "Bot on" in text and "Too late" not in text
    assert '"before": 0.4' in text
    assert drawn.sentence == (
        "Customer satisfaction per week, from 50.0 % (2026-W02) to 75.0 % (2026-W03); "
        "lowest 50.0 % (2026-W02), highest 75.0 % (2026-W03)."
    )
    assert "dotted: the period before" in drawn.subtitle


def test_a_target_that_is_a_band_is_two_lines() -> None:
    first, second = weeks(0.5, 0.75)
    target = Bounds(at_least=0.7, at_most=0.85)
    drawn = trend(answer(first, row(0.75, period_start=second.period_start, target=target), grain="week"))
    assert [words for words in ("Target 70.0 %", "Target 85.0 %") if words in json.dumps(drawn.spec)] == [
        "Target 70.0 %", "Target 85.0 %",
    ]  # fmt: skip


def test_a_chart_without_values_says_so() -> None:
    drawn = trend(answer(*weeks(None, None), grain="week"))
    assert drawn.is_empty
    assert drawn.sentence == "Customer satisfaction: no data in this period."


def test_bars_are_in_order_and_lead_where_they_are_told() -> None:
    told = answer(
        row(0.5, dimensions={"team": "A"}), row(0.9, dimensions={"team": None}), row(None, dimensions={"team": "C"}),
        by=("team",),
    )  # fmt: skip
    drawn = bars(told, link=lambda one: f"/to/{one.dimensions['team']}")
    values = drawn.spec["data"]["values"]
    assert [(one["group"], one["href"]) for one in values] == [("(none)", "/to/None"), ("A", "/to/A")]
    assert drawn.links == (("/to/A",), ("/to/None",), ("/to/C",))  # the table keeps the order of the answer


def test_a_heat_map_has_a_cell_for_every_hour_of_the_week() -> None:
    told = answer(row(7, dimensions={"weekday": "Tue", "hour": "09"}), kpi="ticket_volume", by=("weekday", "hour"))
    drawn = heat_map(told, title="Arrivals", link=lambda one: f"/to/{one.dimensions['hour']}")
    values = drawn.spec["data"]["values"]
    assert len(values) == 7 * 24
    assert [one["value"] for one in values if one["value"]] == [7]
    assert drawn.table.rows[1][10] == "7"  # Tuesday, after the weekday the tenth hour: 09
    assert [(day, hour) for day, row in enumerate(drawn.links) for hour, to in enumerate(row) if to] == [(1, 10)]
    assert drawn.links[1][10] == "/to/09"  # the keyboard's way to the rows: the table's cell
    assert "Tue 09:00" in drawn.sentence


def test_a_histogram_has_its_bins_on_a_log_axis_and_its_two_marks() -> None:
    typical = answer(row(90), kpi="first_response_time")
    slow = answer(row(3600), kpi="first_response_time")
    drawn = histogram((Bin(low=0, high=1, n=1), Bin(low=1, high=2, n=5)), typical, slow)
    assert [(one["low"], one["high"], one["n"]) for one in drawn.spec["data"]["values"]] == [(0.5, 1, 1), (1, 2, 5)]
    assert drawn.sentence.endswith("half of all took up to 1m 30s, nine in ten up to 1h.")
    assert drawn.table.rows == (("0 s", "1 s", "1"), ("1 s", "2 s", "5"))


def test_only_the_five_largest_groups_are_lines_and_the_table_has_all() -> None:
    told = answer(
        *(row(0.1 * n, n=n, period_start=MONDAY, dimensions={"team": f"T{n}"}) for n in range(1, 8)),
        grain="week", by=("team",),
    )  # fmt: skip
    drawn = chart_of(told)
    assert drawn is not None
    assert {one["group"] for one in drawn.spec["data"]["values"]} == {"T3", "T4", "T5", "T6", "T7"}
    assert drawn.subtitle.endswith("the 5 largest of 7")
    assert len(drawn.table.rows) == 7


@pytest.mark.parametrize(
    ("by", "grain", "drawn"),
    [
        (("team",), None, True),
        (("team", "channel"), None, True),
        ((), "week", True),
        (("team",), "week", True),
        ((), None, False),
        (("a", "b", "c"), None, False),
    ],
)
def test_every_shape_of_answer_is_drawn_or_left_to_its_table(by: tuple[str, ...], grain: Any, drawn: bool) -> None:
    found = row(0.5, low=0.4, high=0.6, dimensions=dict.fromkeys(by, "x"), period_start=MONDAY if grain else None)
    chart = chart_of(answer(found, by=by, grain=grain))
    assert (chart is not None) == drawn
    if chart:
        assert svg(chart).startswith("<svg")
        assert "var(--" not in print_svg(chart)  # paper has no custom properties


def test_a_bucket_that_the_period_cuts_leads_to_its_days_alone() -> None:
    # Asked from Thursday 8 to before Tuesday 20 January: the weeks from the 5th and the 19th are cut.
    told = answer(
        *weeks(0.1, 0.2, 0.3), grain="week", start=datetime(2026, 1, 8), end=datetime(2026, 1, 20),
    )  # fmt: skip
    periods = [(proof(one, told) or {})["period"] for one in told.rows]
    assert periods == ["2026-01-08..2026-01-11", "2026-W03", "2026-01-19..2026-01-19"]


def test_a_group_without_a_value_leads_to_rows_without_one() -> None:
    told = answer(row(0.5, dimensions={"team": None, "channel": "chat"}), by=("team", "channel"))
    assert proof(told.rows[0], told) == {"team": "none", "channel": "chat"}


@pytest.mark.parametrize(
    ("later", "age", "is_stale"),
    [
        (timedelta(seconds=90), "just now", False),
        (timedelta(minutes=12, seconds=40), "12m old", False),
        (timedelta(hours=26), "1d 2h old", True),
    ],
)
def test_the_age_of_the_data(later: timedelta, age: str, is_stale: bool) -> None:
    found = freshness(NOW, NOW + later, "Europe/Berlin")
    assert (found.until, found.age, found.is_stale) == ("2 Mar 2026, 13:00", age, is_stale)
