"""What share of callers gives up?"""

from deskpulse.facts import call
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import share

WAIT_UNKNOWN = ("wait unknown", call.FACT.column("is_abandoned_short").is_unknown())

abandonment_rate = KPI(
    title="Abandonment rate",
    meaning="Share of the calls offered that the caller gave up before anybody answered.",
    also_called=("abandoned call rate", "call abandonment", "hang-up rate"),
    variants={
        "all": share(call.is_abandoned, dated_by=call.offered_at, of=call.is_inbound),
        "excluding_short": share(
            call.is_abandoned,
            dated_by=call.offered_at,
            of=call.is_inbound & ~call.is_abandoned_short,
            left_out=(WAIT_UNKNOWN,),
        ),
        "queued": share(call.is_abandoned, dated_by=call.offered_at, of=call.is_inbound & call.is_queued),
    },
    differs={
        "excluding_short": "Calls given up within the short time are in neither side: too early to be helped.",
        "queued": "Only calls that waited in a queue: those given up in the menu before it are in neither side.",
    },
    better="lower",
    signal="leading",
    guardrails=(("average_handle_time", "Hurrying through calls frees the line and sends callers round again."),),
    caveats=(
        "The variants differ by much where callers give up in the menu: never compare one with another.",
        "The short time is set per queue in the settings, under 'phones'.",
        "Whoever gives up may ring again and be helped: the share is of calls, not of people.",
    ),
    asked_for_in="E",
)
