"""Do we solve what arrives?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Count, Quotient, share

resolution_rate = KPI(
    title="Resolution rate",
    meaning="Share of the tickets created in the period that are solved.",
    also_called=("solve rate", "ticket resolution rate"),
    variants={
        "cohort": share(ticket.is_solved, dated_by=ticket.created_at),
        "period": Quotient(
            numerator=Count(dated_by=ticket.first_solved_at),
            denominator=Count(dated_by=ticket.created_at),
            dated_by=ticket.created_at,
        ),
    },
    differs={
        "period": "Tickets first solved in the period over tickets created in it, whenever they were created: "
        "above 100 % while a backlog is worked off.",
    },
    better="higher",
    signal="leading",
    guardrails=(
        ("reopen_rate", "Solving on paper raises the rate until the tickets come back."),
        ("csat", "Solved is what the customer says it is."),
    ),
    caveats=(
        "The newest tickets have had little time: the rate of the current period looks low and still rises.",
        "Closed without ever being solved is not solved, unless the source knows no other state.",
        "The period's quotient is no share of anything, so it has no interval.",
    ),
    asked_for_in="A",
)
