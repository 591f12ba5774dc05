"""How long does each later message of a customer wait for an answer?"""

from deskpulse.facts import reply
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import duration

response_time = KPI(
    title="Response time",
    meaning="From the first unanswered message of each later customer turn to the next public reply of a person.",
    also_called=("reply time", "next reply time", "average response time"),
    variants={
        "per_reply": duration(reply.wait, of=~reply.is_first),
        "per_ticket": duration(reply.ticket_mean_wait),
    },
    differs={
        "per_ticket": "Each ticket counts once with the mean of its later waits, so long conversations weigh no more.",
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("first_contact_resolution", "Many quick replies may mean that none of them solved the problem."),
        ("interactions_to_resolution", "Answering in small pieces shortens each wait and lengthens the conversation."),
    ),
    caveats=(
        "The first turn of a ticket is first_response_time and is not in here.",
        "Five messages in a row are one turn, waited for from the first; three replies in a row are one answer.",
        "The mean over tickets and the mean over replies are two different numbers: the variant says which was asked.",
        "A turn that still waits has no value yet.",
    ),
    asked_for_in="D",
)
