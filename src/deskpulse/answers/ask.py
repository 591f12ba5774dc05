"""From a question to its answer, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from deskpulse.answers.aggregate import aggregate, aggregate_both
from deskpulse.answers.answer import Answer, Row
from deskpulse.answers.compare import Comparing, both, compared, earlier_plan
from deskpulse.answers.counts import refuse_counts
from deskpulse.answers.estimate import dimensions_seen, estimated
from deskpulse.answers.flags import flags
from deskpulse.answers.group import Group, Groups, Key
from deskpulse.answers.plan import Plan, plan
from deskpulse.answers.profile import check_values, profile
from deskpulse.answers.question import Question
from deskpulse.answers.ranking import best_first
from deskpulse.language import composed, template
from deskpulse.metrics.interval import NOTHING
from deskpulse.metrics.measure import Census, Ranking
from deskpulse.time.zone import to_local


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """A question on its way to its answer. ``added`` and ``earlier``: sums found with another question, if any."""

    plan: Plan
    backend: Any
    added: Groups | None = None
    earlier: Groups | None = None
    groups: Groups = field(default_factory=dict)
    comparing: Comparing | None = None
    notes: tuple[str, ...] = ()


def look_up(inquiry: Inquiry) -> Inquiry:
    """Refuses values that nothing has."""
    check_values(inquiry.plan, inquiry.backend)
    return inquiry


def add_up(inquiry: Inquiry) -> Inquiry:
    """Lets the engine add up, the earlier period as well where it is compared with."""
    asked, compare = inquiry.plan, inquiry.plan.question.compare
    if inquiry.added is None and compare:
        groups, earlier = aggregate_both(asked, earlier_plan(asked, compare), inquiry.backend)
        return replace(inquiry, groups=groups, earlier=earlier)
    return replace(inquiry, groups=aggregate(asked, inquiry.backend) if inquiry.added is None else inquiry.added)


def refuse(inquiry: Inquiry) -> Inquiry:
    """Refuses what counts do not tell, where there is nothing else."""
    refuse_counts(inquiry.plan, inquiry.groups)
    return inquiry


def estimate(inquiry: Inquiry) -> Inquiry:
    """Turns sums into values with intervals, beside those of the earlier period where one is asked for."""
    asked, groups = inquiry.plan, inquiry.groups
    if asked.question.compare is None:
        return replace(inquiry, groups=estimated(asked, inquiry.backend, groups, dimensions_seen(asked, groups)))
    now, earlier = both(asked, inquiry.backend, groups, inquiry.earlier)
    return replace(inquiry, groups=now, comparing=compared(now, earlier))


def put_in_order(inquiry: Inquiry) -> Inquiry:
    """Puts the best of a leaderboard first."""
    if not isinstance(inquiry.plan.measure, Ranking):
        return inquiry
    return replace(inquiry, groups=best_first(inquiry.plan.question.by, inquiry.groups))


def annotate(inquiry: Inquiry) -> Inquiry:
    """Says what must be known to read the numbers."""
    asked = inquiry.plan
    own = (note for variant, note in (asked.kpi.notes or {}).items() if variant == asked.variant)
    told = (*own, *_cautions(inquiry), *flags(asked, inquiry.backend), *_remarks(inquiry))
    return replace(inquiry, notes=told)


def _cautions(inquiry: Inquiry) -> Iterator[str]:
    asked = inquiry.plan
    if all(isinstance(part.measure, Census) for part in asked.parts):
        yield composed("Everything that stood at the instant is counted; nothing is sampled, so there is no interval.")
    if isinstance(asked.measure, Ranking):
        yield composed("Read the ranges, not the order of the lines: units whose ranges overlap are not told apart.")
    first = profile(inquiry.backend, asked.fact, asked.moment).first
    if asked.question.compare and first:
        start = earlier_plan(asked, asked.question.compare).start
        if start and start < first:
            began = partial(_day, first)
            yield composed("History begins on %(day)s: the earlier period is not fully covered.", day=began)


def _day(day: datetime) -> str:
    return day.strftime(template("%Y-%m-%d"))


def _remarks(inquiry: Inquiry) -> tuple[str, ...]:
    """What the formula says of its sums, where it says the same of every row, or why there is nothing."""
    counted = [group.sums for group in inquiry.groups.values() if group.estimate.n]
    if not counted:
        asked = inquiry.plan
        excuse = asked.measure.excuse(profile(inquiry.backend, asked.fact, asked.moment).left_out)
        return (excuse,) if excuse else ()
    said = {inquiry.plan.measure.remark(sums) for sums in counted}
    return tuple(remark for remark in said if remark) if len(said) == 1 else ()


STEPS: tuple[Callable[[Inquiry], Inquiry], ...] = (look_up, add_up, refuse, estimate, put_in_order, annotate)


def ask(question: Question, *, backend: Any, as_of: datetime) -> Answer:
    """The answer to a question from the snapshot ``backend`` is connected to, whose data are as of ``as_of`` (UTC).

    Raises UnknownNameError for a name or value there is none of, QuestionError for what cannot be answered as asked.
    """
    return answered(Inquiry(plan=plan(question), backend=backend), as_of)


def answered(inquiry: Inquiry, as_of: datetime) -> Answer:
    """The answer to an inquiry that has begun."""
    for step in STEPS:
        inquiry = step(inquiry)
    return _answer(inquiry, as_of)


def _answer(inquiry: Inquiry, as_of: datetime) -> Answer:
    found = inquiry.plan
    return Answer(
        question=found.question,
        kpi=found.question.kpi,
        variant=found.variant,
        statistic=found.statistic,
        clock=found.clock,
        unit=found.measure.unit,
        dated_by=found.moment.name,
        definition=found.definition,
        as_of=as_of,
        rows=tuple(_row(inquiry, key, group) for key, group in inquiry.groups.items()),
        notes=inquiry.notes,
    )


def _row(inquiry: Inquiry, key: Key, group: Group) -> Row:
    start, dimensions = key
    question, comparing = inquiry.plan.question, inquiry.comparing
    return Row(
        value=group.estimate.value,
        low=group.estimate.low,
        high=group.estimate.high,
        n=group.estimate.n,
        period_start=to_local(start, question.zone) if start else None,
        dimensions=dict(zip(question.by, dimensions, strict=True)),
        left_out=dict(sorted(group.left_out.items())),  # engines group in any order
        previous=comparing.earlier.get(key, NOTHING).value if comparing else None,
        is_distinguishable=comparing.is_distinguishable.get(key) if comparing else None,
    )
