"""How much arrives?"""

from deskpulse.facts import ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Count

ticket_volume = KPI(
    title="Ticket volume",
    meaning="Tickets created in the period.",
    also_called=("number of tickets", "contact volume", "new tickets"),
    variants={
        "created": Count(dated_by=ticket.created_at),
        "solved": Count(dated_by=ticket.first_solved_at),
    },
    differs={"solved": "Tickets solved for the first time in the period; a reopening neither erases nor doubles one."},
    better="none",
    signal="leading",
    caveats=(
        "Tests, spam, deleted and merged-away tickets are left out and counted as such.",
        "More tickets may mean more customers: set it against how many there are before calling it worse.",
        "Hours and weekdays are those of the zone asked for, which is the workspace's unless another is given.",
        "Arrivals come in clusters, so the interval is widened by how much the days really vary.",
    ),
    asked_for_in="ABC",
)
