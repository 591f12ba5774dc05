"""How long does it take until the problem is solved?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import duration

resolution_time = KPI(
    title="Resolution time",
    meaning="From the ticket's creation to the moment it was solved for good.",
    also_called=("time to resolution", "TTR", "full resolution time", "average resolution time", "MTTR"),
    variants={
        "full": duration(ticket.resolution),
        "first": duration(ticket.first_resolution),
        "without_customer_wait": duration(ticket.resolution_without_customer_wait),
        "last_outbound": duration(ticket.resolution_to_last_reply),
    },
    differs={
        "first": "Ends at the first solve, so a later reopening does not lengthen it.",
        "without_customer_wait": "Time that stood pending, waiting for the customer, is taken out.",
        "last_outbound": "Ends at the last public reply before the solve: tickets that close by themselves days later "
        "are not charged for those days.",
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("reopen_rate", "Closing early shortens the time and brings the ticket back."),
        ("first_contact_resolution", "A closed ticket followed by a new one about the same thing was not solved."),
        ("csat", "The customer decides whether it was solved."),
    ),
    caveats=(
        "Tickets that are still open have no value; while a backlog is worked off, old tickets push the figure up.",
        (
            "The default is dated by the last solve: a ticket reopened later moves to the period of its new solve. "
            "Ask for the variant 'first' where past months must stand still."
        ),
        "Closed without ever being solved is not resolved, unless the source knows no other state.",
        "The median and the mean lie far apart: a few tickets take months. A mean is never shown alone.",
    ),
    asked_for_in="ABCDE",
)
