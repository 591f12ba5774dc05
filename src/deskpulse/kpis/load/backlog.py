"""How much stands unsolved?"""

from deskpulse.facts import span
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Census

WEEK_SECONDS = 604_800

backlog = KPI(
    title="Backlog",
    meaning="Tickets that stood unsolved at an instant: the end of each period asked for.",
    also_called=("open tickets", "unsolved tickets", "queue"),
    variants={
        "open": Census(dated_by=span.from_at, until=span.to_at, of=span.is_unsolved),
        "unassigned": Census(dated_by=span.from_at, until=span.to_at, of=span.is_unassigned),
        "older_than": Census(
            dated_by=span.from_at,
            until=span.to_at,
            of=span.is_unsolved,
            age_from=span.ticket_created_at,
            older_than=WEEK_SECONDS,
        ),
        "age": Census(
            dated_by=span.from_at,
            until=span.to_at,
            of=span.is_unsolved,
            age_from=span.ticket_created_at,
            unit="seconds",
        ),
    },
    differs={
        "unassigned": "Of these, the tickets nobody was assigned to.",
        "older_than": "Of these, the tickets created more than 7 days before the instant.",
        "age": "How old these tickets were at the instant: median, mean, p90 or p95.",
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("reopen_rate", "Closing tickets to shorten the queue brings them back."),
        ("resolution_time", "Working on the newest first keeps the count down while the old ones age."),
    ),
    caveats=(
        (
            "It is a count of what stood, taken from the history and not from today's statuses; nothing is sampled, "
            "so it has no interval."
        ),
        "Counts at several instants do not add up: the same ticket stands in each.",
        "By team or person it shows where the ticket stood then.",
    ),
    asked_for_in="AC",
)
