"""The same question about an earlier period, row beside row, and whether each change is more than noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deskpulse.answers.aggregate import aggregate
from deskpulse.answers.estimate import Dimensions, dimensions_seen, estimated
from deskpulse.answers.group import Group, Groups, Key
from deskpulse.answers.plan import Plan
from deskpulse.answers.question import Comparison
from deskpulse.metrics.difference import difference, discoveries
from deskpulse.metrics.interval import NOTHING, Estimate
from deskpulse.time.period import Period, last_year, previous
from deskpulse.time.zone import utc

EARLIER = {"previous": previous, "last_year": last_year}


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """The earlier estimate of each row, and whether the change is distinguishable from noise."""

    earlier: Mapping[Key, Estimate]
    is_distinguishable: Mapping[Key, bool | None]


def earlier_plan(plan: Plan, comparison: Comparison) -> Plan:
    """The plan for the earlier period; while this one is running, for as much of that one. Raises QuestionError."""
    asked = plan.question
    end = utc(asked.end) if asked.end else plan.now
    earlier = EARLIER[comparison](Period(start=plan.start, end=end), asked.zone)
    assert earlier.start is not None and earlier.end is not None and plan.start is not None
    passed = earlier.start + max(plan.until - plan.start, timedelta(seconds=1))
    return plan.over(earlier.start, min(earlier.end, passed) if plan.end is None else earlier.end)


def compared(now: Groups, earlier: Groups) -> Comparing:
    """Rows are matched by their dimensions and by the place of their bucket in the period.

    Several rows are several tests: then at most 5 % of those called distinguishable may be noise.
    """
    then = _by_place(earlier)
    matched = {key: then.get(place, NOTHING) for place, key in _places(now).items()}
    changes = (difference(now[key].estimate, estimate) for key, estimate in matched.items())
    verdicts = discoveries([change.p if change else None for change in changes])
    return Comparing(earlier=matched, is_distinguishable=dict(zip(matched, verdicts, strict=True)))


def _by_place(groups: Groups) -> dict[tuple[int, Dimensions], Estimate]:
    return {place: groups[key].estimate for place, key in _places(groups).items()}


def _places(groups: Groups) -> dict[tuple[int, Dimensions], Key]:
    starts = {start: place for place, start in enumerate(dict.fromkeys(start for start, _ in groups))}
    return {(starts[start], dimensions): (start, dimensions) for start, dimensions in groups}


def both(
    plan: Plan, backend: Any, groups: Groups, found: Groups | None = None
) -> tuple[dict[Key, Group], dict[Key, Group]]:
    """This period's rows and the earlier one's (``found`` if it was), each with the dimension values of both."""
    assert plan.question.compare is not None
    before = earlier_plan(plan, plan.question.compare)
    earlier = aggregate(before, backend) if found is None else found
    seen = dimensions_seen(plan, groups) + dimensions_seen(plan, earlier)
    return estimated(plan, backend, groups, seen), estimated(before, backend, earlier, seen)
