"""How many of the agents help customers?"""

from deskpulse.facts import agent_day
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import UnitShare

active_participation = KPI(
    title="Active participation",
    meaning="Share of the agents employed in the period who helped a customer at least once in it.",
    also_called=("active agents", "agent participation rate"),
    variants={
        "helped": UnitShare(
            where=agent_day.is_helping, per=agent_day.agent, dated_by=agent_day.day_at, of=agent_day.is_employed
        ),
    },
    better="higher",
    signal="leading",
    caveats=(
        "Helped means: wrote a public reply, solved a ticket or handled a call.",
        "Everybody employed on any day of the period counts, those on leave too: a short period gives a lower share.",
        "Who has no first day in the staff data counts from their first membership or the first thing they did.",
    ),
    asked_for_in="D",
)
