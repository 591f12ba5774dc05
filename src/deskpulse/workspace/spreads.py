"""How a duration is spread, for someone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.answers.distribution import Bin
from deskpulse.answers.distribution import distribution as counted
from deskpulse.answers.question import Question
from deskpulse.workspace.asked import ask_each

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

TYPICAL, SLOW = "median", "p90"


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """Bins of a duration, with its median and the length of time nine in ten stay under."""

    answer: Answer
    slow: Answer
    bins: tuple[Bin, ...]


def distribution(place: Workspace, asked: Question) -> Distribution | None:
    """The spread of a question's durations; null for what is none."""
    bins = counted(place.viewer.restricted(asked), backend=place.backend)
    [found] = ask_each(place, [replace(asked, statistic=name) for name in (TYPICAL, SLOW)])
    answers = [one for one in found if isinstance(one, Answer)]
    return Distribution(answer=answers[0], slow=answers[1], bins=bins) if bins and len(answers) == len(found) else None
