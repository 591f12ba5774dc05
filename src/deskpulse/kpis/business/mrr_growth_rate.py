"""How fast does recurring revenue grow?"""

from deskpulse.facts import account_month
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Growth

mrr_growth_rate = KPI(
    title="MRR growth rate",
    meaning="Net new monthly recurring revenue of the period for what there was at its start.",
    also_called=("revenue growth", "MRR growth"),
    variants={
        "net_new": Growth(
            account=account_month.account,
            opening=account_month.opening,
            over=account_month.net_new,
            dated_by=account_month.month_at,
        ),
    },
    better="higher",
    signal="lagging",
    guardrails=(("customer_churn_rate", "New customers can hide that old ones leave."),),
    caveats=(
        "It is the rate of the whole period asked for: a quarter's is not a month's.",
        "It has no value where nobody paid at the start.",
        "Exchange rates have no part in it: `mrr:currency` tells what they did.",
    ),
    asked_for_in="D",
)
