"""A value, its trend and the period before, asked together, are what they are when asked one by one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from deskpulse.answers import aggregate as aggregation
from deskpulse.answers import trend as looking
from deskpulse.answers.ask import ask
from deskpulse.answers.question import Question
from deskpulse.answers.several import ask_many
from deskpulse.facts import span, ticket
from deskpulse.metrics.measure import Census, Count, Measure, NetShare, Share, duration

from .conftest import Desk

FORMULAS: dict[str, tuple[str, Measure]] = {
    "count": ("ticket", Count(dated_by=ticket.created_at)),
    "share": ("ticket", Share(where=ticket.is_solved, dated_by=ticket.created_at)),
    "net": ("ticket", NetShare(plus=ticket.is_solved, minus=ticket.is_one_touch, dated_by=ticket.created_at)),
    "census": ("span", Census(dated_by=span.from_at, until=span.to_at)),
    "median": ("ticket", duration(ticket.resolution)),
}
PERIODS = {
    "days": ("2024-04-10", "2024-05-10", "day"),
    "weeks on Mondays": ("2024-03-04", "2024-05-06", "week"),
    "weeks that cut the period": ("2024-03-06", "2024-05-08", "week"),
    "months": ("2024-03-01", "2024-05-01", "month"),
    "still running": ("2024-05-20", "2024-06-10", "day"),
    "hours": ("2024-05-10", "2024-05-11", "hour"),
    "before history": ("2023-12-01", "2024-02-01", "month"),
}


def moment(rng: random.Random) -> datetime:
    return datetime(2024, 1, 10) + timedelta(seconds=rng.randrange(150 * 86400))


def a_ticket(rng: random.Random) -> dict[str, Any]:
    created = moment(rng)
    return {
        "created_at": str(created), "solved_at": str(created + timedelta(hours=1)), "channel": rng.choice("ab"),
        "is_solved": rng.random() < 0.7, "is_one_touch": rng.random() < 0.3, "resolution_seconds": rng.randrange(9000),
        "left_out": rng.choice([None] * 9 + ["spam"]),
    }  # fmt: skip


def a_stretch(rng: random.Random) -> dict[str, Any]:
    begun = moment(rng)
    ended = None if rng.random() < 0.2 else str(begun + timedelta(hours=rng.randrange(2000)))
    return {
        "from_at": str(begun),
        "to_at": ended,
        "left_out": rng.choice([None] * 9 + ["spam"]),
        "status": rng.choice("ab"),
    }


@pytest.fixture
def filled(desk: Desk) -> Desk:
    rng = random.Random(5)
    desk.load("ticket", [a_ticket(rng) for _ in range(900)])
    desk.load("span", [a_stretch(rng) for _ in range(900)])
    return desk


@pytest.mark.parametrize(("compare", "zone"), [("previous", "UTC"), ("last_year", "Europe/Paris")])
@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("formula", FORMULAS)
def test_together_is_as_alone(filled: Desk, formula: str, period: str, compare: Any, zone: str) -> None:
    fact, measure = FORMULAS[formula]
    filled.declare(measure)
    start, end, grain = PERIODS[period]
    by = ("channel",) if fact == "ticket" else ("status",)
    for dimensions in ((), by):
        value = filled.question(start=start, end=end, zone=zone, by=dimensions, compare=compare)
        trend = replace(value, grain=grain, compare=None)
        together = ask_many([value, trend], backend=filled.backend, as_of=value.now)
        alone = [ask(asked, backend=filled.backend, as_of=asked.now) for asked in (value, trend)]
        assert together == alone
        assert together[0].rows[0].n or period == "before history"


@pytest.mark.parametrize(("formula", "looks"), [("share", 1), ("census", 1), ("median", 2)])
def test_what_adds_up_is_looked_at_once(
    filled: Desk, monkeypatch: pytest.MonkeyPatch, formula: str, looks: int
) -> None:
    from deskpulse.answers import ask as asking
    from deskpulse.answers import compare as comparing

    seen: list[Question] = []

    def counted(plan: Any, backend: Any) -> Any:
        seen.append(plan.question)
        return aggregation.aggregate(plan, backend)

    def both_counted(plan: Any, before: Any, backend: Any) -> Any:
        seen.append(plan.question)
        return aggregation.aggregate_both(plan, before, backend)

    for module in (asking, comparing, looking):
        monkeypatch.setattr(module, "aggregate", counted)
    monkeypatch.setattr(asking, "aggregate_both", both_counted)
    filled.declare(FORMULAS[formula][1])
    value = filled.question(start="2024-04-10", end="2024-05-10", compare="previous")
    ask_many([value, replace(value, grain="day", compare=None)], backend=filled.backend, as_of=value.now)
    assert len(seen) == looks


@pytest.mark.parametrize("reasons", [("deleted", "test"), ("test", "deleted")])
def test_reasons_stand_in_one_order_whichever_bucket_is_found_first(desk: Desk, reasons: tuple[str, str]) -> None:
    days = ("2024-03-01 10:00:00", "2024-04-01 10:00:00")
    desk.load("ticket", [{"created_at": day, "left_out": reason} for day, reason in zip(days, reasons, strict=True)])
    desk.declare(Count(dated_by=ticket.created_at))
    value = desk.question(start="2024-03-01 00:00:00", end="2024-05-01 00:00:00")
    found, _ = ask_many([value, replace(value, grain="month")], backend=desk.backend, as_of=value.now)
    assert list(found.rows[0].left_out.items()) == [("deleted", 1), ("test", 1)]
