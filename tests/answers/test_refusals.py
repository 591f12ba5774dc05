"""Questions that cannot be answered say what is wrong, which, and what to type."""

from __future__ import annotations

from typing import Any

import pytest

from deskpulse.errors import QuestionError, UnknownNameError, WorkspaceError
from deskpulse.facts import span, ticket
from deskpulse.metrics.measure import Census, Share, Spread

from .conftest import Desk


@pytest.fixture
def ready(desk: Desk) -> Desk:
    desk.load("ticket", [{"created_at": "2024-03-04 10:00:00", "channel": "email", "is_solved": True}])
    desk.load("span", [{"from_at": "2024-03-04 10:00:00"}])
    desk.declare(
        Share(where=ticket.is_solved, dated_by=ticket.created_at),
        time=Spread(over=ticket.resolution, dated_by=ticket.solved_at),
        backlog=Census(dated_by=span.from_at, until=span.to_at),
    )
    return desk


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"kpi": "kk"}, "No KPI is called 'kk'. Did you mean 'k'?"),
        ({"variant": "tme"}, "No variant of 'K' is called 'tme'. Did you mean 'time'?"),
        ({"by": ("chanel",)}, "No dimension of 'k' is called 'chanel'. Did you mean 'channel'?"),
        ({"where": {"chanel": ["email"]}}, "Did you mean 'channel'?"),
        ({"where": {"channel": ["emial"]}}, "No channel is called 'emial'. Did you mean 'email'?"),
        ({"where": {"weekday": ["Monday"]}}, "No weekday is called 'Monday'. Did you mean 'Mon'?"),
        ({"dated_by": "create"}, "No moment of the fact 'ticket' is called 'create'. Did you mean 'created_at'?"),
        ({"zone": "Europe/Berln"}, "Did you mean 'Europe/Berlin'?"),
        ({"grain": "days"}, "No grain is called 'days'. Did you mean 'day'?"),
        ({"variant": "backlog", "by": ("weekday",)}, "No dimension of 'k' is called 'weekday'."),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(ready: Desk, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UnknownNameError) as refused:
        ready.ask(**asked)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"statistic": "median"}, "'k' has no statistic 'median'. Ask for one of: share."),
        ({"clock": "business"}, "'k' cannot be read on the clock 'business'. Ask for: calendar."),
        ({"variant": "time", "clock": "lunar"}, "Ask for: calendar or business."),
        ({"start": "2024-03-02 00:00:00", "end": "2024-03-02 00:00:00"}, "Give an end that is later than the start."),
        ({"start": "2025-01-01 00:00:00"}, "Ask for a period that has begun"),
        ({"start": "1066-10-14 00:00:00"}, "nothing is older"),
        ({"by": ("channel", "channel")}, "name each once"),
        ({"variant": "backlog", "dated_by": "to_at"}, "leave dated_by out"),
    ],
)
def test_what_cannot_be_answered_as_asked(ready: Desk, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(QuestionError) as refused:
        ready.ask(**asked)
    assert message in str(refused.value)


def test_an_answer_names_its_definition(ready: Desk) -> None:
    answer = ready.ask()
    name, version = answer.definition.split("@")
    assert (name, len(version), int(version, 16) >= 0) == ("k:v", 8, True)
    assert (answer.variant, answer.statistic, answer.clock, answer.dated_by) == ("v", "share", "calendar", "created_at")


def test_more_rows_than_anybody_reads(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskpulse.answers.estimate.MOST_ROWS", 2)
    with pytest.raises(QuestionError, match="a longer grain than 'day'"):
        ready.ask(grain="day", start="2024-03-01 00:00:00", end="2024-03-05 00:00:00")


def test_too_many_hours_are_refused_before_they_are_made(ready: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskpulse.answers.buckets.bucket_starts", None)
    # 1900 to 2024-01-01 are 124 years, 30 of them with a leap day: (124 x 365 + 30) x 24 hours.
    with pytest.raises(QuestionError, match=r"That would be 1.086.960 rows"):
        ready.ask(grain="hour", start="1900-01-01 00:00:00", end="2024-01-01 00:00:00")


def test_several_rows_have_no_one_value(ready: Desk) -> None:
    answer = ready.ask(grain="day", start="2024-03-04 00:00:00", end="2024-03-06 00:00:00")
    with pytest.raises(QuestionError, match="has 2 rows"):
        _ = answer.value
    assert ready.ask().value == 1.0


def test_a_snapshot_without_the_fact(desk: Desk) -> None:
    desk.declare(Share(where=ticket.is_solved, dated_by=ticket.created_at))
    with pytest.raises(WorkspaceError, match=r"fact_ticket.*rebuild --full"):
        desk.ask()
