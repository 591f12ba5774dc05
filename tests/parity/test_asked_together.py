"""Questions asked at once have the answers they have alone: every KPI and variant of the demo company."""

from __future__ import annotations

from dataclasses import replace

import pytest

import deskpulse
from deskpulse import catalog
from deskpulse.answers.question import Question
from deskpulse.errors import UnknownNameError
from deskpulse.workspace import Workspace
from tests.parity.test_parity import identity, is_same


def every_question(place: Workspace) -> list[Question]:
    """Each variant of the last 90 days against those before, and the months of each KPI's first."""
    named = [f"{kpi}:{variant}" for kpi, declared in catalog.kpis().items() for variant in declared.variants]
    whole = [place.question(name, period="last-90-days", compare="previous") for name in named]
    return [*whole, *(place.question(kpi, grain="month") for kpi in catalog.kpis())]


def test_every_answer_is_the_one_it_has_alone(demo: Workspace) -> None:
    questions = every_question(demo)
    together = deskpulse.open(demo.root).ask_many(questions)
    alone = deskpulse.open(demo.root)
    assert len(together) == len(questions) > 100
    for question, found in zip(questions, together, strict=True):
        wanted = alone.ask(question)
        assert identity(found) == identity(wanted)
        assert len(found.rows) == len(wanted.rows), question
        assert all(is_same(*pair) for pair in zip(found.rows, wanted.rows, strict=True)), question
    assert sum(row.value is not None for answer in together for row in answer.rows) > 100


def test_names_share_the_options_and_the_order_is_kept(demo: Workspace) -> None:
    volume, again, csat = demo.ask_many(["ticket_volume", "ticket_volume", "csat:mean"], by="channel")
    assert volume == again == demo.ask("ticket_volume", by="channel")
    assert (csat.kpi, csat.variant, csat.question.by) == ("csat", "mean", ("channel",))
    assert demo.ask_many([]) == []


def test_one_that_cannot_be_answered_says_which(demo: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="cast"):
        demo.ask_many(["csat", "cast"])
    question = demo.question("csat")
    with pytest.raises(UnknownNameError, match="nothing_like_it"):
        demo.ask_many([question, replace(question, by=("nothing_like_it",))])
