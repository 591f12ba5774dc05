"""Who does the most, per day worked?"""

from deskpulse.facts import call, reply, solve
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import RateRanking

most_active_agents = KPI(
    title="Most active agents",
    meaning="Which ranks each agent may hold by the public replies written per day with any.",
    also_called=("activity leaderboard", "busiest agents", "agent productivity"),
    variants={
        "replies": RateRanking(dated_by=reply.replied_at),
        "solved": RateRanking(dated_by=solve.solved_at),
        "handled": RateRanking(dated_by=call.handled_at, of=call.is_handled),
    },
    differs={
        "solved": "By the tickets solved per day with any.",
        "handled": "By the call legs handled per day with any.",
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("top_agents", "Much is not well: activity bought with poor answers comes back as work."),
        ("reopen_rate", "Tickets solved twice count twice."),
    ),
    caveats=(
        "The value is the middle of the ranks an agent may hold: read the range, never the order of the lines.",
        "A day counts as worked when anything was done on it, in the zone asked for; half days count as whole ones.",
        "Agents with fewer than 20 contacts are listed without a rank, however busy a single day was.",
        "Channels differ: a chat takes more and shorter replies than a letter. Ask by channel to compare like.",
        "Work that leaves no reply or solve, like training others, is not seen.",
    ),
    asked_for_in="D",
    sources=(
        "Goldstein and Spiegelhalter, Journal of the Royal Statistical Society A 159 (1996): league tables",
        "McCullagh and Nelder, Generalized Linear Models (1989), section 6.2: dispersion of counts",
    ),
)
