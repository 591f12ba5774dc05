"""What people write, and the question it becomes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from deskpulse.answers.question import Filter
from deskpulse.errors import QuestionError, UnknownNameError
from deskpulse.workspace.asking import filters, question

AS_OF = datetime(2026, 3, 4, 12)  # a Wednesday


def asked(kpi: str = "csat", **options: Any) -> Any:
    return question(kpi, options, zone="Europe/Berlin", as_of=AS_OF)  # type: ignore[arg-type]


def test_the_variant_may_follow_a_colon() -> None:
    assert (asked("csat:mean").kpi, asked("csat:mean").variant) == ("csat", "mean")
    assert asked("csat").variant is None


def test_last_week_runs_from_monday_to_monday_in_the_zone() -> None:
    last_week = asked(period="last-week")
    # Berlin is at UTC+1 in February: its Monday begins at 23:00 UTC of the Sunday
    assert (last_week.start, last_week.end) == (datetime(2026, 2, 22, 23), datetime(2026, 3, 1, 23))


def test_instants_are_text_in_the_zone_aware_or_naive_utc() -> None:
    assert asked(start="2026-02-01").start == datetime(2026, 1, 31, 23)
    assert asked(start=datetime(2026, 2, 1, tzinfo=timezone(timedelta(hours=2)))).start == datetime(2026, 1, 31, 22)
    assert asked(start=datetime(2026, 2, 1)).start == datetime(2026, 2, 1)


def test_now_is_the_instant_of_the_data_unless_given() -> None:
    assert asked().now == AS_OF
    assert asked(now=datetime(2026, 1, 1, 1, 2, 3, 999, tzinfo=UTC)).now == datetime(2026, 1, 1, 1, 2, 3)


def test_dimensions_are_one_or_several() -> None:
    assert asked(by="channel, team").by == ("channel", "team")
    assert asked(by=["channel", "team"]).by == ("channel", "team")


def test_filters_are_text_or_a_mapping() -> None:
    email = Filter(dimension="channel", values=("email",))
    assert filters("channel=email") == filters({"channel": "email"}) == filters(["channel = email"]) == (email,)
    assert filters("channel!=a,b") == (Filter(dimension="channel", values=("a", "b"), negated=True),)
    assert filters({"team": ["Billing, EU", "Sales"]})[0].values == ("Billing, EU", "Sales")


def test_a_value_with_a_comma_stands_in_quotes() -> None:
    [found] = filters('topic!="Login, password", bills')
    assert found == Filter(dimension="topic", values=("Login, password", "bills"), negated=True)
    assert found.typed == 'topic!="Login, password",bills'
    odd = Filter(dimension="topic", values=('5" drive, "new"', "=none", "none"))
    assert filters(odd.typed) == (odd,)


@pytest.mark.parametrize("text", ["channel", "=email", "channel=", ""])
def test_a_filter_that_is_none_says_how_to_write_it(text: str) -> None:
    with pytest.raises(QuestionError, match="channel=email,chat"):
        filters([text])


def test_a_period_and_an_end_are_too_much() -> None:
    with pytest.raises(QuestionError, match="keep one"):
        asked(period="last-week", end="2026-03-01")


def test_a_date_is_its_local_midnight() -> None:
    # Berlin is at UTC+1 in January and February.
    whole = asked(start=date(2026, 2, 1), now="2026-02-03")
    assert (whole.start, whole.now) == (datetime(2026, 1, 31, 23), datetime(2026, 2, 2, 23))


def test_an_option_there_is_none_of_is_told_not_left_out() -> None:
    with pytest.raises(UnknownNameError, match=r"No option is called 'wher'\. Did you mean 'where'"):
        asked(wher="channel=email")
