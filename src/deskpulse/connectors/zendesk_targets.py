"""The targets Zendesk's policies set for tickets: by the version in force and the priority when one was applied."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

_METRICS = {
    "first_reply_time": "first_response",
    "next_reply_time": "next_reply",
    "total_resolution_time": "resolution",
}


def policy_targets(tables: Mapping[str, ir.Table], told: ir.Table) -> ir.Table:
    """One row per ticket, application of a policy, and metric deskpulse has. Zendesk states targets in minutes."""
    applied = _applied(tables, told)
    rule = tables["sla_policy_metric_history"]
    rules = rule.filter(rule.metric.isin([*_METRICS])).select(
        policy="sla_policy_id", metric="metric", of="priority", since="sla_policy_updated_at",
        clock=ibis.cases((rule.business_hours.fill_null(False), "business"), else_="calendar"),
        seconds=ibis.coalesce(rule.target_in_seconds, rule.target * 60).cast("int64"),
    )  # fmt: skip
    rows = applied.join(rules, ["policy", ("priority", "of")])
    in_force = rows.filter(rows.seconds.notnull() & (rows.since.isnull() | (rows.since <= rows.at)))
    window = ibis.window(group_by=["ticket", "policy", "at", "metric"], order_by=in_force.since.desc())
    newest = in_force.mutate(rank=ibis.row_number().over(window))
    newest = newest.filter(newest.rank == 0)
    stamp = newest.at.epoch_seconds().cast("int64").cast("string")
    return newest.select(
        "ticket", "at", "policy", "clock", metric=newest.metric.substitute(_METRICS), target_seconds="seconds",
        source_id=newest.ticket + ":" + newest.policy + ":" + stamp + ":" + newest.metric,
    )  # fmt: skip


def _applied(tables: Mapping[str, ir.Table], told: ir.Table) -> ir.Table:
    """Applications of policies with the ticket's priority at that moment; without history, the present one."""
    applied, ticket = tables["ticket_sla_policy"], tables["ticket"]
    rows = applied.select(ticket="ticket_id", policy="sla_policy_id", at="policy_applied_at").distinct()
    logged = told.filter(told.field == "priority").select(of="ticket", since="at", priority="new")
    past = rows.join(logged, (rows.ticket == logged.of) & (logged.since <= rows.at))
    then = past.group_by("ticket", "policy", "at").agg(priority_then=past.priority.argmax(past.since))
    now = ticket.select(id="id", priority_now="priority")
    known = rows.join(now, [("ticket", "id")]).left_join(then, ["ticket", "policy", "at"])
    plain = known.select("ticket", "policy", "at", "priority_then", "priority_now")
    return plain.mutate(priority=ibis.coalesce(plain.priority_then, plain.priority_now))
