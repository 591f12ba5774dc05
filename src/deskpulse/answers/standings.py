"""What stands behind a leaderboard: each unit's rows, what was to be expected of them, and its rank."""

from __future__ import annotations

from typing import Any

from deskpulse.answers.aggregate import summed
from deskpulse.answers.plan import plan
from deskpulse.answers.profile import check_values
from deskpulse.answers.question import Question
from deskpulse.answers.ranking import Standing, cells_of, standings_of
from deskpulse.answers.scope import scope
from deskpulse.errors import QuestionError
from deskpulse.metrics.measure import Ranking

__all__ = ["Standing", "standings"]


def standings(question: Question, *, backend: Any) -> tuple[Standing, ...]:
    """Every unit of every group, the best of a group first, those with too few rows last.

    Raises what ``ask`` raises, and QuestionError for a KPI that ranks nobody.
    """
    found = plan(question)
    if not isinstance(found.measure, Ranking):
        raise QuestionError("'%(kpi)s' ranks nobody. Ask for top_agents or most_active_agents.", kpi=question.kpi)
    check_values(found, backend)
    where = scope(found, backend, is_open=True)
    return tuple(standings_of(found, cells_of(where, summed(where))))
