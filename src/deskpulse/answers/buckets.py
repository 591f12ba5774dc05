"""The buckets of a period in order, and the days each of them has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deskpulse.answers.local import WEEKDAYS
from deskpulse.answers.plan import Plan
from deskpulse.time.bucket import bucket_starts, next_bucket
from deskpulse.time.zone import to_local

TICK, HOUR = timedelta(microseconds=1), timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A stretch of the period. ``start`` names it (null: the whole period); its rows lie in [``begin``, ``end``).

    A bucket that is still running ends at now, and takes what happens at that very instant.
    """

    start: datetime | None
    begin: datetime
    end: datetime
    is_running: bool


def buckets(plan: Plan, first: datetime | None) -> tuple[Bucket, ...]:
    """The buckets of the period; ``first`` is where all of history begins. Without a grain there is one."""
    begin, until = _bounds(plan, first)
    if plan.question.grain is None:
        return (Bucket(start=None, begin=begin, end=plan.until, is_running=plan.end is None),)
    grain, zone = plan.question.grain, plan.question.zone
    found = []
    starts = bucket_starts(grain, begin, until, zone)
    ends = (*starts[1:], *(next_bucket(grain, start, zone) for start in starts[-1:]))
    for start, after in zip(starts, ends, strict=True):
        is_running = plan.end is None and after > plan.now
        end = plan.now if is_running else min(after, until)
        found.append(Bucket(start=start, begin=max(start, begin), end=end, is_running=is_running))
    return tuple(found)


def fewest(plan: Plan, first: datetime | None) -> int:
    """How many buckets there are at least: too many hours are refused without making them."""
    begin, until = _bounds(plan, first)
    return (until - begin) // HOUR if plan.question.grain == "hour" else 1


def _bounds(plan: Plan, first: datetime | None) -> tuple[datetime, datetime]:
    return plan.start or first or plan.until, plan.end or plan.now + TICK


def is_covered(bucket: Bucket, first: datetime | None) -> bool:
    """History had begun before the bucket ended, so that nothing found means nothing happened."""
    return first is not None and (first < bucket.end or (bucket.is_running and first == bucket.end))


def days(bucket: Bucket, plan: Plan, first: datetime | None, weekday: str | None) -> int:
    """How many of the zone's days the bucket has since history began; only those of ``weekday`` where it is given."""
    if first is None or not is_covered(bucket, first):
        return 0
    begin = to_local(max(bucket.begin, first), plan.question.zone).date()
    last = to_local(bucket.end if bucket.is_running else bucket.end - TICK, plan.question.zone).date()
    kept = _weekdays(plan, weekday)
    return sum(1 for day in _dates(begin, last) if day.weekday() in kept)


def _weekdays(plan: Plan, weekday: str | None) -> set[int]:
    kept = set(range(7)) if weekday is None else {WEEKDAYS.index(weekday)}
    for condition in plan.question.where:
        if condition.dimension == "weekday":
            named = {WEEKDAYS.index(value) for value in condition.values if value in WEEKDAYS}
            kept = kept - named if condition.negated else kept & named
    return kept


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=passed) for passed in range((last - first).days + 1))
