"""Targets: which one fits a row, and what its interval says of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from deskpulse.answers.answer import Answer, Bounds, Row
from deskpulse.answers.target import check_goals, judge, judged
from deskpulse.errors import SettingsError
from deskpulse.facts import span, ticket
from deskpulse.metrics.measure import Census, Quotient, Share, Total, duration
from deskpulse.metrics.tally import Count
from deskpulse.settings import KPITarget, Scorecard, Settings

from .conftest import Desk

SHARE = Share(where=ticket.is_solved, dated_by=ticket.created_at)
OPEN = Census(dated_by=span.from_at, until=span.to_at)


def row(value: float | None, low: float | None, high: float | None) -> Row:
    return Row(value=value, low=low, high=high, n=0 if value is None else 50)


@pytest.mark.parametrize(
    ("found", "at_least", "at_most", "status"),
    [
        # 45 of 50 good: .90, between .786 and .957.
        (row(0.9, 0.786, 0.957), 0.75, None, "met"),
        (row(0.9, 0.786, 0.957), 0.786, None, "met"),
        (row(0.9, 0.786, 0.957), 0.85, None, "within noise"),  # the bare value would say met
        (row(0.9, 0.786, 0.957), 0.95, None, "within noise"),  # the bare value would say missed
        (row(0.9, 0.786, 0.957), 0.96, None, "missed"),
        (row(0.9, 0.786, 0.957), 0.7, 0.85, "within noise"),
        (row(0.9, 0.786, 0.957), 0.7, 0.96, "met"),
        (row(0.9, 0.786, 0.957), 0.7, 0.75, "missed"),
        # A median of few answers has no upper limit: it can be missed, never surely met.
        (row(7200, 3600, None), None, 86400, "within noise"),
        (row(7200, 3600, None), None, 1800, "missed"),
        (row(7200, None, 9000), None, 9000, "met"),
        (row(7200, None, None), None, 86400, "not enough data"),
        (row(None, None, None), 0.5, None, "not enough data"),
    ],
)
def test_the_interval_decides(found: Row, at_least: float | None, at_most: float | None, status: str) -> None:
    assert judge(found, Bounds(at_least=at_least, at_most=at_most), SHARE) == status


@pytest.mark.parametrize(("value", "status"), [(20, "met"), (20.5, "missed")])
def test_what_is_no_sample_is_met_exactly(value: float, status: str) -> None:
    total = Total(over=ticket.messages, dated_by=ticket.created_at)
    counts = Count(dated_by=ticket.created_at)
    for exact in (OPEN, total, Quotient(numerator=total, denominator=counts, dated_by=ticket.created_at)):
        assert judge(row(value, None, None), Bounds(at_most=20), exact) == status
    by_day = Quotient(numerator=total, denominator=counts, dated_by=ticket.created_at, varies_by="day")
    assert judge(row(value, None, None), Bounds(at_most=20), by_day) == "not enough data"


def rated(hits: int, n: int, **more: Any) -> list[dict[str, Any]]:
    return [{"created_at": "2024-03-05 10:00:00", "is_solved": k < hits, **more} for k in range(n)]


def statuses(answer: Answer) -> dict[str | None, str | None]:
    return {found.dimensions.get("channel"): found.status for found in answer.rows}


def test_the_first_that_fits_counts_and_a_condition_needs_its_dimension(desk: Desk) -> None:
    desk.load("ticket", rated(450, 500, channel="email") + rated(450, 500, channel="chat"))
    desk.declare(SHARE)
    # 450 of 500: .871 to .923; 900 of 1000: .880 to .917.
    targets = (
        KPITarget(kpi="k", at_least=0.95, where={"channel": "email"}),
        KPITarget(kpi="k", at_least=0.8),
    )
    assert statuses(judged(desk.ask(by=("channel",)), targets)) == {"chat": "met", "email": "missed"}
    assert statuses(judged(desk.ask(), targets)) == {None: "met"}
    email = desk.ask(where={"channel": ["email"]})
    assert statuses(judged(email, targets)) == {None: "missed"}
    both = desk.ask(where={"channel": ["email", "chat"]})
    assert statuses(judged(both, targets)) == {None: "met"}
    but = desk.ask(where={"channel!": ["email"]})
    assert statuses(judged(but, targets)) == {None: "met"}


def test_a_target_is_of_one_variant_statistic_and_clock(desk: Desk) -> None:
    desk.load("ticket", rated(9, 10))
    desk.declare(SHARE, other=duration(ticket.resolution))
    assert judged(desk.ask(), (KPITarget(kpi="k", at_least=0.1, variant="other"),)).rows[0].status is None
    asked = desk.ask(variant="other")
    for target, fits in (
        (KPITarget(kpi="k", variant="other", at_most=1), True),
        (KPITarget(kpi="k", variant="other", at_most=1, statistic="median", clock="calendar"), True),
        (KPITarget(kpi="k", variant="other", at_most=1, statistic="p90"), False),
        (KPITarget(kpi="k", variant="other", at_most=1, clock="business"), False),
        (KPITarget(kpi="k", at_most=1), False),
    ):
        assert (judged(asked, (target,)).rows[0].status is not None) is fits, target


def test_a_dated_target_fits_what_begins_while_it_is_valid(desk: Desk) -> None:
    desk.load("ticket", rated(90, 100))
    desk.declare(SHARE)
    old = KPITarget(kpi="k", at_least=0.99, valid_to=date(2024, 2, 29))
    new = KPITarget(kpi="k", at_least=0.5, valid_from=date(2024, 3, 1))
    answer = judged(desk.ask(grain="month", start="2024-02-01 00:00:00", end="2024-04-01 00:00:00"), (old, new))
    assert [found.target and found.target.at_least for found in answer.rows] == [0.99, 0.5]
    assert [found.status for found in answer.rows] == ["not enough data", "met"]


def test_records_carry_targets_only_when_asked(desk: Desk) -> None:
    desk.load("ticket", rated(9, 10))
    desk.declare(SHARE)
    targets = (KPITarget(kpi="k", at_least=0.5),)
    assert "status" not in judged(desk.ask(), targets).records()[0]
    record = judged(desk.ask(), targets, shown=True).records()[0]
    assert (record["target"], record["status"]) == ({"at_least": 0.5, "at_most": None}, "met")
    assert judged(desk.ask(), (), shown=True).records()[0]["status"] is None
    assert judged(desk.ask(), targets, shown=True).to_arrow()["target"].to_pylist() == [
        '{"at_least": 0.5, "at_most": null}'
    ]


def test_names_the_catalogue_does_not_have_are_said_with_their_place() -> None:
    settings = Settings(
        kpi_targets=(
            KPITarget(kpi="cast", at_least=1, place="a, line 1"),
            KPITarget(kpi="csat", at_least=1, statistic="p90", place="a, line 5"),
        ),
        scorecards={"s": Scorecard(name="s", title="", goal="", kpis=("csat:meen",), place="a, line 9")},
    )
    with pytest.raises(SettingsError) as error:
        check_goals(settings)
    first, second, third = str(error.value).splitlines()
    assert first == "a, line 1: No KPI is called 'cast'. Did you mean 'csat'?"
    assert "a, line 5: 'csat' has no statistic 'p90'" in second
    assert "a, line 9" in third and "Did you mean 'mean'?" in third
