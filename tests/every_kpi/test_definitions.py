"""Which rows a KPI counts, and as what: a few rows each, judged by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
import pyarrow as pa

from deskpulse import catalog

NOW = datetime(2026, 3, 31, 12)
YES, NO = 1, 0
TYPES = {
    "text": pa.string(),
    "instant": pa.timestamp("us"),
    "seconds": pa.int64(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(18, 4),
    "flag": pa.bool_(),
}


def march(day: int, hour: int = 12) -> datetime:
    """A moment in March 2026."""
    return datetime(2026, 3, day, hour)


def judged(name: str, variant: str, *rows: dict[str, Any]) -> list[float | str | None]:
    """For each row what it contributes, else the reason it is left out, else None."""
    measure = catalog.kpi(name).variant(variant)
    read = (*measure.columns, *(column for _, condition in measure.left_out for column in condition.columns))
    types = {column: TYPES[measure.fact.column(column).kind] for column in read}
    data = {column: pa.array([row.get(column) for row in rows], kind) for column, kind in types.items()}
    assert all(set(row) <= set(types) for row in rows), "a row gives a column that the KPI does not read"
    table = ibis.duckdb.connect().create_table("fact", pa.table(data | {"position": pa.array(range(len(rows)))}))

    counts = measure.population(table, NOW)
    reason: Any = ibis.null("string")
    for words, condition in reversed(measure.left_out):
        reason = condition.test(table, NOW).ifelse(words, reason)
    chosen = table.select(
        "position",
        counts=ibis.literal(True) if counts is None else counts,
        value=measure.row_value(table, NOW, "calendar"),
        reason=reason,
    ).order_by("position")
    return [row["value"] if row["counts"] else row["reason"] for row in chosen.to_pyarrow().to_pylist()]


def test_within_target_misses_silence_past_its_target_and_waits_for_the_rest() -> None:
    due, replied = "first_response_due_by_channel", "first_replied_at"
    assert judged(
        "first_response_within_target",
        "channel",
        {due: march(10), replied: march(9)},  # in time
        {due: march(10), replied: march(10)},  # on the dot
        {due: march(10), replied: march(11)},  # late
        {due: march(10)},  # never answered, overdue for three weeks
        {due: march(31, 18)},  # six hours left
        {due: march(31, 18), replied: march(31, 11)},  # answered while time was left
        {replied: march(9)},  # nothing was promised
    ) == [YES, YES, NO, NO, "clock still runs", YES, "no target applies"]


def test_resolution_within_target_judges_open_tickets_alike() -> None:
    due, solved = "resolution_due_by_policy", "solved_at"
    assert judged(
        "resolution_within_target",
        "policy",
        {due: march(10), solved: march(10)},
        {due: march(10)},
        {due: march(31, 13)},
        {},
    ) == [YES, NO, "clock still runs", "no target applies"]


def test_the_sources_own_verdicts_need_one() -> None:
    for variant, verdict in (("source_last", "target_verdict_last"), ("source_every", "target_verdict_every")):
        assert judged("resolution_within_target", variant, {verdict: 1}, {verdict: 0}, {}) == [
            YES,
            NO,
            "the source gave no verdict",
        ]


def test_no_repeat_waits_for_its_days_and_counts_the_last_of_them() -> None:
    solved, again = "first_solved_at", "next_contact_at"
    rows = (
        {solved: march(1)},  # nobody came back
        {solved: march(1), again: march(8)},  # after exactly 7 days
        {solved: march(1), again: march(8, 13)},  # an hour later than that
        {solved: march(24)},  # exactly 7 days ago: can be judged
        {solved: march(25)},  # 6 days ago: cannot
        {solved: march(30), again: march(30, 14)},  # came back already, but its cohort is too young
    )
    assert judged("first_contact_resolution", "no_repeat", *rows) == [
        *(YES, NO, YES, YES),
        *("too recent to judge", "too recent to judge"),
    ]
    assert judged("first_contact_resolution", "no_repeat_14d", *rows) == [
        *(YES, NO, NO),
        *("too recent to judge", "too recent to judge", "too recent to judge"),
    ]
    assert judged("first_contact_resolution", "no_repeat_1d", *rows) == [
        *(YES, YES, YES, YES, YES),
        NO,  # solved exactly a day ago, so it can be judged, and back after two hours
    ]
    # The young are not left out: whether they came back is known so far.
    assert judged("first_contact_resolution", "no_repeat_survival", *rows) == [YES, NO, YES, YES, YES, NO]


def test_gross_and_net_differ_by_what_the_first_level_passed_on() -> None:
    at_once = {"created_at": march(1), "is_solved": True, "exchanges": 1, "reopenings": 0, "tier_escalations": 0}
    rows = (
        at_once,
        at_once | {"exchanges": 2},
        at_once | {"reopenings": 1},
        at_once | {"is_solved": False},
        at_once | {"tier_escalations": 1},
        at_once | {"created_at": march(30)},
    )
    assert judged("first_contact_resolution", "gross", *rows) == [YES, NO, NO, NO, NO, "too recent to judge"]
    assert judged("first_contact_resolution", "net", *rows) == [YES, NO, NO, NO, None, "too recent to judge"]


def test_one_touch_is_of_solved_tickets() -> None:
    assert judged(
        "first_contact_resolution",
        "one_touch",
        {"first_solved_at": march(1), "is_one_touch": True},
        {"first_solved_at": march(1), "is_one_touch": False},
        {"first_solved_at": march(30), "is_one_touch": True},
    ) == [YES, NO, "too recent to judge"]


def test_the_survey_asks_whether_it_was_solved() -> None:
    assert judged(
        "first_contact_resolution",
        "survey",
        {"kind": "resolved", "is_answered": True, "is_top_box": True},
        {"kind": "resolved", "is_answered": True, "is_top_box": False},
        {"kind": "resolved", "is_answered": False},
        {"kind": "csat", "is_answered": True, "is_top_box": True},
    ) == [YES, NO, None, None]


def test_reopened_is_judged_when_the_days_have_passed() -> None:
    rows = (
        {"solved_at": march(1), "reopened_at": march(8)},  # 7 days
        {"solved_at": march(1), "reopened_at": march(9)},  # 8 days
        {"solved_at": march(1)},
        {"solved_at": march(30), "reopened_at": march(31, 9)},  # yesterday's
    )
    assert judged("reopen_rate", "7d", *rows) == [YES, NO, NO, "too recent to judge"]
    assert judged("reopen_rate", "30d", *rows) == [YES, YES, NO, "too recent to judge"]
    assert judged("reopen_rate", "1d", *rows) == [NO, NO, NO, YES]  # solved 24 h ago: old enough for 1 day
    assert judged("reopen_rate", "ever", *rows) == [YES, YES, NO, YES]


def test_only_handled_tickets_can_be_escalated_or_moved() -> None:
    rows = (
        {"is_handled": True, "tier_escalations": 2},
        {"is_handled": True, "tier_escalations": 0},
        {"is_handled": False},
    )
    assert judged("escalation_rate", "vertical", *rows) == [YES, NO, None]
    handled = {"is_handled": True, "team_transfers": 0, "reassignments": 0}
    moved = (handled, handled | {"team_transfers": 1}, handled | {"reassignments": 1})
    assert judged("transfer_rate", "any", *moved) == [NO, YES, YES]


def ratings() -> tuple[dict[str, Any], ...]:
    """42 fives, 32 fours, 10 threes, 9 twos and 14 ones: 107 ratings."""
    counts = {5: 42, 4: 32, 3: 10, 2: 9, 1: 14}
    return tuple({"kind": "csat", "is_answered": True, "score": float(s)} for s, n in counts.items() for _ in range(n))


def test_satisfaction_in_five_ways_from_the_same_107_ratings() -> None:
    top = [row | {"is_satisfied": row["score"] >= 4} for row in ratings()]
    assert judged("csat", "top_two_box", *top).count(YES) == 42 + 32  # 74 of 107 = 69.16 %

    rated = [row | {"is_neutral": row["score"] == 3} for row in top]
    good = judged("csat", "good_over_rated", *rated)
    assert good.count(YES) == 74  # of 97 = 76.29 %
    assert good.count(NO) == 9 + 14
    assert good.count("neutral rating") == 10

    scaled = [row | {"scale_low": 1.0, "scale_high": 5.0} for row in ratings()]
    mean = judged("csat", "mean", *scaled)
    assert sum(float(value or 0) for value in mean) == 42 * 5 + 32 * 4 + 10 * 3 + 9 * 2 + 14  # 400 / 107 = 3.738
    normalised = judged("csat", "normalised_mean", *scaled)
    assert (
        sum(float(value or 0) for value in normalised) == 42 + 32 * 0.75 + 10 * 0.5 + 9 * 0.25
    )  # 73.25 / 107 = 68.46 %

    best = [row | {"is_top_box": row["score"] == 5} for row in ratings()]
    assert judged("csat", "top_box", *best).count(YES) == 42  # of 107 = 39.25 %


def test_satisfaction_counts_answers_to_its_own_question_only() -> None:
    answered = {"kind": "csat", "is_answered": True, "score": 5.0, "is_satisfied": True}
    assert judged(
        "csat",
        "top_two_box",
        answered,
        answered | {"kind": "nps"},
        answered | {"is_answered": False, "score": None, "is_satisfied": None},
    ) == [YES, None, None]


def test_the_response_rate_is_of_the_surveys_of_its_kind() -> None:
    rows = (
        {"kind": "csat", "is_answered": True},
        {"kind": "ces1", "is_answered": False},
        {"kind": "ces2", "is_answered": True},
    )
    assert judged("survey_response_rate", "csat", *rows) == [YES, None, None]
    assert judged("survey_response_rate", "ces", *rows) == [None, NO, YES]


def test_handle_time_of_a_transfer_is_two_and_a_call_given_up_is_none() -> None:
    legs = (
        {"is_handled": True, "handle_seconds": 120.0, "worker": "a"},
        {"is_handled": True, "handle_seconds": 300.0, "worker": "b"},
        {"is_handled": False, "handle_seconds": 0.0},
    )
    assert judged("average_handle_time", "handled", *legs) == [120.0, 300.0, None]  # 420 / 2 = 210 s
    every = ({"handle_seconds": leg["handle_seconds"]} for leg in legs)
    assert judged("average_handle_time", "with_abandoned", *every) == [120.0, 300.0, 0.0]  # 420 / 3 = 140 s


def test_work_on_tickets_is_told_apart_from_work_not_recorded() -> None:
    assert judged(
        "average_handle_time",
        "tickets",
        {"solved_at": march(1), "is_handled": True, "work_seconds": 600.0},
        {"solved_at": march(1), "is_handled": True},
    ) == [600.0, "no work time was recorded"]


def test_speed_of_answer_hears_those_who_gave_up_on_request() -> None:
    calls = ({"is_answered": True, "queue_seconds": 0.0}, {"is_answered": False, "queue_seconds": 90.0})
    assert judged("average_speed_of_answer", "answered", *calls) == [0.0, None]
    assert judged("average_speed_of_answer", "all", *({"queue_seconds": call["queue_seconds"]} for call in calls)) == [
        0.0,
        90.0,
    ]


def test_later_replies_only() -> None:
    rows = ({"is_first": True, "wait_seconds": 60}, {"is_first": False, "wait_seconds": 3600})
    assert judged("response_time", "per_reply", *rows) == [None, 3600]
