"""The rows a question is about: filtered, bucketed, and each either counted with its value or left out with a reason.

Values and evidence both come from here, so that a number and its proof cannot disagree.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any, Literal

import ibis

from deskpulse.answers.local import WEEKDAYS, bucket, local_time
from deskpulse.answers.plan import COMPUTED, Plan
from deskpulse.answers.profile import NONE, fact_table, profile
from deskpulse.answers.question import Filter
from deskpulse.metrics.fact import Condition, Moment, Table, Value
from deskpulse.metrics.formula import ONLY_COUNTS
from deskpulse.metrics.measure import Census
from deskpulse.store.blanks import Blanks, blank
from deskpulse.store.compiled import keeps_texts
from deskpulse.store.narrowed import Reach
from deskpulse.time.zone import OffsetPieces, offset_pieces

BUCKET, CODE, DAY, CLUSTER, SINCE = "bucket", "code", "day", "cluster", "since"
Bound = Literal["start", "end", "now", "begin", "until", "turn"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scope:
    """A plan on a connection. ``first``: the fact's earliest moment; ``own_reasons``: its values of ``left_out``.

    ``reasons`` are all for which a row may be left out; a row's ``code`` is 0 or the place (from 1) of its reason.
    ``is_open``: expressions leave instants and the values of filters blank, to be filled in with ``blanks``.
    ``turn`` parts the period in two that are added up apart: rows ``since`` then, and those before.
    """

    plan: Plan
    backend: Any
    pieces: OffsetPieces
    first: datetime | None
    own_reasons: tuple[str, ...]
    reasons: tuple[str, ...]
    is_open: bool = False
    turn: datetime | None = None

    @property
    def key(self) -> Hashable:
        """Equal for scopes that compile to the same text."""
        plan = self.plan
        if not self.is_open:
            return (plan.key, plan.statistic, plan.clock, self.turn)
        filters = tuple(
            (one.dimension, one.negated, tuple(value if _is_fixed(one, value) else None for value in one.values))
            for one in self.filters
        )
        asked = (plan.question.by, plan.question.grain, plan.start is None, plan.end is None, self.turn is None)
        formula = (plan.measure, plan.moment, plan.statistic, plan.clock)
        return (asked, filters, formula, self.pieces, self.own_reasons)

    @cached_property
    def blanks(self) -> Blanks | None:
        """What belongs where expressions leave blanks; null where they leave none."""
        return Blanks(values={**self._bounds, **dict(self._texts())}, reach=self._reach) if self.is_open else None

    @property
    def _reach(self) -> Reach | None:
        """What stands at an instant may have begun and may end at any other."""
        if isinstance(self.plan.measure, Census):
            return None
        table, column = f"fact_{self.plan.fact.name}", self.plan.moment.name
        return Reach(table=table, column=column, start=self.plan.start, end=self.plan.until)

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Every condition a row must pass."""
        return (*self.plan.question.where, *self.plan.question.rules)

    @property
    def begin(self) -> datetime:
        """Where the first bucket begins."""
        return self.plan.start or self.first or self.plan.until

    @cached_property
    def _bounds(self) -> Mapping[str, datetime]:
        plan = self.plan
        bounds = {"start": plan.start, "end": plan.end, "now": plan.now, "begin": self.begin}
        bounds |= {"until": plan.until, "turn": self.turn}
        return {name: at for name, at in bounds.items() if at is not None}

    def _texts(self) -> Iterator[tuple[str, str]]:
        for place, condition in enumerate(self.filters):
            for number, value in enumerate(condition.values):
                if not _is_fixed(condition, value):
                    yield f"filter {place} {number}", value

    def at(self, bound: Bound) -> Value:
        """One of the period's instants, or its blank; ``begin`` is where its first bucket begins."""
        return blank(bound, "timestamp(6)") if self.is_open else self._bounds[bound]

    def text(self, place: int, number: int) -> Value:
        """A value of the filter at a place, or its blank."""
        return blank(f"filter {place} {number}", "string") if self.is_open else self.filters[place].values[number]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns groups are made by."""
        buckets = (BUCKET,) if self.plan.question.grain else ()
        halves = (SINCE,) if self.turn else ()
        return (*halves, *buckets, *self.dimensions)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The key column of each dimension asked for."""
        return tuple(f"by_{position}" for position in range(len(self.plan.question.by)))


def scope(plan: Plan, backend: Any, *, is_open: bool = False, turn: datetime | None = None) -> Scope:
    """Joins a plan with what its connection holds; ``is_open`` where the engine's text is kept with blanks."""
    known = profile(backend, plan.fact, plan.moment)
    start = min(plan.start or known.first or plan.until, plan.until)
    return Scope(
        plan=plan,
        backend=backend,
        pieces=offset_pieces(plan.question.zone, start, plan.until),
        first=known.first,
        own_reasons=known.left_out,
        reasons=_reasons(plan, known.left_out),
        is_open=is_open and keeps_texts(backend),
        turn=turn,
    )


def _is_fixed(condition: Filter, value: str) -> bool:
    """What a filter asks for is part of the expression: no value at all, or what is computed from the wall clock."""
    return value == NONE or condition.dimension in COMPUTED


def _named(plan: Plan) -> tuple[tuple[str, Condition], ...]:
    """The reasons that have a condition: counts that do not tell enough, and those of the formula."""
    counts = plan.measure.only_counts(plan.statistic)
    return (*(((ONLY_COUNTS, counts),) if counts else ()), *plan.measure.left_out)


def _reasons(plan: Plan, own: tuple[str, ...]) -> tuple[str, ...]:
    named = (reason for reason, _ in (*_named(plan), *plan.measure.gaps(plan.clock)))
    return tuple(dict.fromkeys((*own, *named)))


def rows(scope: Scope) -> Table:
    """The rows of the period with their keys, code, and parts of the formula."""
    plan = scope.plan
    # An expression of all ninety columns takes three times as long to compile.
    table = in_period(eligible(scope), plan.moment, scope).select(*columns_read(plan))
    code = row_code(scope, table)
    instant = table[plan.moment.name]
    keyed = {**_half(scope, instant), **bucket_column(scope, instant), **key_columns(scope, table, plan.moment)}
    coded = table.mutate(**{CODE: code}, **keyed, **_level(scope, table))
    parts = plan.measure.row_parts(coded, scope.at("now"), plan.clock)
    return coded.mutate(**{name: counted(coded, part) for name, part in parts.items()})


def columns_read(plan: Plan) -> list[str]:
    """The fact's columns that the plan reads, those of its population, its reasons, its dimensions and its evidence."""
    measure, fact = plan.measure, plan.fact
    conditions = [condition for _, condition in (*_named(plan), *measure.flagged)]
    dimensions = [fact.dimension_column(name, plan.moment) for name in plan.question.by if name not in COMPUTED]
    others = [column.name for column in (fact.times, measure.unit_of, measure.least and measure.least.of) if column]
    read = {
        *(fact.key, "ticket", "left_out", plan.moment.name, *measure.columns, *dimensions, *others),
        *(name for condition in conditions for name in condition.columns),
        *(column for _, column in measure.gaps(plan.clock)),
        *(fact.counted.columns if fact.counted else ()),
    }
    return [name for name in fact.columns if name in read]


def counted(coded: Table, part: Value) -> Value:
    """A row's part of the formula as a float, null where the row is left out."""
    number = part.cast("float64") if isinstance(part, ibis.Value) else ibis.literal(float(part), "float64")
    return (coded[CODE] == 0).ifelse(number, ibis.null("float64"))


def eligible(scope: Scope, among: Table | None = None) -> Table:
    """The fact's rows that pass the filters and are in the population, or left out of it for a named reason.

    ``among`` some of them; null: all.
    """
    plan = scope.plan
    table = fact_table(scope.backend, plan.fact) if among is None else among
    for place in range(len(scope.filters)):
        table = table.filter(_passes(scope, table, place))
    population = plan.measure.population(table, scope.at("now"))
    if population is None:
        return table
    named = [condition.test(table, scope.at("now")) for _, condition in _named(plan)]
    return table.filter(reduce(or_, named, population))


def _passes(scope: Scope, table: Table, place: int) -> Value:
    condition = scope.filters[place]
    value = dimension(scope, table, condition.dimension, scope.plan.moment)
    names = [_listed(scope, place, number) for number, name in enumerate(condition.values) if name != NONE]
    among = value.isin(names).fill_null(False)
    if NONE in condition.values:
        among = among | value.isnull()
    return ~among if condition.negated else among


def _listed(scope: Scope, place: int, number: int) -> Value:
    condition = scope.filters[place]
    if condition.dimension == "weekday":
        return WEEKDAYS.index(condition.values[number])
    return int(condition.values[number]) if condition.dimension == "hour" else scope.text(place, number)


def in_period(table: Table, moment: Moment, scope: Scope) -> Table:
    """The rows whose moment lies in the period."""
    instant = table[moment.name]
    if scope.plan.start:
        table = table.filter(instant >= scope.at("start"))
    return table.filter(before_end(instant, scope))


def before_end(instant: Value, scope: Scope) -> Value:
    """The instant comes before the end of the period, or not after now where the period is still running."""
    return instant < scope.at("end") if scope.plan.end else instant <= scope.at("now")


def row_code(scope: Scope, table: Table) -> Value:
    """0 for a row that counts, else the place (from 1) of the reason it is left out for."""
    measure, place = scope.plan.measure, scope.reasons.index
    own = [(reason, table["left_out"] == reason) for reason in scope.own_reasons]
    named = [(reason, condition.test(table, scope.at("now"))) for reason, condition in _named(scope.plan)]
    gaps = [(reason, table[column].isnull()) for reason, column in measure.gaps(scope.plan.clock)]
    cases = [(test, place(reason) + 1) for reason, test in (*own, *named, *gaps)]
    return ibis.cases(*cases, else_=0) if cases else ibis.literal(0, "int64")


def _level(scope: Scope, table: Table) -> dict[str, Value]:
    measure = scope.plan.measure
    if measure.unit_of is not None:
        return {CLUSTER: table[measure.unit_of.name]}
    if measure.within == DAY:
        return {DAY: local_time(table[scope.plan.moment.name], scope.pieces).truncate("D")}
    return {}


def _half(scope: Scope, instant: Value) -> dict[str, Value]:
    return {SINCE: (instant >= scope.at("turn")).ifelse(1, 0)} if scope.turn else {}


def bucket_column(scope: Scope, instant: Value) -> dict[str, Value]:
    """The bucket an instant lies in, where a grain is asked for."""
    grain = scope.plan.question.grain
    return {BUCKET: bucket(instant, grain, scope.pieces)} if grain else {}


def key_columns(scope: Scope, table: Table, moment: Moment) -> dict[str, Value]:
    """The dimensions asked for, as key columns."""
    names = zip(scope.dimensions, scope.plan.question.by, strict=True)
    return {key: dimension(scope, table, name, moment) for key, name in names}


def dimension(scope: Scope, table: Table, name: str, moment: Moment) -> Value:
    """A dimension's column; weekday (0 Monday) and hour are read off the wall clock at the moment."""
    if name == "weekday":
        return local_time(table[moment.name], scope.pieces).day_of_week.index().cast("int64")
    if name == "hour":
        return local_time(table[moment.name], scope.pieces).hour().cast("int64")
    return table[scope.plan.fact.dimension_column(name, moment)]


def label(name: str, key: Any) -> str | None:
    """How a dimension's key is written."""
    if key is None:
        return None
    if name == "weekday":
        return WEEKDAYS[key]
    return f"{key:02d}" if name == "hour" else str(key)


def reason_counts(scope: Scope, table: Table, weight: Value | int = 1) -> Mapping[str, Value]:
    """How many rows are left out for each reason; one that is a count is as many as it counts."""
    times = scope.plan.fact.times
    weight = table[times.name].fill_null(1) if times and times.name in table.columns else weight
    return {f"left_{n}": (table[CODE] == n).ifelse(weight, 0).sum() for n in range(1, len(scope.reasons) + 1)}
