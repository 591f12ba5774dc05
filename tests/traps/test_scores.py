"""Traps of scores: scales that do not mix, weights, small groups, and reviews without stars. Worked out by hand."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from deskpulse.errors import DeskpulseError, QuestionError
from deskpulse.workspace import Workspace
from tests.history import History
from tests.traps.workspaces import by, desk, fact, row, value

Z = 1.959964
BLANK = "blank or outside the scale"


def rate(history: History, kind: str, scores: list[float], scale: tuple[float, float] | None, **more: Any) -> History:
    """Answers, each to a survey of its own."""
    for score in scores:
        ends = {"scale_low": scale[0], "scale_high": scale[1]} if scale else {}
        name = f"{kind} {len(history.rows['survey'])}"
        values = {"survey": name, "action": "answered", "kind": kind, "at": "2024-01-05 09:00", "score": score}
        history.add("survey", **{**values, **ends, **more})
    return history


def test_23_the_code_11_and_blanks_are_no_answers_to_the_recommendation_and_are_counted(tmp_path: Path) -> None:
    """Three promoters, one passive and one detractor of five: 60 - 20 = +40; an 11 and a blank are left out."""
    scores = [10, 9, 9, 8, 6, 11, None]
    place = desk(tmp_path, rate(History(), "nps", scores, None))  # type: ignore[arg-type]
    found = row(place, "nps")
    assert (found.value, found.n, found.left_out) == (pytest.approx(0.4), 5, {BLANK: 2})
    assert value(place, "nps:passives") == 0.2
    a, b = 4 / 7, 2 / 7  # Bonett and Price: one more of each, of two more
    margin = Z * sqrt((a + b - (a - b) ** 2) / 7)
    assert (found.low, found.high) == pytest.approx((a - b - margin, a - b + margin), abs=1e-6)


def test_23_a_survey_from_1_to_10_is_accepted_and_said_to_be_one(tmp_path: Path) -> None:
    """Two promoters and one detractor of four; a 0 is outside that scale; answers on 1 to 5 are another question."""
    history = rate(rate(History(), "nps", [9, 10, 7, 1, 0], (1, 10)), "nps", [5], (1, 5))
    answer = desk(tmp_path, history).ask("nps")
    assert (answer.rows[0].value, answer.rows[0].n) == (0.25, 4)
    assert answer.rows[0].left_out == {BLANK: 1, "not on a scale to 10": 1}
    assert any("from 1 to 10" in note and "4 of them" in note for note in answer.notes)


def test_a_survey_from_0_to_10_is_not_flagged(tmp_path: Path) -> None:
    assert desk(tmp_path, rate(History(), "nps", [9, 1], (0, 10))).ask("nps").notes == ()


def test_the_two_questions_of_effort_never_mix(tmp_path: Path) -> None:
    """Agreement 7, 5, 3 of 7: mean 5, two of three agree. Effort 1 and 2 of 5: mean 1.5, and lower is better."""
    history = rate(rate(History(), "ces2", [7, 5, 3], (1, 7)), "ces1", [1, 2], (1, 5))
    place = desk(tmp_path, history)
    assert [value(place, f"ces:{name}") for name in ("ces2", "ces2_share", "ces1")] == [5, pytest.approx(2 / 3), 1.5]
    assert [row(place, f"ces:{name}").n for name in ("ces2", "ces2_share", "ces1")] == [3, 3, 2]
    better = place.kpis()["ces"].better_of
    assert [better(name) for name in ("ces2", "ces1", "interactions")] == ["higher", "lower", "lower"]


def test_one_invitation_that_asks_two_questions_is_two_answers(tmp_path: Path) -> None:
    history = rate(History(), "csat", [5], (1, 5), survey="both")
    place = desk(tmp_path, rate(history, "nps", [10], (0, 10), survey="both"))
    assert (value(place, "csat:mean"), value(place, "nps")) == (5, 1)


def test_scores_on_several_scales_have_no_common_mean(tmp_path: Path) -> None:
    """5 of 5 and 6 of 10: no mean, unless by scale; rescaled (5-1)/4 = 1 and (6-1)/9 = 5/9, 7/9 together."""
    place = desk(tmp_path, rate(rate(History(), "csat", [5], (1, 5)), "csat", [6], (1, 10)))
    found = row(place, "csat:mean")
    assert (found.value, found.n, found.left_out) == (None, 0, {"on several scales: ask by scale": 2})
    assert by(place, "csat:mean", "scale") == {"1-5": 5, "1-10": 6}
    assert value(place, "csat:normalised_mean") == pytest.approx(7 / 9)


def test_effort_by_interactions(tmp_path: Path) -> None:
    """Solved after 4, 1, 2 and 3 exchanges: one of four is above 3, two are at 1 or 2: 25 % - 50 % = -25 points."""
    history = History()
    for ticket, exchanges in (("a", 4), ("b", 1), ("c", 2), ("d", 3)):
        history.ticket(ticket, "2024-01-05 08:00", customer=ticket)
        for turn in range(exchanges):
            history.says("customer", ticket, f"2024-01-05 {8 + turn:02d}:00", author=ticket)
            history.says("agent", ticket, f"2024-01-05 {8 + turn:02d}:30")
        history.changes(ticket, "2024-01-05 20:00", "status", "solved", by="agent")
    found = row(desk(tmp_path, history), "ces:interactions")
    assert (found.value, found.n) == (-0.25, 4)


def test_22_a_change_from_bad_to_good_is_raised_and_from_good_to_bad_lowered(tmp_path: Path) -> None:
    history = History()
    for survey, first, last in (("up", 0, 1), ("down", 1, 0), ("same", 1, 1)):
        for hour, score in ((9, first), (12, last)):
            rate(history, "csat", [score], (0, 1), survey=survey, at=f"2024-01-05 {hour:02d}:00")
    rate(history, "csat", [1], (0, 1), survey="once")
    place = desk(tmp_path, history)
    told = {one["survey"]: (one["rerating"], one["was_raised"], one["was_lowered"]) for one in fact(place, "survey")}
    assert told == {
        "desk:up": ("raised", True, False),
        "desk:down": ("lowered", False, True),
        "desk:same": (None, False, False),
        "desk:once": (None, False, False),
    }
    assert {found.dimensions["rerating"]: found.n for found in place.ask("csat", by="rerating").rows} == {
        "raised": 1,
        "lowered": 1,
        None: 2,
    }


def test_23_weights_count_and_what_has_none_is_left_out(tmp_path: Path) -> None:
    """Weights 3 (satisfied), 1 and 1 (not): 3/5 = 60 %, not 1/3; 25 / 11 = 2.27 answers' worth; one has no weight.

    Wilson with n = 25/11, p = .6: centre (p + z^2/2n) / (1 + z^2/n), margin as usual.
    """
    history = rate(History(), "csat", [5], (1, 5), weight=3.0)
    rate(rate(history, "csat", [1, 2], (1, 5), weight=1.0), "csat", [5], (1, 5))
    answer = desk(tmp_path, history).ask("csat:weighted")
    [found] = answer.rows
    assert (found.value, found.n, found.left_out) == (pytest.approx(0.6), 3, {"without a weight": 1})
    assert "3 answers say as much as 2 " in answer.notes[0]
    n = 25 / 11
    centre = (0.6 + Z * Z / (2 * n)) / (1 + Z * Z / n)
    margin = Z / (1 + Z * Z / n) * sqrt(0.24 / n + Z * Z / (4 * n * n))
    assert (found.low, found.high) == pytest.approx((centre - margin, centre + margin), abs=1e-6)


def asked(history: History, channel: str, offered: int, scores: list[float], kind: str, scale: tuple[int, int]) -> None:
    for number in range(offered):
        values = {"survey": f"{kind} {channel} {number}", "kind": kind, "channel": channel}
        history.add("survey", action="offered", at="2024-01-05 09:00", **values)
        if number < len(scores):
            ends = {"scale_low": float(scale[0]), "scale_high": float(scale[1])}
            history.add("survey", action="answered", at="2024-02-06 09:00", score=scores[number], **values, **ends)


def test_24_each_channel_can_weigh_as_much_as_was_asked_in_it(tmp_path: Path) -> None:
    """Chat: 4 asked, 4 answer, all content. E-mail: 4 asked, 1 answers, not content. Web: 2 asked, none answers.

    Of the answers 4/5 = 80 % are content; by what was asked (4 x 1 + 4 x 0) / 8 = 50 %, and web cannot speak.
    Squared weights: 4 answers of weight 1 and one of weight 4 make 64 / 20 = 3.2 answers' worth.
    It is dated by the invitation: nothing in February.
    """
    history = History()
    asked(history, "chat", 4, [5, 5, 5, 5], "csat", (1, 5))
    asked(history, "email", 4, [1], "csat", (1, 5))
    asked(history, "web", 2, [], "csat", (1, 5))
    asked(history, "chat", 4, [10, 10, 10, 10], "nps", (0, 10))
    asked(history, "email", 4, [2], "nps", (0, 10))
    place = desk(tmp_path, history)
    answer = place.ask("csat:by_channel", period="2024-01")
    [found] = answer.rows
    assert (value(place, "csat"), found.value, found.n) == (0.8, 0.5, 5)
    assert "5 answers say as much as 3 " in answer.notes[0]
    assert row(place, "csat:by_channel", period="2024-02").value is None
    assert value(place, "nps") == pytest.approx(0.6)
    assert value(place, "nps:by_channel", period="2024-01") == 0  # (4 x 1 - 4 x 1) / 8


# Engagement


def staff(history: History, team: str, scores: list[float], *, person: str | None = None, **more: Any) -> History:
    for number, score in enumerate(scores):
        who = None if person is None else f"{person}{number}"
        values = {"at": "2024-01-05 09:00", "team": team, "question": "q1", "score": score, "person": who}
        history.add("engagement_answer", **{**values, **more})
    return history


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Team A has 5 people, B 4 (without names), C one person who answered five times."""
    history = staff(History(), "A", [8, 9, 7, 10, 6], person="a")
    staff(history, "B", [9, 9, 9, 9])
    for month in range(1, 6):
        staff(history, "C", [2], person="c", at=f"2024-{month:02d}-05 09:00")
    staff(history, "A", [10, 9, 8, 3, 0], person="a", question="eNPS")
    staff(history, "A", [0, 11], person="a", at="2024-01-06 09:00")
    return desk(tmp_path_factory.mktemp("crew"), history)


def test_groups_under_five_people_are_hidden_with_the_reason(crew: Workspace) -> None:
    """A: (8 + 9 + 7 + 10 + 6) / 5 = 8. B is 4 people. C is 5 answers of one person."""
    found = {one.dimensions["team"]: one for one in crew.ask("employee_engagement", by="team").rows}
    assert (found["A"].value, found["A"].n, found["A"].left_out) == (8, 5, {"outside the scale": 2})
    for team, answers in (("B", 4), ("C", 5)):
        hidden = found[team]
        assert (hidden.value, hidden.low, hidden.high, hidden.n) == (None, None, None, 0)
        assert hidden.left_out == {"hidden: fewer than 5 people": answers}


def test_everybody_together_is_shown(crew: Workspace) -> None:
    """40 + 36 + 10 = 86 of 14 answers."""
    assert value(crew, "employee_engagement") == pytest.approx(86 / 14)
    assert value(crew, "employee_engagement", where="team=B") is None


def test_favourable_and_recommendation(crew: Workspace) -> None:
    """A: 8, 9, 10 of five are favourable. Recommendation 10 and 9 less 3 and 0, of five: 0; a 0 is an answer there."""
    assert value(crew, "employee_engagement:favourable", where="team=A") == pytest.approx(3 / 5)
    enps = row(crew, "employee_engagement:enps", where="team=A")
    assert (enps.value, enps.n) == (0, 5)


def test_what_is_hidden_is_hidden_as_the_earlier_period_too(crew: Workspace) -> None:
    options: dict[str, Any] = {"where": "team=C", "compare": "previous", "period": "2024-02"}
    assert row(crew, "employee_engagement", **options).previous is None


def test_single_answers_are_never_listed(crew: Workspace) -> None:
    with pytest.raises(QuestionError, match="confidential"):
        crew.prove("employee_engagement", where="team=A")
    with pytest.raises(DeskpulseError):
        crew.prove_ticket("employee_engagement", "1")


def test_nobody_s_name_is_in_the_fact(crew: Workspace) -> None:
    assert not {"person", "agent"} & set(fact(crew, "engagement")[0])
    assert "desk:a0" not in str(fact(crew, "engagement"))
    assert "'a0'" not in str(fact(crew, "engagement"))


# Reviews


def test_reviews_are_counted_by_their_stars(tmp_path: Path) -> None:
    """5, 5, 3 and 1 stars: two of four with five, mean 3.5; one of 9 stars and one of none are no ratings."""
    history = History()
    for stars in (5, 5, 3, 1, 9, None):
        history.add("review", at="2024-01-05 09:00", site="shop", stars=stars)
    place = desk(tmp_path, history)
    assert value(place, "positive_reviews", period="2024-01") == 2
    share = row(place, "positive_reviews:share")
    assert (share.value, share.n, share.left_out) == (0.5, 4, {"no stars from 1 to 5": 2})
    assert value(place, "positive_reviews:average_stars") == 3.5


def test_the_time_to_a_review_runs_from_the_last_solve_before_it(tmp_path: Path) -> None:
    """Solved on the 5th and, reopened, on the 20th. A review of the 8th waited 3 days, one of the 21st 1 day.

    One of the 4th came before any solve, and one is about no ticket: neither has a time. Ann solved it.
    """
    history = History().ticket("1", "2024-01-01 09:00")
    for when, status in (("2024-01-05 09:00", "solved"), ("2024-01-10 09:00", "open"), ("2024-01-20 09:00", "solved")):
        history.changes("1", when, "status", status, by="ann")
    for day in (4, 8, 21):
        history.add("review", at=f"2024-01-{day:02d} 09:00", stars=5, ticket="1")
    place = desk(tmp_path, history.add("review", at="2024-01-30 09:00", stars=5))
    found = row(place, "positive_reviews:days_to_review")
    assert (found.value, found.n) == (2 * 86400, 2)
    assert by(place, "positive_reviews", "agent") == {"ann": 3, None: 1}
