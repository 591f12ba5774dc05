"""What part of revenue does support cost?"""

from deskpulse.facts import revenue_day, spend_day
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Quotient, Total

support_cost_to_revenue = KPI(
    title="Support cost to revenue",
    meaning="The full cost of support for the company's revenue of the same months.",
    also_called=("cost to serve", "support cost ratio", "support cost as a share of revenue"),
    variants={
        "months": Quotient(
            numerator=Total(over=spend_day.amount, dated_by=spend_day.spent_at, unit="money"),
            denominator=Total(over=revenue_day.amount, dated_by=revenue_day.taken_at, unit="money"),
            dated_by=revenue_day.taken_at,
            only_both=True,
        ),
    },
    better="lower",
    signal="lagging",
    guardrails=(("customer_retention_rate", "Support that saves on those who stay is dear."),),
    caveats=(
        "Only months count of which both cost and revenue are known.",
        "A month's amounts are spread evenly over its days, so that any period can be asked for.",
        "It falls when revenue rises, whatever support does: read it beside the cost per conversation.",
        "One-off revenue counts too: it is what the company took.",
    ),
    asked_for_in="D",
)
