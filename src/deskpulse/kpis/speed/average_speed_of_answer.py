"""How long do callers wait in the queue?"""

from deskpulse.facts import call
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Spread

average_speed_of_answer = KPI(
    title="Average speed of answer",
    meaning="Mean wait in the queue of calls that were answered.",
    also_called=("ASA", "average wait time"),
    variants={
        "answered": Spread(
            over=call.queue_seconds,
            of_several=call.queue_calls,
            default="mean",
            dated_by=call.offered_at,
            of=call.is_answered,
            unit="seconds",
        ),
        "all": Spread(over=call.queue_seconds, default="mean", dated_by=call.offered_at, unit="seconds"),
    },
    differs={"all": "The waits of calls that were given up count as well."},
    better="lower",
    signal="leading",
    guardrails=(
        ("first_contact_resolution", "Picking up fast is worth little if the caller has to ring again."),
        ("csat", "The wait is only the first part of the call."),
    ),
    caveats=(
        "Callers who gave up are not in the default, so it flatters the worst days: compare with the variant 'all'.",
        "A mean by definition; the median, p90 and p95 of the same waits can be asked for and say more.",
        "Calls answered at once count with a wait of 0 seconds.",
        "Counts per interval have a mean wait of answered calls, and neither a median nor the waits of the others.",
    ),
    asked_for_in="A",
)
