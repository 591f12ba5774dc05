"""Whose work turns out best, as far as the numbers can tell?"""

from deskpulse.facts import solve, survey, ticket
from deskpulse.kpis.experience.csat import IS_RATING
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import ShareRanking

DAYS = 7
IS_OLD_ENOUGH = ticket.first_solved_at.before_now(days=DAYS)
IS_SETTLED = solve.solved_at.before_now(days=DAYS)
DUE = ticket.first_response_due_by_channel
OF_TICKET = tuple(ticket.FACT.column(name) for name in ("topic", "channel", "priority"))
OF_SURVEY = tuple(survey.FACT.column(name) for name in ("topic", "channel", "priority"))
OF_SOLVE = tuple(solve.FACT.column(name) for name in ("topic", "channel", "priority"))

top_agents = KPI(
    title="Top agents",
    meaning="Which ranks each agent may hold by the share of satisfied customers, given the contacts the agent had.",
    also_called=("agent leaderboard", "top performers", "agent ranking"),
    variants={
        "satisfied": ShareRanking(where=survey.is_satisfied, dated_by=survey.answered_at, of=IS_RATING, mix=OF_SURVEY),
        "first_contact": ShareRanking(
            where=~ticket.next_contact_at.within(ticket.first_solved_at, days=DAYS),
            dated_by=ticket.first_solved_at,
            of=IS_OLD_ENOUGH,
            left_out=(("too recent to judge", ~IS_OLD_ENOUGH),),
            mix=OF_TICKET,
        ),
        "not_reopened": ShareRanking(
            where=~solve.reopened_at.within(solve.solved_at, days=DAYS),
            dated_by=solve.solved_at,
            of=IS_SETTLED,
            left_out=(("too recent to judge", ~IS_SETTLED),),
            mix=OF_SOLVE,
        ),
        "within_target": ShareRanking(
            where=ticket.first_replied_at.not_after(DUE),
            dated_by=ticket.first_replied_at,
            of=DUE.is_known(),
            left_out=(("no target applies", DUE.is_unknown()),),
            mix=OF_TICKET,
        ),
    },
    differs={
        "first_contact": "By the share of solved tickets whose customer did not come back within 7 days.",
        "not_reopened": "By the share of solves that were not reopened within 7 days.",
        "within_target": "By the share of first replies that came within the channel's target.",
    },
    better="lower",
    signal="lagging",
    guardrails=(
        ("most_active_agents", "A high share of few contacts is easier than of many."),
        ("csat", "The share itself, with its interval, before it was turned into a rank."),
    ),
    caveats=(
        "The value is the middle of the ranks an agent may hold: read the range, never the order of the lines.",
        "Most neighbours in the list are not distinguishable; only ranges that do not overlap tell agents apart.",
        "Agents with fewer than 20 contacts are listed without a rank, whatever their share.",
        (
            "Each agent is compared with what is usual for the same topics, channels and priorities; "
            "what the source does not record, like difficult customers, is not allowed for."
        ),
        "First replies that never came belong to nobody, so silence does not count against an agent's targets.",
        "Ranks say nothing of how far apart agents are: in a good team the last may be good.",
    ),
    asked_for_in="BD",
    sources=(
        "Goldstein and Spiegelhalter, Journal of the Royal Statistical Society A 159 (1996): league tables",
        "Gelman et al., Bayesian Data Analysis (2013), section 5.3: hierarchical model",
    ),
)
