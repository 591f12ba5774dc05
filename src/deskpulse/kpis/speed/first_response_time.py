"""How long does a customer wait before a person answers?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import duration

first_response_time = KPI(
    title="First response time",
    meaning="Time from a customer's first message until a person replies in public for the first time.",
    also_called=("FRT", "time to first response", "first reply time"),
    variants={
        "created": duration(ticket.first_response),
        "handoff": duration(ticket.response_after_handoff),
        "assigned": duration(ticket.response_after_assignment),
        "reopened": duration(ticket.response_after_reopening),
        "include_bots": duration(ticket.first_answer),
    },
    differs={
        "handoff": "The clock starts when a bot passes the conversation to people, so its part is not charged to them.",
        "assigned": "The clock starts when somebody is first given the ticket: routing time is taken out.",
        "reopened": "For tickets a bot closed and the customer reopened, the clock starts at that reopening.",
        "include_bots": "A public answer of a bot stops the clock too.",
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("first_contact_resolution", "A quick reply that settles nothing sends the customer round again."),
        ("reopen_rate", "Haste shows up as solved tickets that come back."),
        ("csat", "Customers notice an empty reply even when it came at once."),
    ),
    caveats=(
        (
            "A ticket nobody has answered has no value here, which flatters a growing queue: "
            "read it beside first_response_within_target, where an overdue silence is a miss."
        ),
        "Internal notes, automatic acknowledgements and colleagues in copy do not stop the clock.",
        (
            "When support opened the ticket in public, the wait starts at the customer's first message; "
            "when it was noted down from a phone call, at its creation."
        ),
        "A mean is several times the median in helpdesk data, since a few tickets wait for weeks: look at p90 as well.",
        "Tickets without a schedule have no business time; they are counted apart instead of entering as zero.",
    ),
    asked_for_in="ABCDE",
)
