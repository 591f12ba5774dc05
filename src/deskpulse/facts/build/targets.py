"""When a ticket's targets end, so that met, missed and still running can be told at any now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import ibis

from deskpulse.facts.build.clock import business_clock, business_instant
from deskpulse.facts.build.instants import last_by, seconds
from deskpulse.metrics.fact import Table, Value
from deskpulse.settings import Settings, Target
from deskpulse.time.business import BusinessCalendar

METRICS: dict[str, tuple[str, str]] = {
    "first_response": ("started_at", "start_number"),
    "resolution": ("created_at", "start_number"),
}


def with_dues(
    tickets: Table,
    policies: Table,
    settings: Settings,
    calendar: BusinessCalendar,
    slots: Table,
    openings: Table,
) -> Table:
    """Adds ``<metric>_due_by_<channel|priority|policy>``, seconds since 1970, to rows with started_at and created_at.

    A business target runs under the schedule the ticket opened in, also where the ticket changes schedule later.
    """
    rows = tickets.left_join(policies, "ticket_key").drop("ticket_key_right")
    for metric, (start, number) in METRICS.items():
        rows = business_clock(rows, slots, calendar, at=start, number=number, into="start_b")
        for by in ("channel", "priority", "policy"):
            limits = {clock: _limit(rows, settings, metric, by, clock) for clock in ("calendar", "business")}
            rows = rows.mutate(due_b=rows.start_b + limits["business"], due_plain=rows[start] + limits["calendar"])
            rows = business_instant(rows, openings, calendar, clock="due_b", number=number, into="due_open")
            due = ibis.coalesce(rows.due_open, rows.due_plain)
            rows = rows.mutate(**{f"{metric}_due_by_{by}": due}).drop("due_b", "due_plain", "due_open")
        rows = rows.drop("start_b")
    return rows


def _limit(
    rows: Table, settings: Settings, metric: str, by: Literal["channel", "priority", "policy"] | str, clock: str
) -> Value:
    if by == "policy":
        return (rows[f"{metric}_policy_clock"] == clock).ifelse(rows[f"{metric}_policy_seconds"], ibis.null("int64"))
    branches = [
        (rows[by] == _bound(target, by), target.seconds)
        for target in settings.targets
        if target.metric == metric and target.clock == clock and _bound(target, by) is not None
    ]
    return ibis.cases(*branches, else_=None).cast("int64") if branches else ibis.null("int64")


def _bound(target: Target, by: str) -> str | None:
    return target.channel if by == "channel" else target.priority


def policies(events: Mapping[str, Table]) -> Table:
    """The policy last applied to each ticket, per metric: seconds and clock."""
    policy = events["policy_target"]
    at = seconds(policy["at"])
    columns = {}
    for metric in METRICS:
        order = (policy.metric.cast("string") == metric).ifelse(at, ibis.null("int64"))
        columns[f"{metric}_policy_seconds"] = last_by(policy.target_seconds.cast("string"), order).cast("int64")
        columns[f"{metric}_policy_clock"] = last_by(policy.clock.cast("string"), order)
    return policy.group_by("ticket_key").agg(**columns)


