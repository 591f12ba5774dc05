"""What does one conversation cost?"""

from deskpulse.facts import spend_day, ticket
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Count, Quotient, Total

SPENT = Total(over=spend_day.amount, dated_by=spend_day.spent_at, unit="money")

cost_per_conversation = KPI(
    title="Cost per conversation",
    meaning="The full cost of support for the conversations that began in the same time.",
    also_called=("cost per ticket", "cost per contact", "cost per resolution", "CPC"),
    variants={
        "conversation": Quotient(
            numerator=SPENT,
            denominator=Count(dated_by=ticket.created_at),
            dated_by=ticket.created_at,
            varies_by="month",
            only_both=True,
            unit="money",
        ),
        "resolution": Quotient(
            numerator=SPENT,
            denominator=Count(dated_by=ticket.solved_at, of=ticket.is_solved),
            dated_by=ticket.solved_at,
            varies_by="month",
            only_both=True,
            unit="money",
        ),
    },
    differs={"resolution": "For the tickets solved in that time instead."},
    better="lower",
    signal="lagging",
    guardrails=(
        ("csat", "The cheapest conversation is the one cut short."),
        ("first_contact_resolution", "Two cheap conversations cost more than one that settles it."),
    ),
    caveats=(
        "It is full cost only where pay, tools, rent and partners are all in the spend; compare it with nobody else's.",
        "A month's cost is spread evenly over its days, so that any period can be asked for.",
        "Months without any cost, or without conversations, are left out and counted: they are unknown, not free.",
        (
            "By channel only what was booked to a channel counts for it; the rest stands in a row without a channel. "
            "By team it is the team the cost was booked to, and the team a ticket is credited to."
        ),
        "The interval comes from how months differ: with one month there is none.",
    ),
    asked_for_in="D",
    sources=("Cochran, Sampling Techniques (1977), section 6.3: variance of a ratio of two sums",),
)
