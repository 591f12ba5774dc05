"""How many calls are answered in time?"""

from functools import reduce
from operator import or_

from deskpulse.facts import call
from deskpulse.metrics.fact import Condition
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Share, share

ENDED = call.is_inbound & (call.is_answered | call.is_abandoned)


def known(where: Condition, of: Condition) -> Share:
    """Calls whose wait is unknown, so that a flag the formula reads is, are left out and counted."""
    flags = [name for name in dict.fromkeys(where.columns + of.columns) if name.startswith(("is_answered_", "is_ab"))]
    unknown = reduce(or_, (call.FACT.column(name).is_unknown() for name in flags))
    return share(where, dated_by=call.offered_at, of=of, left_out=(("wait unknown", unknown & call.is_inbound),))


service_level = KPI(
    title="Service level",
    meaning="Share of the calls offered that a person answered within the queue's threshold, 20 seconds unless set.",
    also_called=("SL", "telephone service factor", "TSF", "grade of service"),
    variants={
        "answered_in_t": known(call.is_answered_in_time, call.is_inbound),
        "of_answered": known(call.is_answered_in_time, call.is_inbound & call.is_answered),
        "with_abandoned_in_t": known(call.is_answered_in_time | call.is_abandoned_in_time, ENDED),
        "without_abandoned_in_t": known(call.is_answered_in_time, ENDED & ~call.is_abandoned_in_time),
        "with_short": known(call.is_answered_in_time | call.is_abandoned_short, ENDED),
        "without_short": known(call.is_answered_in_time, ENDED & ~call.is_abandoned_short),
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
