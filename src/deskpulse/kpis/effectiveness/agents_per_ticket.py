"""How many people does one ticket need?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Spread

agents_per_ticket = KPI(
    title="Agents per ticket",
    meaning="Different people who were assigned to a solved ticket or replied in it.",
    also_called=("assignees per ticket", "touching agents"),
    variants={"agents": Spread(over=ticket.agents, default="mean", dated_by=ticket.solved_at, unit="count")},
    better="lower",
    signal="leading",
    guardrails=(
        ("first_contact_resolution", "One person alone with a problem too hard does not solve it."),
        ("resolution_time", "Waiting for the one owner costs time."),
    ),
    caveats=(
        "Bots are not people and do not count.",
        "The mean says more than the median here, which is 1 nearly everywhere.",
        "Only solved tickets count: an open one may still change hands.",
    ),
    asked_for_in="C",
)
