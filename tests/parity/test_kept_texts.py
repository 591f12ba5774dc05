"""A compiled text filled in for another period and filter gives what an expression of its own gives."""

from __future__ import annotations

import pytest

import deskpulse
from deskpulse import catalog
from deskpulse.answers.question import Question
from deskpulse.metrics.measure import shared_dimensions
from deskpulse.store import compiled
from deskpulse.workspace import Workspace
from deskpulse.workspace.access import Viewer
from tests.parity.test_parity import identity, is_same

FIRST = {"period": "2026-01", "channel": "email"}
LATER = {"period": "2025-12", "channel": "chat"}


def every_question(place: Workspace, period: str, channel: str) -> list[Question]:
    """Each KPI week by week, by channel where it can be told apart by it."""
    found = []
    for name in catalog.kpis():
        is_by_channel = "channel" in shared_dimensions(catalog.formula(name))
        where = f"channel={channel}" if is_by_channel else None
        found.append(place.question(name, period=period, where=where, grain="week", compare="previous"))
    return found


def test_a_text_filled_in_again_is_as_good_as_a_new_one(demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, own = deskpulse.open(demo.root), deskpulse.open(demo.root)
    kept.ask_many(every_question(kept, **FIRST))
    known = dict(compiled._texts)
    questions = every_question(kept, **LATER)
    found = kept.ask_many(questions)
    assert set(compiled._texts) == set(known), "nothing was compiled for the other period"
    monkeypatch.setattr(compiled, "KEEPING", {})
    for question, answer in zip(questions, found, strict=True):
        wanted = own.ask(question)
        assert identity(answer) == identity(wanted)
        assert len(answer.rows) == len(wanted.rows), question
        assert all(is_same(*pair) for pair in zip(answer.rows, wanted.rows, strict=True)), question
    assert sum(row.value is not None for answer in found for row in answer.rows) > 100


def test_the_next_snapshot_compiles_nothing(demo: Workspace) -> None:
    questions = every_question(demo, **FIRST)[:5]
    before = deskpulse.open(demo.root).ask_many(questions)
    known = dict(compiled._texts)
    assert deskpulse.open(demo.root).ask_many(questions) == before
    assert compiled._texts == known
    assert len(known) >= 5


def test_what_is_filled_in_is_a_value_and_nothing_else(demo: Workspace) -> None:
    """A rule's value comes from an account: quotes in it do not end it."""
    for name in ("O'Hara", "' OR '1'='1", '"fact_ticket"', "<1 of the blanks>"):
        seen = demo.seen_by(Viewer(name="lead", role="lead", team=name))
        [row] = seen.ask("ticket_volume").rows
        assert (row.value, row.n) == (0, 0)
