"""What share of calls is missed?"""

from deskpulse.facts import call
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import UnitShare, share

missed_calls = KPI(
    title="Missed calls",
    meaning="Share of the calls offered that nobody answered.",
    also_called=("missed call rate", "unanswered calls", "lost calls"),
    variants={
        "customer_missed": share(~call.is_answered, dated_by=call.offered_at, of=call.is_inbound),
        "agent_missed": UnitShare(
            where=call.is_ring_missed, per=call.rung_call, dated_by=call.rung_at, of=call.is_inbound_ring
        ),
    },
    differs={
        "agent_missed": (
            "Calls that rang at somebody who did not take them, even if somebody else did. By agent it is of the calls "
            "that rang at that agent, by team of those that rang at anybody of it."
        )
    },
    better="lower",
    signal="leading",
    guardrails=(("average_handle_time", "Hurrying through calls frees the line and sends callers round again."),),
    caveats=(
        "A call missed by three people and answered by a fourth is answered: the customer missed nothing.",
        "Calls given up, lost, sent elsewhere and sent to the voicemail are missed; 'abandonment_rate' is narrower.",
        "Their numbers are in 'call_volume'.",
        "Counts per interval know nothing of rings at single people.",
    ),
    asked_for_in="E",
)
