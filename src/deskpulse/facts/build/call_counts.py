"""Rows of the facts 'call' and 'handle' from counts per queue and interval; single calls go before counts."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts.build.instants import seconds
from deskpulse.metrics.fact import Table, Value
from deskpulse.settings.phones import Phones, Queue

KINDS = ("in_time", "later", "short", "soon", "given_up", "other")
"""The calls of an interval: answered in time or later; given up within the short time, in time, or later; neither."""

ANSWERED, ABANDONED = KINDS[:2], KINDS[2:5]
RECORDED_SINGLY = "also recorded call by call"
RECORDED_SHORTER = "also counted in a shorter interval"
TWICE = "counted twice"
CONTRADICTION = "counts contradict each other"


def threshold(queue: Value, phones: Phones, name: str) -> Value:
    """The seconds a queue is judged by: ``service_level_seconds`` or ``short_abandon_seconds``."""

    def seconds_of(one: Phones | Queue) -> Value:
        return ibis.literal(getattr(one, name), "int64")

    cases = [(queue == one.queue, seconds_of(one)) for one in phones.queues]
    return ibis.cases(*cases, else_=seconds_of(phones)) if cases else seconds_of(phones)


def intervals(events: Mapping[str, Table], phones: Phones) -> Table:
    """One row per interval with what is known of it, ``left_out`` and the number of calls of each kind."""
    told = events["call_interval"].mutate(
        interval=events["call_interval"].source + ":" + events["call_interval"].source_id,
        begin=seconds(events["call_interval"].interval_start),
    )
    told = told.mutate(end=told.begin + told.interval_seconds, **_known(told, phones))
    counted = told.mutate(**_kinds(told))
    judged = _with_next(_with_next(counted, _single_calls(events), "next_call"), _shorter(counted), "next_shorter")
    twice = ibis.row_number().over(
        ibis.window(group_by=["queue", "begin", "interval_seconds"], order_by=["source", "source_id"])
    )
    numbered = judged.mutate(repetition=twice)
    return numbered.mutate(left_out=_reason(numbered))


def _known(told: Table, phones: Phones) -> dict[str, Value]:
    allowed = threshold(told.queue, phones, "service_level_seconds")
    same = (told.threshold_seconds == allowed).fill_null(True)
    return {
        "allowed": allowed,
        "tells_in_time": same & told.answered_within.notnull(),
        "tells_given_up_in_time": same & told.abandoned_within.notnull(),
        "tells_short": told.abandoned_short.notnull(),
    }


def _kinds(told: Table) -> dict[str, Value]:
    answered, abandoned = told.answered.fill_null(0), told.abandoned.fill_null(0)
    within = told.tells_in_time.ifelse(told.answered_within, 0)
    short = told.abandoned_short.fill_null(0)
    soon = told.tells_given_up_in_time.ifelse(told.abandoned_within, short)
    offered = told.offered.fill_null(answered + abandoned)
    values = (within, answered - within, short, soon - short, abandoned - soon, offered - answered - abandoned)
    return dict(zip(KINDS, values, strict=True))


def _reason(rows: Table) -> Value:
    return ibis.cases(
        (ibis.least(*(rows[kind] for kind in KINDS)) < 0, CONTRADICTION),
        ((rows.next_call < rows.end).fill_null(False), RECORDED_SINGLY),
        ((rows.next_shorter < rows.end).fill_null(False), RECORDED_SHORTER),
        (rows.repetition > 0, TWICE),
        else_=ibis.null("string"),
    )


def _single_calls(events: Mapping[str, Table]) -> Table:
    """Where single calls are: in their queue, and in the whole, which an interval without a queue counts."""
    calls = events["call"]
    rows = calls.select("queue", at=seconds(calls.offered_at))
    each = rows.select(scope=ibis.coalesce("queue " + rows.queue, ibis.literal("no queue")), at=rows["at"])
    return each.union(rows.select(scope=ibis.literal("whole"), at=rows["at"]))


def _shorter(told: Table) -> Table:
    """Where a queue has intervals, told to each longer kind of interval."""
    lengths = told.select(longer="interval_seconds").distinct()
    pairs = told.join(lengths, told.interval_seconds < lengths.longer)
    return pairs.select(scope=_scope(pairs) + " " + pairs.longer.cast("string"), at=pairs.begin)


def _scope(rows: Table) -> Value:
    return ibis.coalesce("queue " + rows.queue, ibis.literal("whole"))


def _with_next(told: Table, points: Table, name: str) -> Table:
    """Adds the first point at or after the interval's begin, in its queue; calls without a queue may be of any."""
    own = told.select("interval", scope=_scope(told), at=told.begin)
    of_length = told.select("interval", scope=_scope(told) + " " + told.interval_seconds.cast("string"), at=told.begin)
    anywhere = told.select("interval", scope=ibis.literal("no queue"), at=told.begin)
    asked = own.union(of_length).union(anywhere).mutate(point=ibis.null("int64"), place=ibis.literal(0))
    met = points.select(interval=ibis.null("string"), scope="scope", at="at", point="at", place=ibis.literal(1))
    line = asked.union(met.select(*asked.columns))
    ahead = ibis.window(group_by="scope", order_by=["at", "place"], rows=(0, None))
    found = line.mutate(following=line.point.min().over(ahead)).filter(lambda rows: rows.interval.notnull())
    nearest = found.group_by("interval").agg(**{name: found.following.min()})
    return told.left_join(nearest, "interval").drop("interval_right")


def counted_calls(told: Table) -> Table:
    """Rows of the fact 'call': one per interval and kind of call that it counts."""
    parts = [_kind_rows(told, kind) for kind in KINDS]
    return ibis.union(*parts).filter(lambda rows: rows.calls != 0)


def _kind_rows(told: Table, kind: str) -> Table:
    is_answered, is_abandoned = kind in ANSWERED, kind in ABANDONED
    carrier = (told.in_time > 0) if kind == "in_time" else (told.in_time <= 0) & ibis.literal(is_answered)
    wait = told.queue_seconds if is_answered else ibis.literal(0.0)
    outcome = "answered" if is_answered else "abandoned" if is_abandoned else None
    return told.select(
        "source",
        "queue",
        "left_out",
        call=told.interval + ":" + kind,
        offered_at=told.interval_start,
        outcome=ibis.literal(outcome, "string"),
        direction=ibis.literal("inbound"),
        calls=told[kind],
        is_counted=ibis.literal(True),
        queue_seconds=carrier.ifelse(wait, wait * 0),
        queue_calls=carrier.ifelse(told.in_time + told.later, 0),
        threshold_seconds=told.allowed,
        is_answered=ibis.literal(is_answered),
        is_abandoned=ibis.literal(is_abandoned),
        is_answered_in_time=_if_told(told.tells_in_time, kind == "in_time"),
        is_abandoned_in_time=_if_told(told.tells_given_up_in_time, kind in ("short", "soon")),
        is_abandoned_short=_if_told(told.tells_short, kind == "short"),
    )


def _if_told(tells: Value, flag: bool) -> Value:
    return tells.ifelse(ibis.literal(flag), ibis.null("boolean"))


def counted_handles(told: Table) -> Table:
    """Rows of the fact 'handle': the handled calls of an interval, and those given up."""
    parts = (told.talk_seconds, told.hold_seconds, told.wrap_seconds)
    worked = ibis.coalesce(*parts).notnull().ifelse(sum(part.fill_null(0) for part in parts), ibis.null("float64"))
    handled = _handle_rows(told, told.in_time + told.later, worked, ibis.null("float64"), is_handled=True)
    nothing = ibis.literal(0.0)
    given_up = _handle_rows(told, told.short + told.soon + told.given_up, nothing, nothing, is_handled=False)
    return handled.union(given_up).filter(lambda rows: rows.contacts != 0)


def _handle_rows(told: Table, contacts: Value, worked: Value, with_dial: Value, *, is_handled: bool) -> Table:
    return told.select(
        "source",
        "queue",
        "left_out",
        call="interval",
        worker="interval",
        handled_at=told.interval_start,
        contacts=contacts,
        is_counted=ibis.literal(True),
        handle_seconds=worked,
        handle_with_dial_seconds=with_dial,
        is_handled=ibis.literal(is_handled),
    )
