"""The facts of calls and of the legs people handled, single ones and counted ones."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts import call
from deskpulse.facts.build.call_counts import counted_calls, counted_handles, intervals, threshold
from deskpulse.facts.build.instants import first_by, seconds
from deskpulse.facts.build.people import with_names, with_team_then
from deskpulse.facts.build.shape import shaped
from deskpulse.metrics.fact import Fact, Table, Value
from deskpulse.settings.phones import Phones

CONTACT = ("source", "call_id", "queue", "topic", "team")


def call_and_handle_rows(
    events: Mapping[str, Table], stretches: Table, labels: Table, phones: Phones
) -> Mapping[str, Table]:
    """The facts 'call', 'handle' and 'ring'."""
    calls, handles = call_rows(events, stretches, labels, phones), handle_rows(events, stretches, labels)
    rings = ring_rows(events, stretches, labels)
    if not events["call_interval"].limit(1).count().to_pyarrow().as_py():
        return {"call": calls, "handle": handles, "ring": rings}  # to compile the counts costs more than most calls do
    told = intervals(events, phones)
    counted = counted_calls(told)
    return {
        "call": calls.union(_filled(counted, call.FACT)),
        "handle": handles.union(_filled(counted_handles(told), call.HANDLE)),
        "ring": rings.union(_filled(counted, call.RING)),
    }


def _filled(rows: Table, fact: Fact) -> Table:
    """Counts know no people, customers and tickets."""
    unknown = {name: ibis.null() for name in fact.columns if name not in rows.columns}
    return shaped(rows.mutate(**unknown), fact)


def call_rows(events: Mapping[str, Table], stretches: Table, labels: Table, phones: Phones) -> Table:
    """One row per call: missed by three agents and answered by a fourth is answered."""
    first = _answered(_taken(events["call_leg"]))
    rows = events["call"]
    joined = rows.left_join(first, [rows.source == first.source, rows.source_id == first.call_id]).drop(
        "source_right", "call_id"
    )
    dated = joined.mutate(at=seconds(joined.offered_at), line_team=joined.team)
    then = with_team_then(dated, stretches, agent="agent", at="at", team="team")
    outcome = then.outcome.cast("string")
    is_answered = (outcome == "answered") | then.legs.notnull()
    is_abandoned = ~is_answered & (outcome == "abandoned")
    final = then.mutate(
        call=then.source + ":" + then.source_id,
        ticket=then.source + ":" + then.ticket,
        customer=then.source + ":" + then.customer,
        team=ibis.coalesce(then.line_team, then.team),
        left_out=_reason(then),
        calls=1,
        queue_calls=1,
        is_counted=False,
        is_answered=is_answered,
        is_abandoned=is_abandoned,
        **_in_time(then, is_answered, is_abandoned, phones),
    )
    return shaped(with_names(final, labels, "agent"), call.FACT)


def ring_rows(events: Mapping[str, Table], stretches: Table, labels: Table) -> Table:
    """One row per ring at a person, with the team that person was in; a call that rang at nobody has one too."""
    calls, legs = events["call"], events["call_leg"]
    rung = legs.select("agent", of_source="source", of_call="call", is_missed=~legs.is_answered.fill_null(True))
    joined = calls.left_join(rung, [calls.source == rung.of_source, calls.source_id == rung.of_call])
    dated = joined.mutate(at=seconds(joined.offered_at))
    then = with_team_then(dated, stretches, agent="agent", at="at", team="team")
    final = then.mutate(
        call=then.source + ":" + then.source_id,
        ticket=then.source + ":" + then.ticket,
        left_out=_reason(then),
        calls=1,
        is_counted=False,
        is_missed=then.is_missed.fill_null(False),
    )
    return shaped(with_names(final, labels, "agent"), call.RING)


def _in_time(rows: Table, is_answered: Value, is_abandoned: Value, phones: Phones) -> dict[str, Value]:
    """Against the thresholds of its queue; a call that was not queued did not wait, else an unknown wait stays so."""
    limit = threshold(rows.queue, phones, "service_level_seconds")
    short = threshold(rows.queue, phones, "short_abandon_seconds")
    at_once = (rows.is_queued == False).ifelse(0.0, ibis.null("float64"))  # noqa: E712  an ibis comparison
    wait = ibis.coalesce(rows.queue_seconds, at_once)
    return {
        "threshold_seconds": limit,
        "is_answered_in_time": is_answered.ifelse(wait <= limit, False),
        "is_abandoned_in_time": is_abandoned.ifelse(wait <= limit, False),
        "is_abandoned_short": is_abandoned.ifelse(wait <= short, False),
    }


def handle_rows(events: Mapping[str, Table], stretches: Table, labels: Table) -> Table:
    """One row per leg a person took, and one of no time per call that was given up before anybody did.

    A transfer is two handles, wrap-up belongs to its own leg, and a ring nobody took is no contact.
    """
    calls = events["call"].select(
        "source", "queue", "topic", "is_test", "offered_at", "outcome", call_id="source_id", team="team"
    )
    taken = _taken(events["call_leg"])
    rows = _worked(taken, calls).union(_given_up(taken, calls))
    then = with_team_then(rows.mutate(at=seconds(rows.handled_at)), stretches, agent="agent", at="at", team="team")
    named = then.mutate(call=then.source + ":" + then.call_id, contacts=1, is_counted=False)
    labelled = with_names(named, labels, "agent")
    return shaped(labelled.mutate(worker=labelled.agent), call.HANDLE)


def _taken(legs: Table) -> Table:
    """The legs a person took, with the seconds the person was on the line: after the ringing, before the wrap-up."""
    kept = legs.filter(legs.is_answered.fill_null(False))
    parts = {f"{part}_seconds": kept[f"{part}_seconds"].fill_null(0) for part in ("dial", "talk", "hold", "wrap")}
    since = seconds(kept["at"]) + parts["dial_seconds"]
    until = since + parts["talk_seconds"] + parts["hold_seconds"]
    return kept.mutate(call_id=kept.call, handled_at=kept["at"], since=since, until=until, **parts).drop("call", "at")


def _answered(taken: Table) -> Table:
    """Per call that was taken, who took it first and in how many legs."""
    order = ibis.row_number().over(ibis.window(group_by=["source", "call_id"], order_by=["since", "seq", "source_id"]))
    ordered = taken.mutate(place=order)
    legs = ordered.group_by(["source", "call_id"])
    return legs.agg(agent=first_by(ordered.agent, ordered.place), legs=ordered.count())


def _worked(taken: Table, calls: Table) -> Table:
    """A person cannot talk twice at once: a leg that overlaps an earlier one of the same person does not count."""
    own = ibis.window(group_by=["source", "agent"], order_by=["since", "source_id"], preceding=(None, 1))
    clashing = taken.agent.notnull() & (taken.since < taken.until.max().over(own)).fill_null(False)
    legs = taken.mutate(is_overlapping=clashing)
    rows = legs.inner_join(calls, ["source", "call_id"])
    handle = rows.talk_seconds + rows.hold_seconds + rows.wrap_seconds
    return rows.select(
        *CONTACT,
        "agent",
        "handled_at",
        left_out=ibis.coalesce(_reason(rows), rows.is_overlapping.ifelse("overlap", ibis.null("string"))),
        handle_seconds=handle,
        handle_with_dial_seconds=handle + rows.dial_seconds,
        is_handled=ibis.literal(True),
    )


def _given_up(taken: Table, calls: Table) -> Table:
    abandoned = calls.filter(calls.outcome.cast("string") == "abandoned")
    rows = abandoned.anti_join(taken, ["source", "call_id"])
    return rows.select(
        *CONTACT,
        agent=ibis.null("string"),
        handled_at=rows.offered_at,
        left_out=_reason(rows),
        handle_seconds=ibis.literal(0.0),
        handle_with_dial_seconds=ibis.literal(0.0),
        is_handled=ibis.literal(False),
    )


def _reason(rows: Table) -> Value:
    none = ibis.null("string")
    return ibis.cases(
        (rows.outcome.cast("string") == "phantom", "phantom"), (rows.is_test.fill_null(False), "test"), else_=none
    )
