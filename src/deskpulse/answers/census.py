"""What stands at an instant: a row enters when it begins and leaves when it ends, so steps are added up over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

import ibis
from ibis.expr.operations import ScalarParameter

from deskpulse.answers.buckets import Bucket, buckets, is_covered
from deskpulse.answers.group import INSTANT, Group, Groups, Key, grouped
from deskpulse.answers.profile import fact_table
from deskpulse.answers.ranks import ranks_of
from deskpulse.answers.scope import (
    BUCKET,
    CODE,
    Scope,
    before_end,
    bucket_column,
    columns_read,
    counted,
    eligible,
    key_columns,
    reason_counts,
    row_code,
)
from deskpulse.metrics.fact import Table, Value
from deskpulse.metrics.measure import QUANTILES, Census
from deskpulse.store.compiled import fetch, fetch_rows, held
from deskpulse.store.narrowed import Reach
from deskpulse.store.quantile import ranked_values
from deskpulse.time.zone import to_epoch

BEGUN, STEP, AMOUNT = "begun", "step", "amount_step"
AT_ONCE = 40


def standing(scope: Scope) -> Groups:
    """How much stands, or how old it is, at the end of each bucket."""
    if _measure(scope).is_age:
        return _ages(scope)
    endless = _endless(scope)
    key = ("steps", endless is None, scope.key)
    blanks = scope.blanks if endless is None or scope.blanks is None else replace(scope.blanks, reach=_reach(scope))
    found = fetch_rows(scope.backend, key, lambda: _steps(scope, endless), blanks)
    return dict(_accumulated(scope, grouped(scope, found)))


def standing_at(scope: Scope, bucket: Bucket) -> Table:
    """The rows that stand at the end of a bucket, with keys and code; ``value`` is 1, or the age in seconds."""
    measure, table = _measure(scope), _standing(scope, _begun(scope), bucket.end, is_running=bucket.is_running)
    coded = table.mutate(**{CODE: row_code(scope, table)}, **key_columns(scope, table, measure.dated_by))
    if not measure.is_age or measure.age_from is None:
        return coded.mutate(value=counted(coded, coded[measure.over.name] if measure.over else 1))
    return coded.mutate(value=counted(coded, to_epoch(bucket.end) - coded[measure.age_from.name].epoch_seconds()))


def _measure(scope: Scope) -> Census:
    measure = scope.plan.measure
    assert isinstance(measure, Census)
    return measure


def _begun(scope: Scope, among: Table | None = None) -> Table:
    """The eligible rows with the moment from which they count: that they began, or had grown old enough."""
    measure, table = _measure(scope), eligible(scope, among)
    begun = table[measure.dated_by.name]
    if measure.age_from is not None and measure.older_than is not None:
        begun = ibis.greatest(begun, table[measure.age_from.name] + ibis.interval(seconds=measure.older_than))
    table = table.mutate(**{BEGUN: begun})
    ended = table[measure.until.name]
    return table.filter(ended.isnull() | (ended > table[BEGUN]))


def _endless(scope: Scope) -> Table | None:
    """The rows that have not ended, held in memory: each question needs them, and they lie all over history.

    Null by dimensions, where all of history is read anyway, and without a grain.
    """
    if not scope.is_open or scope.dimensions or scope.plan.question.grain is None:
        return None
    filtered = (scope.plan.fact.dimension_column(one.dimension, scope.plan.moment) for one in scope.filters)
    names = tuple(dict.fromkeys((*columns_read(scope.plan), *filtered)))
    return held(scope.backend, (scope.plan.measure, names), lambda: _unended(scope, names))


def _unended(scope: Scope, names: tuple[str, ...]) -> Table:
    measure, table = _measure(scope), fact_table(scope.backend, scope.plan.fact)
    unended = table.filter(table[measure.until.name].isnull())
    belongs = measure.of.test(unended, scope.at("now")) if measure.of else None
    # What depends on now is asked each time.
    if belongs is not None and not belongs.op().find(ScalarParameter):
        unended = unended.filter(belongs)
    return unended.select(*names)


def _reach(scope: Scope) -> Reach:
    """What is read beside the rows that have not ended: those that end in the period or later."""
    column = _measure(scope).until.name
    return Reach(table=f"fact_{scope.plan.fact.name}", column=column, start=scope.begin, end=datetime.max)


def _steps(scope: Scope, endless: Table | None) -> Table:
    steps = ibis.union(*_parts(scope, _begun(scope), endless), distinct=False)
    net = {"n": STEP, "total": AMOUNT} if _measure(scope).over else {"n": STEP}
    sums = {name: (steps[CODE] == 0).ifelse(steps[step], 0).sum() for name, step in net.items()}
    return steps.aggregate(by=list(scope.keys), **sums, **reason_counts(scope, steps, steps[STEP]))


def _parts(scope: Scope, table: Table, endless: Table | None) -> list[Table]:
    """Steps up and down. By dimensions all of history's, so that what stands no more has a row with 0; else only
    those of rows that ended in the period or later, or have not: nearly all came and went before.
    """
    until = _measure(scope).until.name
    begun, ended = table[BEGUN], table[until]
    if scope.dimensions:
        return [_step(scope, table, begun, 1), _step(scope, table, ended, -1)]
    if scope.plan.question.grain is None:
        stands = _standing(scope, table, scope.at("until"), is_running=scope.plan.end is None)
        return [_step(scope, stands, stands[BEGUN], 1)]
    ending = table.filter(ended >= scope.at("begin"))
    lasting = table.filter(ended.isnull()) if endless is None else _begun(scope, endless)
    return [
        _step(scope, ending, ending[BEGUN], 1),
        _step(scope, ending, ending[until], -1),
        _step(scope, lasting, lasting[BEGUN], 1),
    ]


def _standing(scope: Scope, table: Table, end: Value, *, is_running: bool) -> Table:
    """The begun rows that stand at the end of a bucket."""
    begun, ended = table[BEGUN], table[_measure(scope).until.name]
    if is_running:
        return table.filter((begun <= end) & (ended.isnull() | (ended > end)))
    return table.filter((begun < end) & (ended.isnull() | (ended >= end)))


def _step(scope: Scope, table: Table, instant: Value, step: int) -> Table:
    """One step per row at an instant; what came before the first bucket has none."""
    plan = scope.plan
    table = table.mutate(at_step=instant).filter(before_end(instant, scope))
    columns = {CODE: row_code(scope, table), STEP: ibis.literal(step, "int64")}
    columns |= key_columns(scope, table, plan.moment)
    over = _measure(scope).over
    if over:
        columns[AMOUNT] = (over.parts(table) * step).cast("float64")
    if plan.question.grain:
        start = bucket_column(scope, table["at_step"])[BUCKET]
        columns[BUCKET] = (table["at_step"] < scope.at("begin")).ifelse(ibis.null("timestamp(6)"), start)
    return table.select(**columns)


def _accumulated(scope: Scope, steps: Mapping[Key, Group]) -> Iterator[tuple[Key, Group]]:
    by_dimensions: dict[Any, dict[Any, Group]] = defaultdict(dict)
    for (start, dimensions), group in steps.items():
        by_dimensions[dimensions][start] = group
    for dimensions, found in by_dimensions.items():
        stands = found.get(None, Group())
        for bucket in buckets(scope.plan, scope.first):
            stands = _sum(stands, found.get(bucket.start, Group())) if bucket.start else stands
            if is_covered(bucket, scope.first):
                yield (bucket.start, dimensions), stands


def _sum(one: Group, other: Group) -> Group:
    left = {reason: one.left_out.get(reason, 0) + n for reason, n in other.left_out.items()}
    total = {**one.left_out, **left}
    return Group(
        sums={name: one.sums.get(name, 0) + other.sums.get(name, 0) for name in {"n": 0, **one.sums, **other.sums}},
        left_out={reason: n for reason, n in total.items() if n},
    )


def _ages(scope: Scope) -> Groups:
    """Ages are looked up at the instants asked for, some at a time."""
    asked = [bucket for bucket in buckets(scope.plan, scope.first) if is_covered(bucket, scope.first)]
    found: dict[Key, Group] = {}
    for position in range(0, len(asked), AT_ONCE):
        chunk = asked[position : position + AT_ONCE]
        found |= grouped(scope, _aged(scope, chunk), [bucket.start for bucket in chunk])
    return found


def _aged(scope: Scope, chunk: list[Bucket]) -> list[dict[str, Any]]:
    def build() -> Table:
        tables = [_at_instant(scope, bucket, place) for place, bucket in enumerate(chunk)]
        return reduce(lambda one, other: ibis.union(one, other, distinct=False), tables)

    plan = scope.plan
    # Instants are numbers in these expressions, so each has a text of its own.
    keys, key = [INSTANT, *scope.dimensions], ("ages", scope.key, tuple(chunk))
    if plan.statistic in QUANTILES:
        ranks = ranks_of(QUANTILES[plan.statistic])
        return ranked_values(
            scope.backend,
            key,
            build,
            keys=keys,
            sums=lambda table: reason_counts(scope, table),
            ranks=ranks,
            blanks=scope.blanks,
        )
    found: list[dict[str, Any]] = fetch(
        scope.backend, key, lambda: _mean(scope, build(), keys), scope.blanks
    ).to_pylist()
    return found


def _mean(scope: Scope, table: Table, keys: list[str]) -> Table:
    value = table["value"]
    return table.aggregate(by=keys, n=value.count(), total=value.sum(), **reason_counts(scope, table))


def _at_instant(scope: Scope, bucket: Bucket, place: int) -> Table:
    table = standing_at(scope, bucket)
    kept = {name: table[name] for name in (*scope.dimensions, CODE, "value")}
    return table.select(**{INSTANT: ibis.literal(place, "int64")}, **kept)
