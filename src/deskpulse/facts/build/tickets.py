"""The ticket fact: everything known of a ticket, side by side in one row."""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from deskpulse.facts.build.instants import elapsed, last_by, order_of, seconds
from deskpulse.metrics.fact import Table, Value

LAST_FIELDS = ("priority", "type", "topic", "merged_into", "deleted", "spam", "escalation_asked")


def last_values(change: Table) -> Table:
    """Per ticket, the last value of the fields that do not run a clock, and the source's verdicts on its target."""
    field = change.field.cast("string")
    kept = change.filter(field.isin((*LAST_FIELDS, "target_met")))
    order = order_of(seconds(kept.at), kept.seq)
    field = kept.field.cast("string")
    columns = {
        f"last_{name}": last_by(kept.new, (field == name).ifelse(order, ibis.null("int64"))) for name in LAST_FIELDS
    }
    verdict = field == "target_met"
    last_verdict = last_by(kept.new, verdict.ifelse(order, ibis.null("int64")))
    return kept.group_by("ticket_key").agg(
        **columns,
        target_verdict_last=(last_verdict == "true").cast("int64"),
        target_verdict_every=(kept.new == "true").cast("int64").min(where=verdict),
    )


def opened(events: Mapping[str, Table]) -> Table:
    """One row per ticket with what it opened with and its customer's account and segment then."""
    ticket = events["ticket"]
    customer = events["customer"].select("source", "account", "segment", customer="source_id")
    rows = ticket.left_join(customer, ["source", "customer"]).drop("source_right", "customer_right")
    dated = _segments(events["customer_segment"])
    at = seconds(rows.created_at)
    joined = rows.left_join(
        dated,
        [
            rows.source == dated.segment_source,
            rows.customer == dated.segment_customer,
            at >= dated.begin,
            dated.end.isnull() | (at < dated.end),
        ],
    )
    return joined.select(
        "ticket_key",
        "source",
        "channel",
        "brand",
        "account",
        ticket=joined.source + ":" + joined.source_id,
        created_at=seconds(joined.created_at),
        customer=joined.source + ":" + joined.customer,
        segment=ibis.coalesce(joined.dated_segment, joined.segment),
        opening_priority=joined.priority,
        opening_type=joined.type,
        opening_topic=joined.topic,
        opening_team=joined.team.nullif(""),
        opening_agent=joined.assignee.nullif(""),
        is_test=joined.is_test.fill_null(False),
        is_spam=joined.is_spam.fill_null(False),
    )


def _segments(segment: Table) -> Table:
    rows = segment.select(
        segment_source="source",
        segment_customer="customer",
        dated_segment="segment",
        begin=seconds(segment.valid_from),
        stated_end=seconds(segment.valid_to),
    )
    following = rows.begin.lead().over(ibis.window(group_by=["segment_source", "segment_customer"], order_by="begin"))
    return rows.mutate(end=ibis.least(rows.stated_end, following)).drop("stated_end")


def reason_left_out(rows: Table) -> Value:
    """Why a ticket never counts, the strongest reason first; null when it does."""
    return ibis.cases(
        (rows.last_merged_into.fill_null("") != "", "merged"),
        (rows.last_deleted == "true", "deleted"),
        (ibis.coalesce(rows.last_spam == "true", rows.is_spam), "spam"),
        (rows.is_test, "test"),
        else_=None,
    )


def durations(rows: Table) -> dict[str, Value]:
    """Every duration of the ticket fact on both clocks, from instants and business clocks side by side."""
    spans: dict[str, tuple[str, str]] = {
        "first_response": ("asked", "replied"),
        "response_after_handoff": ("handed", "replied"),
        "response_after_assignment": ("assigned", "replied"),
        "response_after_reopening": ("restarted", "replied"),
        "first_answer": ("started", "answered"),
        "resolution": ("created", "solved"),
        "first_resolution": ("created", "first_solved"),
        "resolution_to_last_reply": ("created", "last_reply"),
    }
    both = {}
    for name, (start, end) in spans.items():
        both[f"{name}_seconds"] = elapsed(rows[f"{start}_at"], rows[f"{end}_at"])
        both[f"{name}_business_seconds"] = elapsed(rows[f"{start}_k"], rows[f"{end}_k"])
    return both


def waits(rows: Table) -> dict[str, Value]:
    """The waits of a solved ticket, and its resolution time without the customer's part."""
    solved = rows.solved_at.notnull()
    both = {}
    for clock, known in (("seconds", solved), ("business_seconds", solved & rows.is_known.fill_null(False))):
        for name in ("requester_wait", "agent_wait", "on_hold"):
            both[f"{name}_{clock}"] = known.ifelse(rows[f"{name}_{clock}"].fill_null(0), ibis.null("int64"))
    for clock, at in (("seconds", "at"), ("business_seconds", "k")):
        whole = elapsed(rows[f"created_{at}"], rows[f"solved_{at}"])
        both[f"resolution_without_customer_wait_{clock}"] = whole - rows[f"agent_wait_{clock}"].fill_null(0)
    return both
