"""Values that everybody can check by hand, asked of whole workspaces."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import pytest
from history import History

from deskpulse import catalog
from deskpulse.facts import survey
from deskpulse.metrics.measure import NetShare, Quotient
from deskpulse.workspace import Workspace
from tests.traps.conftest import Company

ALWAYS = """
[workspace]
zone = "UTC"

[schedules.always]
every_day = ["00:00-24:00"]

[[schedule_rules]]
schedule = "always"
"""
RATINGS = {
    "five ways": {5: 42, 4: 32, 3: 10, 2: 9, 1: 14},
    "9 of 10": {5: 9, 1: 1},
    "45 of 50": {5: 45, 1: 5},
    "450 of 500": {5: 450, 1: 50},
}
JANUARY, FEBRUARY = "2024-01-15 09:00", "2024-02-15 09:00"


def rate(desk: History, channel: str, ratings: Mapping[int, int]) -> None:
    """Answers on a scale of 1 to 5, sent by a channel."""
    for score, times in ratings.items():
        for number in range(times):
            invitation = f"{channel} {score} {number}"
            for action, given in (("offered", None), ("answered", float(score))):
                desk.add("survey", survey=invitation, action=action, at="2024-03-01 09:00", kind="csat",
                         channel=channel, score=given, scale_low=1.0, scale_high=5.0)  # fmt: skip


def invite(desk: History, name: str, offered: str, answered: str | None) -> None:
    """A survey of the kind 'resolved', offered and perhaps answered."""
    scale = {"scale_low": 0.0, "scale_high": 1.0}
    desk.add("survey", survey=name, action="offered", at=offered, kind="resolved", **scale)
    if answered:
        desk.add("survey", survey=name, action="answered", at=answered, kind="resolved", score=1.0, **scale)


@pytest.fixture(scope="module")
def desk(company: Company) -> Workspace:
    """Ratings by channel, seven surveys of 'resolved', and the ticket a bot solved."""
    history = History()
    for channel, ratings in RATINGS.items():
        rate(history, channel, ratings)
    for number in range(3):
        invite(history, f"new {number}", FEBRUARY, "2024-02-20 09:00" if number == 0 else None)
    for number in range(4):
        invite(history, f"old {number}", JANUARY, "2024-02-20 09:00")
    history.ticket("bot", "2024-01-08 09:00").says("customer", "bot", "2024-01-08 09:00")
    history.says("bot", "bot", "2024-01-08 09:05").changes("bot", "2024-01-08 09:05", "status", "solved", by="robot")
    history.says("customer", "bot", "2024-01-12 14:00").changes("bot", "2024-01-12 14:00", "status", "open", by="c")
    history.says("agent", "bot", "2024-01-12 14:10")
    return company(history, ALWAYS)


@pytest.mark.parametrize(
    ("variant", "value"),
    [
        ("top_two_box", 74 / 107),  # 42 + 32 of 107 = 69.16 %
        ("mean", 400 / 107),  # 210 + 128 + 30 + 18 + 14 = 400; 3.738
        ("normalised_mean", 73.25 / 107),  # 42 + 32 x .75 + 10 x .5 + 9 x .25 = 73.25; 68.46 %
        ("good_over_rated", 74 / 97),  # ten neutral ones left out: 76.29 %
        ("top_box", 42 / 107),  # 39.25 %
    ],
)
def test_satisfaction_in_five_ways_from_the_same_107_ratings(desk: Workspace, variant: str, value: float) -> None:
    row = desk.ask(f"csat:{variant}", where={"channel": "five ways"}).rows[0]
    assert row.value == pytest.approx(value, rel=1e-12)
    assert row.n == (97 if variant == "good_over_rated" else 107)
    assert row.left_out.get("neutral rating", 0) == 107 - row.n


@pytest.mark.parametrize(
    ("channel", "low", "high"),
    [  # Wilson at 95 %, published to one decimal
        ("five ways", 59.9, 77.1),
        ("9 of 10", 59.6, 98.2),
        ("45 of 50", 78.6, 95.7),
        ("450 of 500", 87.1, 92.3),
    ],
)
def test_the_interval_of_satisfaction(desk: Workspace, channel: str, low: float, high: float) -> None:
    row = desk.ask("csat", where={"channel": channel}).rows[0]
    assert row.low is not None
    assert row.high is not None
    assert (round(row.low * 100, 1), round(row.high * 100, 1)) == (low, high)


@pytest.mark.parametrize(("n", "margin"), [(100, 14.6), (1000, 4.6)])
def test_net_promoters(n: int, margin: float) -> None:
    """50 promoters, 33.3 passives and 16.7 detractors of 100: 50 - 16.7 = +33.3.

    By hand the plain margin is 1.96 sqrt((.5 + .167 - .333^2) / n) = 1.96 x .7454 / sqrt(n): 14.6 and 4.6.
    """
    promoters, detractors = survey.score.at_least(9), survey.score.at_most(6)
    net = NetShare(plus=promoters, minus=detractors, dated_by=survey.answered_at)
    found = net.estimate({"n": n, "plus": n / 2, "minus": n / 6}, "net")
    assert found.value == pytest.approx(1 / 3)
    assert found.low is not None
    assert found.high is not None
    assert round((found.high - found.low) / 2 * 100, 1) == margin == round(196 * sqrt(5 / 9 / n), 1)


def test_the_response_rate_is_of_the_surveys_offered_in_the_window(desk: Workspace) -> None:
    """February: 3 offered, 1 of these answered, and 4 answers to January's: 33 %, neither 5 of 3 nor 5 of 7."""
    row = desk.ask("survey_response_rate:resolved", period="2024-02").rows[0]
    assert (row.value, row.n) == (pytest.approx(1 / 3), 3)
    assert desk.ask("survey_response_rate:resolved", period="2024-01").value == 1


VARIANTS = [
    (name, variant)
    for name, kpi in sorted(catalog.kpis().items())
    for variant, measure in kpi.variants.items()
    if isinstance(measure, Quotient) or measure.unit in ("share", "seconds", "points", "net")
]


@pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=[":".join(pair) for pair in VARIANTS])
def test_nothing_of_nothing_is_null_and_neither_0_nor_100_percent(desk: Workspace, name: str, variant: str) -> None:
    """A day on which nothing was created, answered, solved, rated or standing."""
    row = desk.ask(name, variant=variant, start="2023-06-01", end="2023-06-02").rows[0]
    assert (row.value, row.low, row.high, row.n) == (None, None, None, 0)


def test_an_empty_day_among_others_is_null(desk: Workspace) -> None:
    answer = desk.ask("csat", grain="day", start="2024-02-29", end="2024-03-03", where={"channel": "9 of 10"})
    assert [(row.value, row.n) for row in answer.rows] == [(None, 0), (0.9, 10), (None, 0)]


@pytest.mark.parametrize("metric", ["first_response", "resolution"])
def test_nothing_under_a_policy_is_null(desk: Workspace, metric: str) -> None:
    row = desk.ask(f"{metric}_within_target:policy").rows[0]
    assert (row.value, row.n, row.left_out["no target applies"]) == (None, 0, 1)


@pytest.mark.parametrize("clock", ["calendar", "business"])
def test_reopened_after_a_bot(desk: Workspace, clock: str) -> None:
    """Monday 9:00, a bot solves at 9:05, reopened Friday 14:00, a person replies 14:10.

    From the reopening 10 min; from creation 4 days 5 h 10 min = 101 h 10 min; with bots 5 min. Open always: alike.
    """
    starts = {"reopened": 10 * 60, "created": (101 * 60 + 10) * 60, "include_bots": 5 * 60}
    found = {start: desk.ask(f"first_response_time:{start}", clock=clock).value for start in starts}  # type: ignore[arg-type]
    assert found == starts
