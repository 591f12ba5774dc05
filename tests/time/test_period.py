"""Periods in words."""

from __future__ import annotations

from datetime import datetime

import pytest

from deskpulse.errors import QuestionError, UnknownNameError
from deskpulse.time.period import ALL, Period, last_year, parse_instant, parse_period, previous

LONDON = "Europe/London"
NOW = datetime(2024, 4, 10, 23, 30)  # Thursday 2024-04-11 00:30 in London


def _period(start: str, end: str) -> Period:
    return Period(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("today", "2024-04-10T23:00", "2024-04-11T23:00"),
        ("yesterday", "2024-04-09T23:00", "2024-04-10T23:00"),
        ("this-week", "2024-04-07T23:00", "2024-04-14T23:00"),
        ("last-week", "2024-03-31T23:00", "2024-04-07T23:00"),
        ("this-month", "2024-03-31T23:00", "2024-04-30T23:00"),
        ("last-month", "2024-03-01T00:00", "2024-03-31T23:00"),
        ("this-quarter", "2024-03-31T23:00", "2024-06-30T23:00"),
        ("last-quarter", "2024-01-01T00:00", "2024-03-31T23:00"),
        ("2024-03-30..2024-03-31", "2024-03-30T00:00", "2024-03-31T23:00"),
        ("this-year", "2024-01-01T00:00", "2025-01-01T00:00"),
        ("last-year", "2023-01-01T00:00", "2024-01-01T00:00"),
        ("last-7-days", "2024-04-03T23:00", "2024-04-10T23:00"),
        ("last-30-days", "2024-03-12T00:00", "2024-04-10T23:00"),
        ("last-1-day", "2024-04-09T23:00", "2024-04-10T23:00"),
        ("2016", "2016-01-01T00:00", "2017-01-01T00:00"),
        ("2016-Q2", "2016-03-31T23:00", "2016-06-30T23:00"),
        ("2016-03", "2016-03-01T00:00", "2016-03-31T23:00"),
        ("2016-W10", "2016-03-07T00:00", "2016-03-14T00:00"),
        ("2020-W53", "2020-12-28T00:00", "2021-01-04T00:00"),
        ("2016-03-27", "2016-03-27T00:00", "2016-03-27T23:00"),  # 23 hours: the clocks went forward
        ("2031-12", "2031-12-01T00:00", "2032-01-01T00:00"),  # the future is legal
        (" Last Month ", "2024-03-01T00:00", "2024-03-31T23:00"),
        ("last_month", "2024-03-01T00:00", "2024-03-31T23:00"),
    ],
)
def test_words_name_a_period(words: str, start: str, end: str) -> None:
    assert parse_period(words, now=NOW, zone=LONDON) == _period(start, end)


def test_all_has_no_bounds() -> None:
    assert parse_period("all", now=NOW, zone=LONDON) == ALL == Period(start=None, end=None)


@pytest.mark.parametrize(
    "words",
    ["", "soon", "2016-13", "2016-00", "2016-W54", "2021-W53", "2016-Q5", "2016-02-30", "0000", "9999", "last-0-days"],
)
def test_other_words_are_refused_with_what_works(words: str) -> None:
    with pytest.raises(QuestionError, match=r"No period is called.*last-month.*2016-W10"):
        parse_period(words, now=NOW, zone=LONDON)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="time zone"):
        parse_period("today", now=NOW, zone="Europe/Nowhere")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-07-01", datetime(2016, 6, 30, 23)),
        ("2016-07-01T14:30", datetime(2016, 7, 1, 13, 30)),
        ("2016-07-01 14:30:15", datetime(2016, 7, 1, 13, 30, 15)),
        ("2016-07-01T14:30:00Z", datetime(2016, 7, 1, 14, 30)),
        ("2016-07-01T14:30:00-05:00", datetime(2016, 7, 1, 19, 30)),
    ],
)
def test_a_date_or_time_is_local_unless_it_has_an_offset(text: str, expected: datetime) -> None:
    assert parse_instant(text, LONDON) == expected


@pytest.mark.parametrize("text", ["01/07/2016", "", "now", "2016-02-30"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match=r"is not a date or time. Type 2016-03-01"):
        parse_instant(text, LONDON)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2024-03", "2024-02-01T00:00", "2024-03-01T00:00"),  # 29 days before one of 31
        ("2024-Q2", "2024-01-01T00:00", "2024-03-31T23:00"),
        ("2024", "2023-01-01T00:00", "2024-01-01T00:00"),
        ("2024-W14", "2024-03-25T00:00", "2024-03-31T23:00"),  # 167 hours: the clocks went forward
        ("2024-04-01", "2024-03-31T00:00", "2024-03-31T23:00"),
        ("last-7-days", "2024-03-28T00:00", "2024-04-03T23:00"),  # 4 to 10 April, so 28 March to 3 April
    ],
)
def test_the_previous_period_is_as_long_by_the_calendar(words: str, start: str, end: str) -> None:
    assert previous(parse_period(words, now=NOW, zone=LONDON), LONDON) == _period(start, end)


def test_the_previous_period_of_hours_is_as_many_hours() -> None:
    assert previous(_period("2024-01-10T09:00", "2024-01-10T17:30"), "UTC") == _period(
        "2024-01-10T00:30", "2024-01-10T09:00"
    )


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2024-03", "2023-03-01T00:00", "2023-03-31T23:00"),
        ("2025-02", "2024-02-01T00:00", "2024-03-01T00:00"),  # the leap day belongs to it
        ("2024-Q1", "2023-01-01T00:00", "2023-03-31T23:00"),
        ("2024-02-29", "2023-02-28T00:00", "2023-03-01T00:00"),
        ("2024-W10", "2023-03-06T00:00", "2023-03-13T00:00"),  # Monday 2024-03-04 less 364 days
        ("2024-05-15", "2023-05-14T23:00", "2023-05-15T23:00"),
    ],
)
def test_a_year_earlier(words: str, start: str, end: str) -> None:
    assert last_year(parse_period(words, now=NOW, zone=LONDON), LONDON) == _period(start, end)


def test_hours_a_year_earlier_keep_the_local_time() -> None:
    """2024-03-29 09:00 in London is UTC; a year earlier summer time had begun (2023-03-26), so it was 08:00 UTC."""
    assert last_year(_period("2024-03-29T09:00", "2024-03-29T17:00"), LONDON) == _period(
        "2023-03-29T08:00", "2023-03-29T16:00"
    )


@pytest.mark.parametrize("compare", [previous, last_year])
def test_all_of_history_has_nothing_before_it(compare: object) -> None:
    assert callable(compare)
    with pytest.raises(QuestionError, match="Ask for a period"):
        compare(ALL, LONDON)


@pytest.mark.parametrize(("text", "zone"), [("0001-01-01", "Asia/Tokyo"), ("9999-12-31T23:00", "America/New_York")])
def test_an_instant_at_the_end_of_all_dates_is_refused(text: str, zone: str) -> None:
    with pytest.raises(QuestionError, match="is not a date or time"):
        parse_instant(text, zone)
