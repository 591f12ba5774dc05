"""Evidence: the rows make the value again, for every kind of formula; one ticket's time adds up to its duration."""

from __future__ import annotations

from datetime import datetime
from statistics import mean, median
from typing import Any

import pyarrow as pa
import pytest

from deskpulse.errors import QuestionError
from deskpulse.facts import call, span, survey, ticket
from deskpulse.metrics.measure import (
    Census,
    Composition,
    Count,
    Measure,
    NetShare,
    Quotient,
    Ratio,
    Score,
    Share,
    Spread,
)
from deskpulse.time.schedule import Schedule, Window

from .conftest import Desk

AT = "2024-03-04 10:00:00"
TICKETS = [
    {
        "ticket": f"z:{n}",
        "ticket_key": n,
        "created_at": AT,
        "topic": "billing" if n % 3 else "login",
        "is_solved": n % 2 == 0,
        "resolution_seconds": n * 60 if n % 2 == 0 else None,
        "solved_at": "2024-03-04 12:00:00" if n % 2 == 0 else None,
        "left_out": "spam" if n == 4 else None,
    }
    for n in range(1, 13)
]


def counted(evidence: Any, part: str | None = None) -> list[float]:
    return [row.value for row in evidence.rows if not row.excluded and row.part == part]


def share_again(evidence: Any) -> float:
    return mean(counted(evidence))


def ratio_again(evidence: Any) -> float:
    rows = [row for row in evidence.rows if not row.excluded]
    return sum(row.value for row in rows) / sum(row.divisor for row in rows)


def quotient_again(evidence: Any) -> float:
    return sum(counted(evidence, "numerator")) / sum(counted(evidence, "denominator"))


CREATED = Count(dated_by=ticket.created_at)
SOLVED = Count(dated_by=ticket.solved_at)
SCORE = {"over": survey.score, "low": survey.scale_low, "high": survey.scale_high, "dated_by": survey.answered_at}
STANDING = {"dated_by": span.from_at, "until": span.to_at}
KINDS: list[tuple[Measure, Any]] = [
    (Share(where=ticket.is_solved, dated_by=ticket.created_at), share_again),
    (NetShare(plus=survey.score.at_least(4), minus=survey.score.at_most(2), dated_by=survey.answered_at), share_again),
    (Spread(over=ticket.resolution, dated_by=ticket.solved_at), lambda e: median(counted(e))),
    (CREATED, lambda e: sum(counted(e))),
    (Score(**SCORE), share_again),
    (Score(**SCORE, normalised=True), share_again),
    (Ratio(over=call.handle_seconds, cluster=call.agent, dated_by=call.handled_at), ratio_again),
    (Quotient(numerator=SOLVED, denominator=CREATED, dated_by=ticket.created_at), quotient_again),
    (Census(**STANDING), lambda e: sum(counted(e))),
    (Census(**STANDING, age_from=span.ticket_created_at), lambda e: median(counted(e))),
    (Census(**STANDING, age_from=span.ticket_created_at, older_than=3600), lambda e: sum(counted(e))),
]


@pytest.fixture
def full(desk: Desk) -> Desk:
    desk.load("ticket", TICKETS)
    scores = [5, 5, 4, 3, 2, 1, None]
    desk.load(
        "survey",
        [
            {"survey": f"z:{n}", "score": s, "scale_low": 1, "scale_high": 5, "answered_at": AT}
            for n, s in enumerate(scores)
        ],
    )
    legs = [("a", 100), ("a", 200), ("b", 300), ("b", None)]
    desk.load("handle", [{"call": "z:1", "agent": a, "handle_seconds": s, "handled_at": AT} for a, s in legs])
    stretches = [
        ("z:1", AT, None),
        ("z:2", "2024-05-31 23:30:00", None),
        ("z:3", AT, "2024-03-05 10:00:00"),
        ("z:5", AT, None),
    ]
    desk.load(
        "span",
        [{"ticket": t, "ticket_key": 1, "from_at": f, "to_at": to, "ticket_created_at": f} for t, f, to in stretches],
    )
    return desk


@pytest.mark.parametrize(("measure", "again"), KINDS, ids=lambda kind: type(kind).__name__)
def test_the_rows_make_the_value_again(full: Desk, measure: Measure, again: Any) -> None:
    full.declare(measure)
    evidence = full.prove()
    assert evidence.answer.value is not None
    assert again(evidence) == pytest.approx(evidence.answer.value, abs=1e-12)
    assert evidence.answer.value == full.ask().value


@pytest.mark.parametrize(("measure", "again"), KINDS, ids=lambda kind: type(kind).__name__)
def test_the_rows_left_out_are_those_the_answer_says(full: Desk, measure: Measure, again: Any) -> None:
    full.declare(measure)
    evidence = full.prove()
    named = [row.reason for row in evidence.rows if row.excluded and row.part != "numerator"]
    assert {reason: named.count(reason) for reason in named} == evidence.answer.rows[0].left_out
    assert all(row.reason for row in evidence.rows if row.excluded)


def test_each_groups_rows_carry_their_dimensions(full: Desk) -> None:
    full.declare(Composition(dated_by=ticket.created_at))
    evidence = full.prove(by=("topic",))
    topics = [row.dimensions["topic"] for row in evidence.rows if not row.excluded]
    # 12 tickets less the spam of ticket 4 (billing): login are 3, 6, 9 and 12.
    assert (topics.count("login"), len(topics)) == (4, 11)
    assert evidence.answer.rows[1].value == 4 / 11


def test_records_are_ticket_value_excluded_reason(full: Desk) -> None:
    full.declare(Spread(over=ticket.resolution, dated_by=ticket.solved_at))
    assert full.prove().records()[0] == {"ticket": "z:10", "value": 600.0, "excluded": False, "reason": None}
    assert full.prove().records()[-1] == {"ticket": "z:4", "value": 240.0, "excluded": True, "reason": "spam"}


def test_evidence_is_for_one_period(full: Desk) -> None:
    full.declare(CREATED)
    with pytest.raises(QuestionError, match="leave the grain out"):
        full.prove(grain="day")


# z:1 opened at 10:00, pending from 10:30, open again from 12:00, solved at 12:20; first reply at 10:10.
LIFE = [
    ("open", "10:00", "10:30", 1800),
    ("pending", "10:30", "12:00", 5400),
    ("open", "12:00", "12:20", 1200),
    ("solved", "12:20", None, None),
]


def moment(hour: str | None) -> str | None:
    return f"2024-03-04 {hour}:00" if hour else None


@pytest.fixture
def lived(desk: Desk) -> Desk:
    desk.load(
        "ticket",
        [
            {
                "ticket": "z:1",
                "ticket_key": 7,
                "created_at": moment("10:00"),
                "first_replied_at": moment("10:10"),
                "first_response_seconds": 600,
                "solved_at": moment("12:20"),
                "resolution_seconds": 8400,
                "resolution_without_customer_wait_seconds": 3000,
            },
            {"ticket": "z:2", "ticket_key": 8, "created_at": moment("10:00"), "left_out": "spam"},
        ],
    )
    desk.load(
        "span",
        [
            {
                "ticket": "z:1",
                "ticket_key": 7,
                "position": n,
                "status": status,
                "from_at": moment(begin),
                "to_at": moment(end),
                "stretch_seconds": seconds,
                "stretch_business_seconds": seconds,
                "schedule": "office",
            }
            for n, (status, begin, end, seconds) in enumerate(LIFE, 1)
        ],
    )
    desk.load("solve", [])
    return desk


@pytest.mark.parametrize(
    ("duration", "stretches"),
    [
        # Cut at the reply; what follows it is outside.
        (
            ticket.first_response,
            [("open", 600, True), ("open", 1200, False), ("pending", 5400, False), ("open", 1200, False)],
        ),
        (ticket.resolution, [("open", 1800, True), ("pending", 5400, True), ("open", 1200, True)]),
        (
            ticket.resolution_without_customer_wait,
            [("open", 1800, True), ("pending", 5400, False), ("open", 1200, True)],
        ),
    ],
    ids=lambda part: getattr(part, "name", ""),
)
def test_the_stretches_that_count_add_up_to_the_duration(
    lived: Desk, duration: Any, stretches: list[tuple[str, int, bool]]
) -> None:
    lived.declare(Spread(over=duration, dated_by=duration.dated_by, unit="seconds"))
    evidence = lived.prove_ticket("z:1")
    ended = [(s.status, s.calendar_seconds, s.counted) for s in evidence.segments if s.to_at]
    assert ended == stretches
    assert sum(s.calendar_seconds for s in evidence.segments if s.counted) == evidence.rows[0].value
    assert all(segment.reason for segment in evidence.segments if not segment.counted)


def test_a_stretch_that_does_not_count_says_why(lived: Desk) -> None:
    lived.declare(Spread(over=ticket.resolution_without_customer_wait, dated_by=ticket.solved_at))
    reasons = [segment.reason for segment in lived.prove_ticket("z:1").segments]
    assert reasons[:3] == [None, "does not count while pending", None]
    assert reasons[3].startswith("outside the time from creation to the last solve")


def test_a_part_of_a_stretch_has_business_seconds_by_its_schedule(lived: Desk) -> None:
    lived.declare(Spread(over=ticket.first_response, dated_by=ticket.first_replied_at))
    until_10_05 = Schedule(name="office", zone="UTC", week=((Window(start=9 * 60, end=10 * 60 + 5),),) * 7)
    known, unknown = lived.prove_ticket("z:1", schedules={"office": until_10_05}), lived.prove_ticket("z:1")
    # From 10:00 to the reply at 10:10 the office is open for 5 minutes; from then to 10:30 it is closed.
    assert [segment.business_seconds for segment in known.segments[:2]] == [300, 0]
    assert [segment.business_seconds for segment in unknown.segments[:2]] == [None, None]


def test_why_a_ticket_adds_nothing(lived: Desk) -> None:
    lived.declare(Spread(over=ticket.resolution, dated_by=ticket.solved_at))
    (spam,) = lived.prove_ticket("z:2").rows
    assert (spam.value, spam.excluded, spam.reason) == (None, True, "spam")
    (outside,) = lived.prove_ticket("z:1", end="2024-03-04 12:00:00").rows
    assert (outside.value, outside.reason) == (8400, "outside the period")


def test_a_ticket_is_found_by_its_number_alone(lived: Desk) -> None:
    lived.declare(CREATED)
    assert lived.prove_ticket("2").ticket == "z:2"
    with pytest.raises(QuestionError, match="No ticket is called '3'"):
        lived.prove_ticket("3")


def test_events_come_in_order(lived: Desk) -> None:
    solved = {"source_id": "c1", "at": datetime(2024, 3, 4, 12, 20), "seq": 1}
    note = {"source_id": "m1", "at": datetime(2024, 3, 4, 10, 10), "seq": 2}
    change = solved | {"ticket_key": 7, "field": "status", "old": "open", "new": "solved", "by": "ada"}
    message = note | {
        "ticket_key": 7,
        "author_kind": "agent",
        "author": "ada",
        "is_public": False,
        "is_deleted": False,
    }
    for name, event in (("change", change), ("message", message)):
        lived.backend.create_table(f"event_{name}", pa.Table.from_pylist([event]))
    lived.declare(CREATED)
    events = lived.prove_ticket("z:1").events
    assert [(event.at, event.what, event.by) for event in events] == [
        (datetime(2024, 3, 4, 10, 10), "agent wrote an internal note", "ada"),
        (datetime(2024, 3, 4, 12, 20), "status: open -> solved", "ada"),
    ]
