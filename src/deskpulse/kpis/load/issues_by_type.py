"""What do customers contact us about?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Composition, Count

issues_by_type = KPI(
    title="Issues by type",
    meaning="Tickets created in the period, to be broken down by type or topic.",
    also_called=("ticket categories", "contact reasons", "ticket distribution"),
    variants={
        "count": Count(dated_by=ticket.created_at),
        "share": Composition(dated_by=ticket.created_at),
    },
    differs={"share": "Each group's part of all tickets of the same period."},
    better="none",
    signal="leading",
    caveats=(
        "Ask for it by type or by topic; without a dimension it is the volume.",
        "A share can fall while the count rises: read both.",
        "Types are what people chose last; tickets without one are a group of their own.",
    ),
    asked_for_in="D",
)
