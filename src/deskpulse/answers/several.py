"""Several questions at once: what they all need is looked up together, and each is then answered as if asked alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deskpulse.answers.answer import Answer
from deskpulse.answers.ask import ask
from deskpulse.answers.plan import plan
from deskpulse.answers.profile import profile_together
from deskpulse.answers.question import Question


def ask_many(questions: Sequence[Question], *, backend: Any, as_of: datetime) -> list[Answer]:
    """The answers, in order; equal to those of one question after the other. Raises what ``ask`` raises."""
    profile_together([plan(question) for question in questions], backend)
    return [ask(question, backend=backend, as_of=as_of) for question in questions]
