"""How often does the first team need another one?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import share

escalation_rate = KPI(
    title="Escalation rate",
    meaning="Share of handled tickets that were passed to a higher support level.",
    also_called=("ticket escalation rate",),
    variants={
        "vertical": share(ticket.tier_escalations.at_least(1), dated_by=ticket.created_at, of=ticket.is_handled),
        "horizontal": share(ticket.team_transfers.at_least(1), dated_by=ticket.created_at, of=ticket.is_handled),
        "customer_asked": share(ticket.has_escalation_asked, dated_by=ticket.created_at, of=ticket.is_handled),
    },
    differs={
        "horizontal": "Passed from one team to another, whatever their level.",
        "customer_asked": "The customer asked for somebody higher up.",
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("first_contact_resolution", "Keeping what one cannot solve avoids the escalation and not the repeat."),
        ("resolution_time", "A ticket held too long at the wrong level waits."),
    ),
    caveats=(
        "It needs support levels in the source: without tiers the vertical share is 0 for every ticket, not good news.",
        "Some escalations are right: a share of 0 may mean that people do not dare to ask.",
        "Young tickets may still be escalated.",
    ),
    asked_for_in="ABE",
)
