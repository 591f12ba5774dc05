"""How often is a ticket handed on?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import share

IS_MOVED_BETWEEN_TEAMS = ticket.team_transfers.at_least(1)
IS_MOVED_BETWEEN_PEOPLE = ticket.reassignments.at_least(1)

transfer_rate = KPI(
    title="Transfer rate",
    meaning="Share of handled tickets that went from one person or team to another.",
    also_called=("reassignment rate", "hand-off rate"),
    variants={
        "any": share(
            IS_MOVED_BETWEEN_TEAMS | IS_MOVED_BETWEEN_PEOPLE, dated_by=ticket.created_at, of=ticket.is_handled
        ),
        "team": share(IS_MOVED_BETWEEN_TEAMS, dated_by=ticket.created_at, of=ticket.is_handled),
        "agent": share(IS_MOVED_BETWEEN_PEOPLE, dated_by=ticket.created_at, of=ticket.is_handled),
    },
    differs={
        "team": "Only moves between teams.",
        "agent": "Only moves between people.",
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("first_contact_resolution", "Keeping a ticket one cannot solve avoids the transfer and not the repeat."),
        ("resolution_time", "A wrong first owner who never lets go takes longer."),
    ),
    caveats=(
        "The first assignment is no transfer: it is routing.",
        "Shift changes and holidays move tickets without anybody being at fault.",
        "Young tickets may still be moved.",
    ),
    asked_for_in="C",
)
