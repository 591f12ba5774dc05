"""Sentiment: shown with its measured accuracy, and not at all where it could not be measured."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from deskpulse.facts.build import reading
from deskpulse.workspace import Workspace
from tests.history import History
from tests.traps.workspaces import by, desk, fact, row

GOOD = ("Thank you, that was quick and friendly", "Great help, lovely people", "Solved at once, wonderful")
BAD = ("Terrible, nobody answers", "I waited for days and it is still broken", "Useless reply, I want my money back")


def rated(history: History, number: int, score: float, words: str) -> None:
    values = {"kind": "csat", "scale_low": 1.0, "scale_high": 5.0, "comment": words}
    history.add("survey", survey=str(number), action="answered", at="2024-01-05 09:00", score=score, **values)


def company(good: int, bad: int, *, unlike: bool = True) -> History:
    """Comments with a number of their own, so that no two texts are alike; ``unlike``: words follow the rating."""
    history = History()
    for number in range(good + bad):
        is_good = number < good
        phrases = GOOD if is_good or not unlike else BAD
        rated(history, number, 5 if is_good else 1, f"{phrases[number % 3]}, case{number}")
    return history


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """150 good and 100 bad comments, and a ticket with three texts of its customer and four that do not count."""
    history = company(150, 100).ticket("1", "2024-02-01 09:00", customer="c", channel="email")
    history.says("customer", "1", "2024-02-01 09:00", text="Terrible, nobody answers and it is still broken")
    history.says("agent", "1", "2024-02-01 09:10", text="Terrible, nobody answers", public=False)
    history.says("bot", "1", "2024-02-01 09:20", text="Useless reply")
    history.says("customer", "1", "2024-02-01 09:30", text="Terrible", is_deleted=True)
    history.says("customer", "1", "2024-02-01 09:40", text="  ")
    history.says("customer", "1", "2024-02-01 09:50", text="wonderful, thank you")
    history.says("customer", "1", "2024-02-01 09:55", text="12345")
    return desk(tmp_path_factory.mktemp("words"), history)


def test_comments_read_as_they_were_rated(place: Workspace) -> None:
    """In January there are comments alone: 100 of 250 were rated badly, in words that never go with a good rating."""
    answer = place.ask("sentiment", period="2024-01")
    assert (answer.rows[0].value, answer.rows[0].n) == (0.4, 250)
    assert (answer.unit, place.ask("sentiment:net").unit) == ("share", "net")
    assert place.ask("sentiment:net", period="2024-01").value == pytest.approx(0.2)  # 60 % - 40 %
    [note] = answer.notes
    assert "On 250 rated texts it had not seen it was right 100.0 % of the time" in note


def test_only_what_customers_wrote_in_public_is_read(place: Workspace) -> None:
    """Three texts: one negative, one positive, and a number, which the model cannot be sure of."""
    messages = [one for one in fact(place, "remark") if one["medium"] == "message"]
    assert sorted((one["is_negative"], one["is_positive"]) for one in messages) == [
        (False, False),
        (False, True),
        (True, False),
    ]
    found = row(place, "sentiment", period="2024-02")
    assert (found.value, found.n) == (pytest.approx(1 / 3), 3)
    assert by(place, "sentiment", "medium") == {"comment": 0.4, "message": pytest.approx(1 / 3)}
    assert "text" not in messages[0]


def test_the_same_data_are_read_the_same_twice(tmp_path: Path) -> None:
    """Mixed words, so that some texts lie near the limit: both readings give each text the same."""
    history = company(150, 100)
    for number in range(250, 300):
        rated(history, number, 5 if number % 2 else 1, f"{GOOD[number % 3]} {BAD[number % 3]}, case{number}")
    told = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        rows = fact(desk(tmp_path / folder, history), "remark")
        told.append(
            sorted((row["remark"], row["is_negative"], row["is_positive"], row["model_accuracy"]) for row in rows)
        )
    assert told[0] == told[1]
    assert len(told[0]) == 300


@pytest.mark.parametrize(
    ("good", "bad", "unlike", "reason"),
    [
        (100, 99, True, "there are 199 rated texts, 99 with a bad rating: it takes 200"),
        (180, 29, True, "there are 209 rated texts, 29 with a bad rating: it takes 200, with 30 of each rating"),
        (150, 100, False, "not clearly more than by guessing"),  # the words say nothing of the rating
        (0, 0, True, "there are 0 rated texts"),
    ],
)
def test_without_a_measured_model_there_is_no_value_and_the_note_says_why(
    tmp_path: Path, good: int, bad: int, unlike: bool, reason: str
) -> None:
    answer = desk(tmp_path, company(good, bad, unlike=unlike)).ask("sentiment", period="2024-01")
    assert (answer.value, answer.rows[0].n) == (None, 0)
    [note] = answer.notes
    assert note.startswith("no model: ")
    assert reason in note


def test_without_the_package_the_note_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "find_spec", lambda name: None if name == "sklearn" else find_spec(name))
    answer = desk(tmp_path, company(150, 100)).ask("sentiment")
    assert answer.value is None
    assert "pip install 'deskpulse[words]'" in answer.notes[0]


def test_texts_of_one_ticket_are_never_on_both_sides_of_the_test() -> None:
    """Each ticket's two texts share a word that no other has; ratings are drawn by lot, so nothing can be learnt.

    Were a ticket's texts split, its word would tell the rating of the one left out, and the model would look right.
    """
    import numpy as np

    lots = np.random.default_rng(1).random(300) < 0.5
    texts = [f"token{ticket} token{ticket}x" for ticket in range(300) for _ in range(2)]
    learnt = reading.learn(texts, np.repeat(lots, 2), [str(ticket) for ticket in range(300) for _ in range(2)])
    assert isinstance(learnt, str)
