"""A value, the period before and the trend from one look at the rows, where sums of buckets are the sums of the whole.

That holds for shares, nets and counts, whose sums add up, and for what stands at an instant, which is what stands at
the end of the last bucket. Medians and means per agent do not add up and are asked for themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deskpulse.answers.aggregate import aggregate
from deskpulse.answers.buckets import buckets
from deskpulse.answers.compare import earlier_plan
from deskpulse.answers.group import Group, Groups
from deskpulse.answers.plan import Plan
from deskpulse.answers.profile import profile
from deskpulse.metrics.measure import Census, Count, Measure, NetShare, Share
from deskpulse.time.bucket import bucket_start

ADDITIVE = (Share, NetShare, Count)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """The sums of each bucket, of the whole period, and of the period before where they were found as well."""

    trend: Groups
    whole: Groups
    earlier: Groups | None = None


def looked_up(value: Plan, trend: Plan, backend: Any) -> Looked | None:
    """The sums behind a value and its trend (the same with a grain); null where they do not add up."""
    if not _adds_up(value.measure) or trend.question.grain == "hour":
        return None
    before = _before(value, trend)
    if before is None or before.start is None:
        found = aggregate(trend, backend)
        return Looked(trend=found, whole=_whole(trend, found, backend))
    longer = trend.over(before.start, value.until)
    found = aggregate(longer, backend)
    now = {key: group for key, group in found.items() if key[0] and value.start and key[0] >= value.start}
    then = {key: group for key, group in found.items() if key not in now}
    earlier = trend.over(before.start, before.until)
    return Looked(trend=now, whole=_whole(trend, now, backend), earlier=_whole(earlier, then, backend))


def _adds_up(measure: Measure) -> bool:
    """By the very type: a kind that is made of one of these may have sums that do not add up."""
    return (type(measure) in ADDITIVE and measure.least is None) or (type(measure) is Census and not measure.is_age)


def _before(value: Plan, trend: Plan) -> Plan | None:
    """The period before, where it ends as this one begins, at the start of a bucket, and this one is over."""
    grain, zone = trend.question.grain, trend.question.zone
    if value.question.compare != "previous" or value.start is None or value.end is None or grain is None:
        return None
    earlier = earlier_plan(value, "previous")
    starts = (value.start, earlier.start)
    aligned = all(start and bucket_start(grain, start, zone) == start for start in starts)
    return earlier if aligned and earlier.end == value.start else None


def _whole(trend: Plan, found: Groups, backend: Any) -> Groups:
    if isinstance(trend.measure, Census):
        last = buckets(trend, profile(backend, trend.fact, trend.moment).first)[-1].start
        return {(None, dimensions): group for (start, dimensions), group in found.items() if start == last}
    parts: dict[tuple[str | None, ...], list[Group]] = {}
    for (_, dimensions), group in found.items():
        parts.setdefault(dimensions, []).append(group)
    return {(None, dimensions): _sum(groups) for dimensions, groups in parts.items()}


def _sum(groups: Iterable[Group]) -> Group:
    sums: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for group in groups:
        _add(sums, group.sums)
        _add(left_out, group.left_out)
    return Group(sums=dict(sums), left_out=dict(left_out))


def _add(total: Counter[str], more: Mapping[str, Any]) -> None:
    for name, number in more.items():
        total[name] += number
