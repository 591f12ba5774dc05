"""What must be told of an answer because of rows that count in it."""

from __future__ import annotations

from functools import partial
from typing import Any

from deskpulse import units
from deskpulse.answers.plan import Plan
from deskpulse.answers.scope import CODE, Scope, rows, scope
from deskpulse.language import composed, declared
from deskpulse.metrics.fact import Table
from deskpulse.store.compiled import fetch_rows


def flags(plan: Plan, backend: Any) -> tuple[str, ...]:
    """The words of each condition that a row which counts meets, with how many do."""
    if not plan.measure.flagged:
        return ()
    where = scope(plan, backend, is_open=True)
    [found] = fetch_rows(backend, ("flags", where.key), lambda: _counted(where), where.blanks)
    told = ((words, found[f"flag_{place}"]) for place, (words, _) in enumerate(plan.measure.flagged))
    return tuple(
        composed(
            "%(what)s (%(count)s of them).", what=partial(declared, words), count=partial(units.format_count, count)
        )
        for words, count in told
        if count
    )


def _counted(where: Scope) -> Table:
    table, plan = rows(where), where.plan
    conditions = (condition.test(table, where.at("now")) & (table[CODE] == 0) for _, condition in plan.measure.flagged)
    return table.aggregate(**{f"flag_{place}": one.ifelse(1, 0).sum() for place, one in enumerate(conditions)})
