"""A question with every name looked up and every default chosen: what is to be worked out."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import get_args

from deskpulse import catalog
from deskpulse.answers.question import GRAINS, Comparison, Question
from deskpulse.errors import AccessError, QuestionError, UnknownNameError
from deskpulse.language import composed, named
from deskpulse.metrics.fact import Clock, Fact, Moment
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Census, Measure, Quotient, Ranking, Statistic
from deskpulse.metrics.ranking import UNITS, of_units
from deskpulse.time.zone import utc, zone_info

COMPUTED = ("weekday", "hour")
EARLIEST = datetime(1900, 1, 1)
"""What is dated before it was misread, and is in no event (``connectors.instants``)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What is to be worked out. Rows count from ``start`` (null: from the first) to before ``end``.

    ``end`` null means up to now, that instant included.
    """

    question: Question
    kpi: KPI
    variant: str
    measure: Measure
    statistic: Statistic
    clock: Clock
    moment: Moment
    now: datetime
    start: datetime | None
    end: datetime | None

    @property
    def fact(self) -> Fact:
        """The fact the formula reads."""
        return self.measure.fact

    @property
    def key(self) -> Hashable:
        """Equal for plans that compile to the same expression."""
        return (self.question, self.variant, self.measure, self.moment, self.start, self.end)

    @property
    def until(self) -> datetime:
        """The instant the period ends at."""
        return self.end or self.now

    @property
    def definition(self) -> str:
        """The KPI, the variant and the version of its formula."""
        return f"{self.question.kpi}:{self.variant}@{self.kpi.definition_version(self.variant)}"

    def over(self, start: datetime, end: datetime) -> Plan:
        """The same for another period."""
        return replace(self, start=start, end=end)

    @property
    def parts(self) -> tuple[Plan, ...]:
        """What is worked out apart: the two sides of a quotient, each by its own moment, else the plan itself."""
        if not isinstance(self.measure, Quotient):
            return (self,)
        return tuple(_part(self, side) for side in self.measure.operands)


def _part(whole: Plan, side: Measure) -> Plan:
    return replace(whole, measure=side, moment=side.dated_by, statistic=side.statistics[0])


def plan(question: Question) -> Plan:
    """Looks up the names of a question; raises UnknownNameError or QuestionError with what to type."""
    kpi = catalog.kpi(question.kpi)
    variant = question.variant or kpi.default
    measure = kpi.variant(variant)
    now = utc(question.now)
    start, end = _period(question, now)
    moment = _moment(question, measure)
    if isinstance(measure, Ranking):
        question = _with_units(question)
        measure = of_units(measure, measure.fact.dimension_column(_units(question), moment))
    found = Plan(
        question=question,
        kpi=kpi,
        variant=variant,
        measure=measure,
        statistic=_statistic(question, measure),
        clock=_clock(question, measure),
        moment=moment,
        now=now,
        start=start,
        end=end,
    )
    _check_words(question)
    for part in found.parts:
        _check_dimensions(question, part)
    return found


def _period(question: Question, now: datetime) -> tuple[datetime | None, datetime | None]:
    start, end = (utc(instant) if instant else None for instant in (question.start, question.end))
    if start and end and end <= start:
        raise QuestionError(
            "The period is empty: it ends at %(end)s and starts at %(start)s (UTC). Give an end that is "
            "later than the start.",
            end=f"{end:%Y-%m-%d %H:%M}",
            start=f"{start:%Y-%m-%d %H:%M}",
        )
    if start and start < EARLIEST:
        raise QuestionError(
            "The period starts before %(earliest)s, and nothing is older: ask for a later start.",
            earliest=f"{EARLIEST:%Y}",
        )
    if start and start > now:
        raise QuestionError(
            "The period starts at %(start)s (UTC), after the last thing known (%(now)s). Ask for a period"
            " that has begun, like last-30-days.",
            start=f"{start:%Y-%m-%d %H:%M}",
            now=f"{now:%Y-%m-%d %H:%M}",
        )
    return start, (end if end and end <= now else None)


def _statistic(question: Question, measure: Measure) -> Statistic:
    for statistic in measure.statistics:
        if question.statistic in (None, statistic):
            return statistic
    raise QuestionError(
        "'%(kpi)s' has no statistic '%(statistic)s'. Ask for one of: %(known)s.",
        kpi=question.kpi,
        statistic=question.statistic,
        known=", ".join(measure.statistics),
    )


def _clock(question: Question, measure: Measure) -> Clock:
    for clock in measure.clocks:
        if question.clock in (None, clock):
            return clock
    raise QuestionError(
        "'%(kpi)s' cannot be read on the clock '%(clock)s'. Ask for: %(known)s.",
        kpi=question.kpi,
        clock=question.clock,
        known=" or ".join(measure.clocks),
    )


def _moment(question: Question, measure: Measure) -> Moment:
    own = measure.dated_by
    wanted = question.dated_by
    if wanted is None or wanted in (own.name, own.name.removesuffix("_at")):
        return own
    if isinstance(measure, Census | Quotient):
        raise QuestionError(
            "'%(kpi)s' is dated by %(moment)s and by nothing else: leave dated_by out.",
            kpi=question.kpi,
            moment=own.name,
        )
    moments = measure.fact.moments
    found = moments.get(wanted) or moments.get(f"{wanted}_at")
    if found is None:
        raise UnknownNameError(f"moment of the fact '{measure.fact.name}'", wanted, moments)
    return found


def _with_units(question: Question) -> Question:
    """A leaderboard is by agent unless it was asked for by something else that can be ranked."""
    return question if set(question.by) & set(UNITS) else replace(question, by=(*question.by, UNITS[0]))


def _units(question: Question) -> str:
    return next(name for name in UNITS if name in question.by)


def _check_words(question: Question) -> None:
    zone_info(question.zone)
    if question.grain is not None and question.grain not in GRAINS:
        raise UnknownNameError("grain", question.grain, GRAINS)
    if question.compare is not None and question.compare not in get_args(Comparison):
        raise UnknownNameError("comparison", question.compare, get_args(Comparison))
    if len(set(question.by)) < len(question.by):
        raise QuestionError(
            "A dimension is asked for twice in %(dimensions)s: name each once.", dimensions=", ".join(question.by)
        )


def _check_dimensions(question: Question, part: Plan) -> None:
    # What stands at an instant has no weekday of its own: ask for it by day.
    computed = () if isinstance(part.measure, Census) else COMPUTED
    known = (*part.fact.dimension_names(part.moment), *computed)
    for name in (*question.by, *(condition.dimension for condition in question.where)):
        if name not in known:
            raise UnknownNameError(composed("dimension of '%(kpi)s'", kpi=question.kpi), name, known)
    for rule in question.rules:
        if rule.dimension not in known:
            raise AccessError(
                "'%(kpi)s' is not known by %(dimension)s, and you may see your own only.",
                kpi=question.kpi,
                dimension=partial(named, rule.dimension),
            )
