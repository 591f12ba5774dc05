"""What counts per interval cannot tell is refused, with what to ask instead."""

from __future__ import annotations

from functools import partial
from typing import Any

from deskpulse.answers.group import Groups
from deskpulse.answers.plan import Plan
from deskpulse.answers.scope import CODE, Scope, rows, scope
from deskpulse.errors import QuestionError
from deskpulse.language import declared
from deskpulse.metrics.fact import Table
from deskpulse.metrics.formula import ONLY_COUNTS
from deskpulse.metrics.measure import QUANTILES
from deskpulse.store.compiled import fetch


def refuse_counts(plan: Plan, groups: Groups) -> None:
    """Raises QuestionError where a period has rows, but only counts that do not tell what is asked."""
    found = groups.values()
    if any(group.left_out.get(ONLY_COUNTS) for group in found) and not any(group.sums.get("n") for group in found):
        raise QuestionError(f"{_what(plan)} {_instead(plan)}")


def refuse_list_of_counts(plan: Plan, backend: Any) -> None:
    """Raises QuestionError where what counts in a period is counts alone: there is nothing to list."""
    if plan.fact.counted is None:
        return
    where = scope(plan, backend)
    kinds = fetch(backend, ("kinds", plan.key, plan.statistic), lambda: _kinds(where)).to_pylist()
    if [row["is_count"] for row in kinds] == [True]:
        raise QuestionError(
            "There are no single ones to list behind '%(kpi)s': the period is %(how)s. Ask for the value,"
            " or import the single ones.",
            kpi=plan.question.kpi,
            how=partial(declared, ONLY_COUNTS),
        )


def _kinds(where: Scope) -> Table:
    assert where.plan.fact.counted is not None
    table = rows(where)
    counting = table.filter(table[CODE] == 0)
    return counting.select(is_count=where.plan.fact.counted.test(counting, where.at("now"))).distinct()


def _what(plan: Plan) -> str:
    asked = f"'{plan.question.kpi}:{plan.variant}'"
    if plan.statistic in QUANTILES:
        return f"{asked} has no {plan.statistic} here: the period is {ONLY_COUNTS}, which are sums, not single values."
    return f"{asked} cannot be worked out: the period is {ONLY_COUNTS}, which do not tell all that the formula needs."


def _instead(plan: Plan) -> str:
    if plan.statistic in QUANTILES and plan.measure.takes_counts("mean"):
        return "Ask for the statistic 'mean', or import the single ones."
    default = plan.kpi.default
    return f"Ask for '{default}', or import the single ones." if plan.variant != default else "Import the single ones."
