"""How long did support wait for the customer?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import duration

agent_wait_time = KPI(
    title="Agent wait time",
    meaning="Time a ticket stood pending before its last solve: the ball was with the customer.",
    also_called=("pending time", "waiting for customer"),
    variants={"until_solved": duration(ticket.agent_wait)},
    better="lower",
    signal="leading",
    guardrails=(
        ("requester_wait_time", "Fewer questions help only if they do not become longer waits on support's side."),
    ),
    caveats=(
        "It trusts the statuses people set; pending can be used to stop a clock.",
        "A source that knows no pending status gives 0 for every ticket.",
    ),
    asked_for_in="C",
)
