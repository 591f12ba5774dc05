"""What share of tickets got a first reply in the time promised?"""

from deskpulse.facts import ticket
from deskpulse.metrics.fact import Moment
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Share, share


def within(due: Moment) -> Share:
    """Met by ``due``, of the tickets answered or overdue; dated by creation, since silence has no moment of its own."""
    is_decided = due.is_known() & (ticket.first_replied_at.before_now() | due.before_now())
    return share(
        ticket.first_replied_at.not_after(due),
        dated_by=ticket.created_at,
        of=is_decided,
        left_out=(("no target applies", due.is_unknown()), ("clock still runs", due.is_known() & ~is_decided)),
    )


first_response_within_target = KPI(
    title="First response within target",
    meaning="Share of tickets whose first public reply by a person came within the target that applies to them.",
    also_called=("first response SLA", "SLA attainment", "SLA compliance"),
    variants={
        "channel": within(ticket.first_response_due_by_channel),
        "priority": within(ticket.first_response_due_by_priority),
        "policy": within(ticket.first_response_due_by_policy),
    },
    differs={
        "priority": "The target of the ticket's priority, from the settings.",
        "policy": "The target the helpdesk itself put on the ticket.",
    },
    better="higher",
    signal="leading",
    guardrails=(
        ("first_contact_resolution", "A holding reply meets the target and helps nobody."),
        ("csat", "Meeting a promise is worth nothing if the answer is poor."),
        ("first_response_time", "A share cannot tell a near miss from a week: see how late the late ones are."),
    ),
    caveats=(
        "A ticket past its target is missed even if nobody answered it; one whose clock still runs is not judged.",
        "Channel and priority targets come from the settings; tickets without one are left out and counted as such.",
        "Nothing to judge gives no value: neither 0 nor 100 %.",
        "Tickets are dated by their creation, so the newest days hold only those already decided.",
    ),
    asked_for_in="AB",
)
