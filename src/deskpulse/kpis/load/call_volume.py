"""How many calls come in?"""

from deskpulse.facts import call
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Count, UnitCount

call_volume = KPI(
    title="Call volume",
    meaning="Calls that were offered in the period.",
    also_called=("calls offered", "inbound calls", "number of calls"),
    variants={
        "offered": Count(dated_by=call.offered_at, of=call.is_inbound),
        "answered": Count(dated_by=call.offered_at, of=call.is_inbound & call.is_answered),
        "customer_missed": Count(dated_by=call.offered_at, of=call.is_inbound & ~call.is_answered),
        "agent_missed": UnitCount(
            per=call.rung_call, dated_by=call.rung_at, of=call.is_inbound_ring & call.is_ring_missed
        ),
    },
    differs={
        "answered": "Calls a person answered.",
        "customer_missed": "Calls nobody answered: given up, lost, sent elsewhere or to the voicemail.",
        "agent_missed": (
            "Calls that rang at somebody who did not take them, whether somebody else did or not. By agent they add up "
            "to more: one that three people missed is one of each."
        ),
    },
    better="none",
    better_for={"customer_missed": "lower", "agent_missed": "lower"},
    signal="leading",
    caveats=(
        "Phantom and test calls are left out and counted as such; outbound calls are not offered.",
        "Callers who give up ring again: some calls are the same need twice.",
        "Counts per interval stand only where no single call of that queue and time is known: none counts twice.",
    ),
    asked_for_in="E",
)
