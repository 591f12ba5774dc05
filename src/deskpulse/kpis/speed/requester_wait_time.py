"""How long did the customer wait for us before it was solved?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import duration

requester_wait_time = KPI(
    title="Requester wait time",
    meaning="Time a ticket stood new, open or on hold before its last solve: the ball was with support.",
    also_called=("customer wait time",),
    variants={"until_solved": duration(ticket.requester_wait)},
    better="lower",
    signal="leading",
    guardrails=(
        ("agent_wait_time", "Setting tickets to pending moves the waiting there instead of ending it."),
        ("reopen_rate", "Solving too early ends the count and not the problem."),
    ),
    caveats=(
        "It trusts the statuses people set: a ticket left open while the customer is asked counts as support's wait.",
        "Time on hold for a third party is included, since the customer waits through it; on_hold_time shows it alone.",
    ),
    asked_for_in="C",
)
