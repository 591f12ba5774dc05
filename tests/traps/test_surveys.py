"""Traps of surveys: cohorts, second thoughts, codes that are no scores, and answers that come after a merge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.history import History
from tests.traps.workspaces import by, desk, fact, row, value

FIVE_POINTS: dict[str, Any] = {"kind": "csat", "scale_low": 1.0, "scale_high": 5.0}
GOOD_OR_BAD: dict[str, Any] = {"kind": "csat", "scale_low": 0.0, "scale_high": 1.0}
GOOD, BAD = 1.0, 0.0


def offered(history: History, survey: str, at: str, **more: Any) -> History:
    return history.add("survey", survey=survey, action="offered", at=at, **{**FIVE_POINTS, **more})


def answered(history: History, survey: str, at: str, score: float, **more: Any) -> History:
    return history.add("survey", survey=survey, action="answered", at=at, score=score, **{**FIVE_POINTS, **more})


def test_21_answers_to_older_surveys_do_not_enter_the_rate_of_those_offered_now(tmp_path: Path) -> None:
    """Three offered in February, one of them answered in it; four answers in February to surveys of January.

    5 answers to 3 surveys would be 167 %; of the cohort it is 1 of 3. January's four were answered, if late: 4 of 4.
    """
    history = History()
    for survey in ("a", "b", "c", "d"):
        answered(offered(history, survey, "2024-01-30 09:00"), survey, "2024-02-02 09:00", 5)
    for survey in ("e", "f", "g"):
        offered(history, survey, "2024-02-10 09:00")
    place = desk(tmp_path, answered(history, "e", "2024-02-11 09:00", 4))
    assert value(place, "survey_response_rate", period="2024-02") == pytest.approx(1 / 3)
    assert value(place, "survey_response_rate", period="2024-01") == 1
    assert row(place, "csat", period="2024-02").n == 5


def test_21_an_answer_whose_invitation_is_unknown_belongs_to_no_cohort(tmp_path: Path) -> None:
    """Two offered and none answered; one answer out of nowhere: 0 of 2, not 1 of 3. It is a rating all the same."""
    history = offered(offered(History(), "a", "2024-01-05 09:00"), "b", "2024-01-05 09:00")
    place = desk(tmp_path, answered(history, "stray", "2024-01-06 09:00", 5))
    found = row(place, "survey_response_rate", period="2024-01")
    assert (found.value, found.n) == (0, 2)
    assert row(place, "csat", period="2024-01").n == 1


def test_21_numerator_and_denominator_are_under_the_same_filter(tmp_path: Path) -> None:
    """By e-mail two offered and one answered, by chat one of one: 1/2 and 1, and by either filter the same."""
    history = History()
    for survey, channel in (("a", "email"), ("b", "email"), ("c", "chat")):
        offered(history, survey, "2024-01-05 09:00", channel=channel)
    answered(answered(history, "a", "2024-01-06 09:00", 5), "c", "2024-01-06 09:00", 5)
    place = desk(tmp_path, history)
    assert by(place, "survey_response_rate", "channel", period="2024-01") == {"email": 0.5, "chat": 1}
    assert value(place, "survey_response_rate", period="2024-01", where="channel=email") == 0.5


def test_22_a_second_rating_keeps_the_first_and_is_named_the_right_way_round(tmp_path: Path) -> None:
    """Two go from good to bad and one from bad to good; the later rows arrive first.

    By the last word 1 of 3 is satisfied (by the first it would be 2 of 3), each counted once, on the first's day.
    """
    history = History()
    for survey, first, last in (("a", GOOD, BAD), ("b", GOOD, BAD), ("c", BAD, GOOD)):
        answered(history, survey, "2024-02-07 09:00", last, **GOOD_OR_BAD)
        answered(history, survey, "2024-01-05 09:00", first, **GOOD_OR_BAD)
    place = desk(tmp_path, history)
    found = row(place, "csat", period="2024-01")
    assert (found.value, found.n) == (pytest.approx(1 / 3), 3)
    assert row(place, "csat", period="2024-02").n == 0
    assert row(place, "csat", period="2024-02", dated_by="rated_at").n == 3
    kept = {survey["survey"]: (survey["first_score"], survey["score"]) for survey in fact(place, "survey")}
    assert kept == {"desk:a": (GOOD, BAD), "desk:b": (GOOD, BAD), "desk:c": (BAD, GOOD)}


def test_22_of_two_ratings_of_one_second_the_later_row_is_the_last_word(tmp_path: Path) -> None:
    """Rows 9 and 10 of the source fall into one second: 9 comes before 10 (as text it would not)."""
    history = answered(History(), "a", "2024-01-05 09:00", 5, source_id="10")
    place = desk(tmp_path, answered(history, "a", "2024-01-05 09:00", 1, source_id="9"))
    assert value(place, "csat:mean", period="2024-01") == 5


def test_23_codes_outside_the_scale_are_blanks(tmp_path: Path) -> None:
    """On a scale of 1 to 5, 0 and 11 stand for no answer. Of four surveys two are answered, with 5 and 2."""
    history = History()
    for survey, score in (("a", 5), ("b", 2), ("c", 0), ("d", 11)):
        answered(offered(history, survey, "2024-01-05 09:00"), survey, "2024-01-06 09:00", score)
    place = desk(tmp_path, history)
    found = row(place, "csat:mean", period="2024-01")
    assert (found.value, found.n) == (3.5, 2)
    assert value(place, "survey_response_rate", period="2024-01") == 0.5


def test_23_a_blank_after_a_rating_does_not_wipe_it_out(tmp_path: Path) -> None:
    """Rated 4, then sent again as 11: the rating stays 4."""
    history = answered(answered(History(), "a", "2024-01-05 09:00", 4), "a", "2024-01-06 09:00", 11)
    assert value(desk(tmp_path, history), "csat:mean", period="2024-01") == 4


def test_23_a_rating_sent_twice_counts_once(tmp_path: Path) -> None:
    """The same answer under two ids of the source, beside another: (1 + 5) / 2 of two, not 7 / 3 of three."""
    history = answered(answered(History(), "a", "2024-01-05 09:00", 1), "a", "2024-01-05 09:00", 1)
    found = row(desk(tmp_path, answered(history, "b", "2024-01-05 09:00", 5)), "csat:mean", period="2024-01")
    assert (found.value, found.n) == (3, 2)


def test_23_weights_are_kept_with_the_answer(tmp_path: Path) -> None:
    place = desk(tmp_path, answered(History(), "a", "2024-01-05 09:00", 4, weight=2.5))
    assert [survey["weight"] for survey in fact(place, "survey")] == [2.5]


def test_23_an_answer_after_the_ticket_was_merged_is_about_the_one_that_survived(tmp_path: Path) -> None:
    """Ticket 1 is merged into 2, which Ann solves; the customer answers the survey sent for 1. It counts, for Ann.

    An answer about a deleted ticket does not count, and is counted as such.
    """
    history = History()
    for id in ("1", "2", "3"):
        history.ticket(id, "2024-01-05 09:00", customer="c", channel="chat" if id == "2" else "email")
    history.changes("1", "2024-01-05 10:00", "merged_into", "2").changes("3", "2024-01-05 10:00", "deleted", "true")
    history.changes("2", "2024-01-05 11:00", "status", "solved", by="ann")
    answered(history, "a", "2024-01-06 09:00", 5, ticket="1")
    place = desk(tmp_path, answered(history, "b", "2024-01-06 09:00", 1, ticket="3"))
    found = row(place, "csat", period="2024-01")
    assert (found.value, found.n, found.left_out) == (1, 1, {"deleted": 1})
    assert by(place, "csat", "agent", period="2024-01") == {"ann": 1}
    assert by(place, "csat", "channel", period="2024-01") == {"chat": 1}


def test_24_who_answers_depends_on_the_channel_and_can_be_seen_beside_the_score(tmp_path: Path) -> None:
    """Chat: 4 of 4 answer, all 5. E-mail: 1 of 4 answers, with 1. The score of 80 % is mostly chat's word.

    Both groups of tickets being equally many, weighted back to the tickets it would be (100 % + 0 %) / 2 = 50 %.
    """
    history = History()
    for number in range(8):
        channel = "chat" if number < 4 else "email"
        offered(history, str(number), "2024-01-05 09:00", channel=channel)
        if number < 5:
            answered(history, str(number), "2024-01-06 09:00", 5 if number < 4 else 1, channel=channel)
    place = desk(tmp_path, history)
    assert value(place, "csat", period="2024-01") == 0.8
    scores = by(place, "csat", "channel", period="2024-01")
    assert scores == {"chat": 1, "email": 0}
    assert by(place, "survey_response_rate", "channel", period="2024-01") == {"chat": 1, "email": 0.25}
    offers = {found.dimensions["channel"]: found.n for found in place.ask("survey_response_rate", by="channel").rows}
    assert sum(scores[channel] * n for channel, n in offers.items()) / sum(offers.values()) == 0.5
