"""How long did tickets wait for a third party?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import duration

on_hold_time = KPI(
    title="On-hold time",
    meaning="Time a ticket stood on hold before its last solve: a supplier or another department had to act.",
    also_called=("third-party wait time", "hold time"),
    variants={"until_solved": duration(ticket.on_hold)},
    better="lower",
    signal="leading",
    guardrails=(
        ("requester_wait_time", "The customer waits either way: a shorter hold must not become a longer open time."),
    ),
    caveats=(
        "This is the ticket's state, not the music on a phone line; hold on the phone is part of average_handle_time.",
        "Most tickets are never on hold, so the median is often 0: read p90, or break it down by type.",
    ),
    asked_for_in="C",
)
