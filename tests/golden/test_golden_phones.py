"""The service level in its six formulas, from single calls and from the counts of one interval, and what counts refuse.

1000 calls are answered, 860 of them within 20 s; 60 are given up, 20 of them within 20 s, of these 10 within 5 s.
"""

from __future__ import annotations

import pytest
from history import History

from deskpulse.errors import QuestionError
from deskpulse.workspace import Workspace
from tests.traps.conftest import Company

AT = "2024-01-05 09:00"
WAITS = {"answered": {10.0: 860, 30.0: 140}, "abandoned": {5.0: 10, 20.0: 10, 90.0: 40}}
SERVICE_LEVELS = {
    "answered_in_t": (860, 1060),  # 81.1 %
    "of_answered": (860, 1000),  # 86.0 %
    "with_abandoned_in_t": (880, 1060),  # 83.0 %
    "without_abandoned_in_t": (860, 1040),  # 1000 + 60 - 20; 82.7 %
    "with_short": (870, 1060),  # 82.1 %
    "without_short": (860, 1050),  # 81.9 %
}
PUBLISHED = {
    "answered_in_t": 81.1,
    "of_answered": 86.0,
    "with_abandoned_in_t": 83.0,
    "without_abandoned_in_t": 82.7,
    "with_short": 82.1,
    "without_short": 81.9,
}


def single_calls() -> History:
    """Answered ones are handled for 100 s each."""
    history = History()
    for outcome, waits in WAITS.items():
        for wait, times in waits.items():
            for number in range(times):
                name = f"{outcome} {wait} {number}"
                history.add("call", source_id=name, offered_at=AT, queue="line", outcome=outcome, queue_seconds=wait)
                if outcome == "answered":
                    history.add("call_leg", call=name, at=AT, agent=name, is_answered=True, talk_seconds=100.0)
    return history


def counts(history: History | None = None, **changed: object) -> History:
    """The same calls as one interval: waits of 860 x 10 + 140 x 30 = 12,800 s, work of 100,000 s."""
    known = {
        "interval_start": AT,
        "interval_seconds": 1800,
        "queue": "line",
        "offered": 1060,
        "answered": 1000,
        "answered_within": 860,
        "threshold_seconds": 20,
        "abandoned": 60,
        "abandoned_within": 20,
        "abandoned_short": 10,
        "queue_seconds": 12_800.0,
        "talk_seconds": 60_000.0,
        "hold_seconds": 10_000.0,
        "wrap_seconds": 30_000.0,
    }
    return (history or History()).add("call_interval", **known | changed)


@pytest.fixture(scope="module")
def singly(company: Company) -> Workspace:
    return company(single_calls())


@pytest.fixture(scope="module")
def counted(company: Company) -> Workspace:
    return company(counts())


@pytest.fixture(params=["singly", "counted"])
def desk(request: pytest.FixtureRequest) -> Workspace:
    """The same day told both ways."""
    found: Workspace = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("variant", SERVICE_LEVELS)
def test_service_level(desk: Workspace, variant: str) -> None:
    [row] = desk.ask(f"service_level:{variant}").rows
    hits, of = SERVICE_LEVELS[variant]
    assert (row.value, row.n, row.left_out) == (pytest.approx(hits / of), of, {})
    assert round(100 * row.value, 1) == PUBLISHED[variant]


def test_calls_and_abandonment(desk: Workspace) -> None:
    assert desk.ask("call_volume").value == 1060
    assert desk.ask("call_volume:answered").value == 1000
    assert desk.ask("call_volume:customer_missed").value == 60
    assert desk.ask("missed_calls").value == pytest.approx(60 / 1060)
    assert desk.ask("abandonment_rate").value == pytest.approx(60 / 1060)
    assert desk.ask("abandonment_rate:excluding_short").value == pytest.approx(50 / 1050)


def test_means_of_waits_and_of_work(desk: Workspace) -> None:
    [wait] = desk.ask("average_speed_of_answer").rows
    assert (wait.value, wait.n) == (pytest.approx(12.8), 1000)
    [work] = desk.ask("average_handle_time").rows
    assert (work.value, work.n) == (pytest.approx(100), 1000)
    [every] = desk.ask("average_handle_time:with_abandoned").rows
    assert (every.value, every.n) == (pytest.approx(100_000 / 1060), 1060)


def test_the_mean_wait_of_single_calls_has_its_t_interval(singly: Workspace) -> None:
    """860 waits lie 2.8 s below the mean and 140 lie 17.2 s above it: 48,160 in squares; t with 999 degrees: 1.962341.

    The interval of counts has no such squares: one interval alone gives none.
    """
    [row] = singly.ask("average_speed_of_answer").rows
    margin = 1.962341 * (48_160 / 999 / 1000) ** 0.5
    assert (row.low, row.high) == (pytest.approx(12.8 - margin, abs=1e-6), pytest.approx(12.8 + margin, abs=1e-6))


def test_one_interval_has_no_interval_of_confidence(counted: Workspace) -> None:
    [row] = counted.ask("average_speed_of_answer").rows
    assert (row.low, row.high) == (None, None)


@pytest.mark.parametrize(
    ("kpi", "statistic", "said"),
    [
        ("average_speed_of_answer", "median", "'average_speed_of_answer:answered' has no median here"),
        ("average_speed_of_answer", "p90", "Ask for the statistic 'mean', or import the single ones."),
        ("average_speed_of_answer:all", None, "Ask for 'answered', or import the single ones."),
        ("average_handle_time:spread", None, "has no median here: the period is known only as counts"),
        ("average_handle_time:with_dial", None, "Ask for 'handled', or import the single ones."),
        ("abandonment_rate:queued", None, "Ask for 'all', or import the single ones."),
        ("missed_calls:agent_missed", None, "do not tell all that the formula needs"),
    ],
)
def test_what_counts_do_not_tell_is_refused(counted: Workspace, kpi: str, statistic: str | None, said: str) -> None:
    with pytest.raises(QuestionError) as refused:
        counted.ask(kpi, statistic=statistic)
    assert said in str(refused.value)


def test_a_list_of_single_calls_is_refused(counted: Workspace) -> None:
    with pytest.raises(QuestionError, match="There are no single ones to list"):
        counted.prove("service_level")


def test_a_median_beside_counts_says_how_many_it_does_not_know(company: Company) -> None:
    """Of the calls of 10 o'clock there are only counts: the median is of the single ones before."""
    desk = company(counts(single_calls(), interval_start="2024-01-05 10:00"))
    [row] = desk.ask("average_speed_of_answer", statistic="median").rows
    assert (row.value, row.n, row.left_out) == (10, 1000, {"known only as counts": 1000})
    [both] = desk.ask("average_speed_of_answer").rows
    assert (both.value, both.n, both.left_out) == (pytest.approx(12.8), 2000, {})


def test_calls_and_counts_of_the_same_queue_and_time_never_add_up_twice(company: Company) -> None:
    """An interval until 9:00 and one of another queue count beside the single calls of 9:00; that of 9:00 does not."""
    history = counts(single_calls())
    counts(history, interval_start="2024-01-05 08:30")
    counts(history, queue="other")
    [row] = company(history).ask("call_volume").rows
    assert (row.value, row.left_out) == (3 * 1060, {"also recorded call by call": 1060})


def test_counts_of_half_an_hour_go_before_those_of_a_month(company: Company) -> None:
    history = counts(counts(), interval_start="2024-01-01 00:00", interval_seconds=31 * 86_400)
    [row] = company(counts(history, source_id="again")).ask("call_volume").rows
    assert row.value == 1060
    assert row.left_out == {"also counted in a shorter interval": 1060, "counted twice": 1060}


def test_counts_by_another_threshold_do_not_tell_the_service_level(company: Company) -> None:
    desk = company(counts(threshold_seconds=30))
    with pytest.raises(QuestionError, match="do not tell all that the formula needs"):
        desk.ask("service_level")
    set_to_it = '[workspace]\nzone = "UTC"\n[[phones.queues]]\nqueue = "line"\nservice_level_seconds = 30\n'
    assert company(counts(threshold_seconds=30), set_to_it).ask("service_level").value == pytest.approx(860 / 1060)


def test_counts_that_contradict_each_other_are_left_out(company: Company) -> None:
    """1000 answered and 60 given up are no 1050 offered."""
    history = counts(counts(offered=1050), interval_start="2024-01-05 09:30")
    [row] = company(history).ask("call_volume").rows
    assert row.value == 1060
    assert set(row.left_out) == {"counts contradict each other"}


def test_counts_without_those_given_up_in_time_still_tell_the_short_ones(company: Company) -> None:
    """Four of the six formulas do without the number given up within 20 s, which many systems do not tell."""
    desk = company(counts(abandoned_within=None))
    for variant in ("answered_in_t", "of_answered", "with_short", "without_short"):
        hits, of = SERVICE_LEVELS[variant]
        [row] = desk.ask(f"service_level:{variant}").rows
        assert (row.value, row.n, row.left_out) == (pytest.approx(hits / of), of, {})
    with pytest.raises(QuestionError, match="Ask for 'answered_in_t'"):
        desk.ask("service_level:with_abandoned_in_t")
