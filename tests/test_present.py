"""How answers are written. Expected texts are worked by hand from the numbers given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.question import Question
from deskpulse.insights.findings import notable
from deskpulse.present import entry, headline, sentence, sheet, sparkline, tile

NOW = datetime(2026, 3, 2, 12)


def row(value: float | None, low: float | None = None, high: float | None = None, n: int = 100, **more: Any) -> Row:
    return Row(value=value, low=low, high=high, n=n, **more)


def answer(kpi: str, variant: str, statistic: str, unit: Any, *rows: Row, **asked: Any) -> Answer:
    clock = asked.pop("clock", "calendar")
    return Answer(
        question=Question(kpi=kpi, now=NOW, **asked), kpi=kpi, variant=variant, statistic=statistic, clock=clock,
        unit=unit, dated_by="first_replied_at", definition=f"{kpi}:{variant}@01234567", as_of=NOW, rows=rows,
    )  # fmt: skip


def first_response(*rows: Row, **asked: Any) -> Answer:
    return answer("first_response_time", "created", "median", "seconds", *rows, **asked)


def csat(*rows: Row, **asked: Any) -> Answer:
    return answer("csat", "top_two_box", "share", "share", *rows, **asked)


def written(given: Answer) -> Any:
    return tile(given.rows[0], given)


def test_a_median_is_called_a_median_and_has_its_interval() -> None:
    # 5040 s = 1 h 24 min, 4200 s = 1 h 10 min, 6000 s = 1 h 40 min
    assert headline(written(first_response(row(5040, 4200, 6000, n=311)))) == (
        "median 1h 24m  (1h 10m–1h 40m)  311 tickets"
    )


def test_a_share_has_one_decimal_and_one_survey_is_singular() -> None:
    one = written(csat(row(0.8621, 0.851, 0.873, n=1)))
    assert (one.value, one.interval, one.n) == ("86.2 %", "85.1–87.3 %", "1 survey")


def test_nothing_reads_no_data_and_never_zero() -> None:
    empty = written(csat(row(None, n=0)))
    assert headline(empty) == "no data"
    assert (empty.value, empty.interval, empty.change) == ("no data", "", "")


def test_a_missing_limit_is_said() -> None:
    assert written(first_response(row(60, 45, None))).interval == "45 s or more"
    assert written(first_response(row(60, None, 90))).interval == "up to 1m 30s"
    assert written(first_response(row(60, n=2))).interval == "too few for an interval"


def test_a_census_has_no_interval() -> None:
    assert written(answer("backlog", "open", "total", "count", row(12, n=12))).interval == ""


def test_business_time_is_named() -> None:
    assert written(first_response(row(60), clock="business")).statistic == "median, business time"


@pytest.mark.parametrize(
    ("given", "change", "verdict"),
    [
        # 70 % to 75 % of satisfied ratings: 5 points up, which is better
        (csat(row(0.75, previous=0.70, is_distinguishable=True), compare="previous"), "▲ +5.0 points", "better"),
        (csat(row(0.65, previous=0.70, is_distinguishable=True), compare="previous"), "▼ −5.0 points", "worse"),
        (
            csat(row(0.72, previous=0.70, is_distinguishable=False), compare="previous"),
            "▲ +2.0 points",
            "not distinguishable",
        ),
        # 42 min to 1 h 10 min is 28 min longer: worse, as lower is better
        (
            first_response(row(4200, previous=2520, is_distinguishable=True), compare="previous"),
            "▲ +28m",
            "worse",
        ),
        # 100 tickets to 320 are 220 % more, neither better nor worse
        (
            answer(
                "ticket_volume", "created", "count", "count",
                row(320, previous=100, is_distinguishable=True), compare="previous",
            ),
            "▲ +220.0 %",
            "different",
        ),
        (csat(row(0.7, previous=None), compare="previous"), "", "unknown"),
        (
            csat(row(0.7, previous=0.7, is_distinguishable=False), compare="previous"),
            "= 0.0 points",
            "not distinguishable",
        ),
    ],
)  # fmt: skip
def test_a_change_has_arrow_sign_and_verdict(given: Answer, change: str, verdict: str) -> None:
    assert (written(given).change, written(given).verdict) == (change, verdict)


@pytest.mark.parametrize(
    ("grain", "words"),
    [
        ("hour", "2016-01-04 00:00"),
        ("day", "2016-01-04"),
        ("week", "2016-W01"),  # the 4th of January is always in ISO week 1
        ("month", "2016-01"),
        ("quarter", "2016-Q1"),
        ("year", "2016"),
    ],
)
def test_buckets_have_names(grain: Any, words: str) -> None:
    given = csat(row(0.5, period_start=datetime(2016, 1, 4, tzinfo=UTC)), grain=grain)
    assert written(given).label == words


def test_a_sheet_has_a_column_per_dimension_and_null_is_none() -> None:
    given = csat(row(0.5, 0.4, 0.6, n=80, dimensions={"channel": None}, left_out={"spam": 2}), by=("channel",))
    made = sheet(given)
    assert made.headings == ("channel", "share", "95 % interval", "n", "left out")
    assert made.rows == (("(none)", "50.0 %", "40.0–60.0 %", "80 surveys", "2 spam"),)


def test_a_sentence_says_what_moved_without_a_cause() -> None:
    given = first_response(
        row(4200, n=310, previous=2520, is_distinguishable=True, dimensions={"team": "Billing"}),
        by=("team",),
        compare="previous",
    )
    assert sentence(given.rows[0], given) == (
        "Billing: median first response time rose from 42m to 1h 10m against the period before "
        "(310 tickets): more than noise."
    )


def test_only_distinguishable_changes_are_findings_largest_first_two_of_a_kpi() -> None:
    def changed(name: str, value: float, distinguishable: bool = True, n: int = 100) -> Row:
        return row(value, n=n, previous=100, is_distinguishable=distinguishable, dimensions={"team": name})

    given = first_response(
        changed("noise", 900, distinguishable=False), changed("few", 900, n=19),
        changed("least", 110), changed("most", 400), changed("fell", 40),
        by=("team",), compare="previous",
    )  # fmt: skip
    # ratios 4, 2.5 (100 to 40) and 1.1; at most two of one KPI
    assert [found.dimensions["team"] for _, found in notable([given])] == ["most", "fell"]


def test_a_sparkline_spans_least_to_greatest_and_leaves_gaps() -> None:
    assert sparkline([1, None, 8]) == "▁ █"
    assert sparkline([3, 3]) == "▅▅"
    assert sparkline([None]) == ""


def test_the_dictionary_has_the_variants_in_order_with_inputs() -> None:
    found = entry("first_response_time")
    assert [variant.name for variant in found.variants][:2] == ["created", "handoff"]
    assert "first_response_business_seconds" in found.variants[0].inputs
    assert found.variants[0].definition.startswith("first_response_time:created@")
