"""How many calls are answered in time?"""

from deskpulse.facts import call
from deskpulse.metrics.fact import Condition
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Share, share

ENDED = call.is_inbound & (call.is_answered | call.is_abandoned)
UNKNOWN = call.FACT.column("is_answered_in_time").is_unknown() | call.FACT.column("is_abandoned_in_time").is_unknown()


def of_known_waits(where: Condition, of: Condition) -> Share:
    """Calls whose wait is unknown are left out and counted."""
    return share(where, dated_by=call.offered_at, of=of, left_out=(("wait unknown", UNKNOWN & of),))


service_level = KPI(
    title="Service level",
    meaning="Share of the calls offered that a person answered within the queue's threshold, 20 seconds unless set.",
    also_called=("SL", "telephone service factor", "TSF", "grade of service"),
    variants={
        "answered_in_t": share(
            call.is_answered_in_time,
            dated_by=call.offered_at,
            of=call.is_inbound,
            left_out=(("wait unknown", call.is_inbound & call.FACT.column("is_answered_in_time").is_unknown()),),
        ),
        "of_answered": share(
            call.is_answered_in_time,
            dated_by=call.offered_at,
            of=call.is_inbound & call.is_answered,
            left_out=(("wait unknown", call.is_inbound & call.FACT.column("is_answered_in_time").is_unknown()),),
        ),
        "with_abandoned_in_t": of_known_waits(call.is_answered_in_time | call.is_abandoned_in_time, ENDED),
        "without_abandoned_in_t": of_known_waits(call.is_answered_in_time, ENDED & ~call.is_abandoned_in_time),
        "with_short": of_known_waits(call.is_answered_in_time | call.is_abandoned_short, ENDED),
        "without_short": of_known_waits(call.is_answered_in_time, ENDED & ~call.is_abandoned_short),
    },
    differs={
        "of_answered": "Only answered calls count: callers who gave up are forgotten.",
        "with_abandoned_in_t": "Callers who gave up within the threshold count as answered in time.",
        "without_abandoned_in_t": "Callers who gave up within the threshold are in neither side.",
        "with_short": "Callers who gave up within the short time count as answered in time.",
        "without_short": "Callers who gave up within the short time are in neither side.",
    },
    better="higher",
    signal="leading",
    guardrails=(
        ("abandonment_rate", "Those who give up are in no variant's favour but some variants forget them."),
        ("first_contact_resolution", "Picking up fast is worth little if the caller has to ring again."),
    ),
    caveats=(
        "Six formulas are in use and differ by five points on the same day: compare only one with itself.",
        "The threshold and the short time are set per queue in the settings, under 'phones'.",
        "A caller who gave up in the menu waited 0 seconds, so is given up within the threshold and the short time.",
        "Counts per interval tell calls answered in time only for the threshold they were made with: set the same one.",
        "It says nothing of how long the others waited: read the p90 of 'average_speed_of_answer' beside it.",
    ),
    asked_for_in="AD",
)
