"""Answers: kept before anybody is thanked, handed over once, and the same cohort as the invitation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deskpulse.errors import BusyError, InputError
from deskpulse.store.work import open_work
from deskpulse.workspace import Workspace, silent
from deskpulse.workspace import open as open_workspace
from deskpulse.workspace.collecting import collect
from deskpulse.workspace.surveys import MOST_ANSWERS, Surveys
from tests.history import History
from tests.surveys.conftest import NOW, solved
from tests.traps.workspaces import fact, row, sync, value

LATER = timedelta(hours=1)


def invited(surveys: Surveys, name: str, number: int) -> str:
    return surveys.invite(name, ticket=f"desk:{number}", customer=f"desk:c{number}", channel="email", now=NOW).token


def answered(surveys: Surveys, name: str, number: int, score: int, comment: str = "") -> str:
    made = invited(surveys, name, number)
    surveys.answer(made, score, comment, NOW + LATER)
    return made


def test_answers_become_ratings_of_the_cohort_that_was_asked(place: Workspace, surveys: Surveys) -> None:
    """Three asked, two answer with 5 and 2 of 5: 1 of 2 is satisfied, 2 of 3 answered."""
    answered(surveys, "after-solve", 1, 5)
    answered(surveys, "after-solve", 2, 2, "Slow.")
    invited(surveys, "after-solve", 3)
    assert collect(place.root, silent) == 5
    seen = open_workspace(place.root)
    assert (value(seen, "csat", period="2025-03"), row(seen, "csat", period="2025-03").n) == (0.5, 2)
    assert value(seen, "survey_response_rate", period="2025-03") == pytest.approx(2 / 3)
    by_ticket = {one["ticket"]: (one["score"], one["comment"], one["agent"]) for one in fact(seen, "survey")}
    assert by_ticket == {"desk:1": (5, None, "ann"), "desk:2": (2, "Slow.", "ann"), "desk:3": (None, None, "ann")}


def test_the_other_questions_reach_their_kpis(place: Workspace, surveys: Surveys) -> None:
    """9 of 10 is a promoter, 6 a detractor: +0. The mean of one 6 of 7 is 6."""
    answered(surveys, "loyalty", 1, 9)
    answered(surveys, "loyalty", 2, 6)
    answered(surveys, "ease", 3, 6)
    collect(place.root, silent)
    seen = open_workspace(place.root)
    assert (value(seen, "nps", period="2025-03"), row(seen, "nps", period="2025-03").n) == (0, 2)
    assert value(seen, "ces", period="2025-03") == 6


def test_an_answer_comes_back_on_its_tickets_page(place: Workspace, surveys: Surveys) -> None:
    answered(surveys, "after-solve", 1, 4)
    collect(place.root, silent)
    events = open_workspace(place.root).prove_ticket("csat", "desk:1").events
    said = [event.what for event in events if event.table == "survey"]
    assert said == ["csat survey offered", "csat survey answered: 4 of 1 to 5"]


def test_a_change_of_mind_keeps_both_and_counts_the_last(place: Workspace, surveys: Surveys) -> None:
    made = answered(surveys, "after-solve", 1, 5)
    collect(place.root, silent)
    assert surveys.open(made, NOW + LATER).score == 5
    surveys.answer(made, 1, "It broke again.", NOW + 2 * LATER)
    collect(place.root, silent)
    [one] = fact(open_workspace(place.root), "survey")
    assert (one["first_score"], one["score"], one["was_lowered"]) == (5, 1, True)
    assert one["comment"] == "It broke again."


def test_two_answers_of_one_second_are_told_apart(place: Workspace, surveys: Surveys) -> None:
    """Ten answers at one instant: the tenth is the last word, though '10' sorts before '2' as text."""
    made = invited(surveys, "after-solve", 1)
    for score in (1, 2, 3, 4, 5, 1, 2, 3, 4, 5):
        surveys.answer(made, score, "", NOW + LATER)
    collect(place.root, silent)
    [one] = fact(open_workspace(place.root), "survey")
    assert (one["first_score"], one["score"]) == (1, 5)


def test_nothing_that_was_thanked_for_is_lost_while_another_writes(place: Workspace, surveys: Surveys) -> None:
    with open_work(place.root, holder="a long import"):
        answered(surveys, "after-solve", 1, 5)
        with pytest.raises(BusyError):
            collect(place.root, silent)
    # Another process would see it: the queue is on the disk.
    assert [one.score for one in Surveys(place.root).store.waiting().answers] == [5]
    sync(place, solved(History(), "9", "c9", "2025-03-11"), now="2025-03-12")
    assert Surveys(place.root).store.waiting().last is None
    assert row(open_workspace(place.root), "csat", period="2025-03").n == 1


def test_handing_over_twice_changes_nothing(
    place: Workspace, surveys: Surveys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash after the merge and before the queue is marked: the same rows come again."""
    answered(surveys, "after-solve", 1, 5, "Good")
    with monkeypatch.context() as crash:
        crash.setattr("deskpulse.store.surveys.SurveyStore.handed_over", lambda store, waiting: None)
        collect(place.root, silent)
    assert collect(place.root, silent) == 2
    assert collect(place.root, silent) == 0
    [one] = fact(open_workspace(place.root), "survey")
    assert (one["first_score"], one["score"], one["rerating"]) == (5, 5, None)


def test_words_stay_in_the_queue_only_until_they_are_handed_over(place: Workspace, surveys: Surveys) -> None:
    answered(surveys, "after-solve", 1, 5, "zanzibar-marmalade")
    file = surveys.store.path
    assert b"zanzibar" in file.read_bytes()
    collect(place.root, silent)
    assert b"zanzibar" not in file.read_bytes()


def test_scores_off_the_scale_and_endless_changes_are_refused(surveys: Surveys) -> None:
    made = invited(surveys, "after-solve", 1)
    for score in (0, 6, -1):
        with pytest.raises(InputError, match="from 1 to 5"):
            surveys.answer(made, score, "", NOW)
    for _ in range(MOST_ANSWERS):
        surveys.answer(made, 3, "", NOW)
    with pytest.raises(InputError, match="very often"):
        surveys.answer(made, 3, "", NOW)
