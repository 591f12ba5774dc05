"""What share of tickets were solved in the time promised?"""

from deskpulse.facts import ticket
from deskpulse.metrics.fact import FactColumn, Moment
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Share, share


def within(due: Moment) -> Share:
    """Met by ``due``, of the tickets solved or overdue; dated by creation, since silence has no moment of its own."""
    is_decided = due.is_known() & (ticket.solved_at.before_now() | due.before_now())
    return share(
        ticket.solved_at.not_after(due),
        dated_by=ticket.created_at,
        of=is_decided,
        left_out=(("no target applies", due.is_unknown()), ("clock still runs", due.is_known() & ~is_decided)),
    )


def source_verdict(verdict: FactColumn) -> Share:
    """The helpdesk's own verdict, where it gave one."""
    return share(
        verdict.equals(1),
        dated_by=ticket.created_at,
        of=verdict.is_known(),
        left_out=(("the source gave no verdict", verdict.is_unknown()),),
    )


resolution_within_target = KPI(
    title="Resolution within target",
    meaning="Share of tickets that were solved within the target that applies to them.",
    also_called=("resolution SLA", "SLA attainment", "SLA compliance"),
    variants={
        "channel": within(ticket.resolution_due_by_channel),
        "priority": within(ticket.resolution_due_by_priority),
        "policy": within(ticket.resolution_due_by_policy),
        "source_last": source_verdict(ticket.target_verdict_last),
        "source_every": source_verdict(ticket.target_verdict_every),
    },
    differs={
        "priority": "The target of the ticket's priority, from the settings.",
        "policy": "The target the helpdesk itself put on the ticket.",
        "source_last": "The helpdesk's own verdict, as it stood last.",
        "source_every": "The helpdesk's own verdicts: met only if each one it ever gave says so.",
    },
    better="higher",
    signal="leading",
    guardrails=(
        ("reopen_rate", "A ticket closed to meet its target comes back."),
        ("csat", "Meeting a promise is worth nothing if the problem stays."),
        ("resolution_time", "A share cannot tell a near miss from a month: see how late the late ones are."),
    ),
    caveats=(
        "A ticket past its target is missed even if it is still open; one whose clock still runs is not judged.",
        "The last solve decides: a ticket reopened after its target and solved again counts as missed.",
        "The helpdesk's own verdict may change during a ticket's life: the last and 'every one' give different shares.",
        "Channel and priority targets come from the settings; tickets without one are left out and counted as such.",
        "Nothing to judge gives no value: neither 0 nor 100 %.",
    ),
    asked_for_in="AB",
)
