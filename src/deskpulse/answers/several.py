"""Several questions at once: what they all need is looked up together, and each is then answered as if asked alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from deskpulse.answers.answer import Answer
from deskpulse.answers.ask import Inquiry, answered
from deskpulse.answers.plan import plan
from deskpulse.answers.profile import profile_together
from deskpulse.answers.question import GRAINS, Question
from deskpulse.answers.trend import looked_up


def ask_many(questions: Sequence[Question], *, backend: Any, as_of: datetime) -> list[Answer]:
    """The answers, in order; equal to those of one question after the other. Raises what ``ask`` raises.

    A value that is asked for together with its trend takes its sums from there where they add up.
    """
    plans = {question: plan(question) for question in questions}
    profile_together(list(plans.values()), backend)
    inquiries = {question: Inquiry(plan=found, backend=backend) for question, found in plans.items()}
    for value, trend in _with_trends(plans):
        looked = looked_up(plans[value], plans[trend], backend)
        if looked:
            inquiries[value] = replace(inquiries[value], added=looked.whole, earlier=looked.earlier)
            inquiries[trend] = replace(inquiries[trend], added=looked.trend)
    return [answered(inquiries[question], as_of) for question in questions]


def _with_trends(asked: Collection[Question]) -> Iterator[tuple[Question, Question]]:
    """The questions for a value that are asked with a grain as well, side by side."""
    for question in asked:
        trends = (replace(question, grain=grain, compare=None) for grain in GRAINS)
        trend = next((trend for trend in trends if trend in asked), None)
        if question.grain is None and trend:
            yield question, trend
