"""What a connection's tables hold: since when, which values, and for what reasons rows are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from deskpulse.answers.local import WEEKDAYS
from deskpulse.answers.plan import COMPUTED, Plan
from deskpulse.errors import UnknownNameError, WorkspaceError
from deskpulse.metrics.fact import Fact, Moment, Table
from deskpulse.store.compiled import fetch, remembered

NONE = "none"
OF_PEOPLE = ("agent", "team", "partner", "account")
COMPUTED_VALUES = {"weekday": WEEKDAYS, "hour": tuple(f"{hour:02d}" for hour in range(24))}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """``first``: the earliest of a moment (null without rows); ``left_out``: the reasons in the fact's own column."""

    first: datetime | None
    left_out: tuple[str, ...]


def fact_table(backend: Any, fact: Fact) -> Table:
    """The published table of a fact; raises WorkspaceError where it is missing."""
    return remembered(backend, ("table", fact.name), lambda: _fact_table(backend, fact))


def _fact_table(backend: Any, fact: Fact) -> Table:
    from ibis.common.exceptions import TableNotFound

    try:
        return backend.table(f"fact_{fact.name}")
    except TableNotFound:
        raise WorkspaceError(
            f"The snapshot has no table 'fact_{fact.name}'. Type `deskpulse rebuild --full` to build it."
        ) from None


def profile_together(plans: Iterable[Plan], backend: Any) -> None:
    """Looks up what ``profile`` will be asked for these plans, each fact read once."""
    wanted: dict[Fact, dict[str, Moment]] = defaultdict(dict)
    for part in (part for plan in plans for part in plan.parts):
        wanted[part.fact][part.moment.name] = part.moment
    for fact, moments in wanted.items():
        found = remembered(backend, ("profiles", fact.name, *moments), partial(_profiles, backend, fact, list(moments)))
        for name, one in found.items():
            remembered(backend, ("profile", fact.name, name), partial(_itself, one))


def _itself(found: Profile) -> Profile:
    return found


def profile(backend: Any, fact: Fact, moment: Moment) -> Profile:
    """The profile of a fact by one of its moments."""
    key = ("profile", fact.name, moment.name)
    return remembered(backend, key, lambda: _profiles(backend, fact, (moment.name,))[moment.name])


def _profiles(backend: Any, fact: Fact, moments: Collection[str]) -> Mapping[str, Profile]:
    def build() -> Table:
        table = fact_table(backend, fact)
        return table.group_by("left_out").aggregate(**{name: table[name].min() for name in moments})

    rows = fetch(backend, ("profile", fact.name, *moments), build).to_pylist()
    reasons = tuple(sorted(row["left_out"] for row in rows if row["left_out"] is not None))
    firsts = {name: [row[name] for row in rows if row[name] is not None] for name in moments}
    return {name: Profile(first=min(found, default=None), left_out=reasons) for name, found in firsts.items()}


def check_values(plan: Plan, backend: Any) -> None:
    """Raises UnknownNameError for a filter on a value that nothing has; ``none`` asks for rows without a value."""
    for condition in plan.question.where:
        if plan.question.rules and condition.dimension in OF_PEOPLE:
            continue  # an error would tell that there is nobody of that name, and none that there is somebody
        known = {value for part in plan.parts for value in _values(part, backend, condition.dimension)}
        for value in condition.values:
            if value not in known and value != NONE:
                # Who is bound by rules is not told which other values there are.
                raise UnknownNameError(condition.dimension, value, () if plan.question.rules else known)


def _values(plan: Plan, backend: Any, dimension: str) -> tuple[str, ...]:
    if dimension in COMPUTED:
        return COMPUTED_VALUES[dimension]
    column = plan.fact.dimension_column(dimension, plan.moment)
    key = ("values", plan.fact.name, column)
    return remembered(backend, key, lambda: _distinct(backend, plan.fact, column))


def _distinct(backend: Any, fact: Fact, column: str) -> tuple[str, ...]:
    def build() -> Table:
        table = fact_table(backend, fact)
        return table.filter(table[column].notnull()).select(column).distinct()

    rows = fetch(backend, ("values", fact.name, column), build)
    return tuple(sorted(rows[column].to_pylist()))
