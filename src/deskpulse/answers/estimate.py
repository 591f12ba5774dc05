"""From sums to values with intervals, with a row for every bucket of the period, also where nothing happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from deskpulse import units
from deskpulse.answers.buckets import Bucket, buckets, days, fewest, is_covered
from deskpulse.answers.group import Group, Groups, Key
from deskpulse.answers.local import WEEKDAYS
from deskpulse.answers.plan import Plan
from deskpulse.answers.profile import profile
from deskpulse.errors import QuestionError
from deskpulse.metrics.interval import NOTHING, Estimate
from deskpulse.metrics.measure import Census, Composition, Count

MOST_ROWS = 1_000_000
Dimensions = tuple[str | None, ...]


def estimated(plan: Plan, backend: Any, groups: Groups, seen: Iterable[Dimensions]) -> dict[Key, Group]:
    """Every bucket of every ``seen`` set of dimension values, in order, estimated; null where there is nothing."""
    first = profile(backend, plan.fact, plan.moment).first
    named = sorted(set(seen), key=_order)
    _refuse_too_many(plan, fewest(plan, first) * len(named))
    asked = buckets(plan, first)
    _refuse_too_many(plan, len(asked) * len(named))
    found: dict[Key, Group] = {}
    for bucket in asked:
        for dimensions in named:
            key = (bucket.start, dimensions)
            group = groups.get(key, Group())
            found[key] = _given(plan, replace(group, estimate=_estimate(plan, bucket, dimensions, group, first)))
    return found


def _refuse_too_many(plan: Plan, rows: int) -> None:
    if rows > MOST_ROWS:
        raise QuestionError(
            "That would be %(rows)s rows. Ask for a shorter period, a longer grain than '%(grain)s', or "
            "fewer dimensions.",
            rows=units.format_count(rows),
            grain=plan.question.grain,
        )


def _given(plan: Plan, group: Group) -> Group:
    """The group as it may be shown: without its value where the formula withholds it, its rows left out for that."""
    reason = plan.measure.withheld(group.sums) if group.sums and group.estimate.n else None
    if reason is None:
        return group
    return replace(group, estimate=NOTHING, left_out={**group.left_out, reason: group.estimate.n})


def dimensions_seen(plan: Plan, groups: Groups) -> list[Dimensions]:
    """The sets of dimension values that occur; without dimensions the one empty set."""
    return [dimensions for _, dimensions in groups] if plan.question.by else [()]


def _order(dimensions: Dimensions) -> list[tuple[bool, int, str]]:
    return [(value is None, _weekday(value), value or "") for value in dimensions]


def _weekday(value: str | None) -> int:
    return WEEKDAYS.index(value) if value in WEEKDAYS else 0


def _estimate(plan: Plan, bucket: Bucket, dimensions: Dimensions, group: Group, first: Any) -> Estimate:
    measure = plan.measure
    if isinstance(measure, Census) and not group.sums:
        return (
            measure.estimate({"n": 0}, plan.statistic) if is_covered(bucket, first) and not measure.is_age else NOTHING
        )
    if isinstance(measure, Count) and not isinstance(measure, Composition):
        weekday = dict(zip(plan.question.by, dimensions, strict=True)).get("weekday")
        sums = {"n": 0.0, "squares": 0.0, **group.sums, "days": days(bucket, plan, first, weekday)}
        return measure.estimate(sums, plan.statistic)
    return measure.estimate(group.sums, plan.statistic) if group.sums else NOTHING
