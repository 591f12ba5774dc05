"""How many of the customers there were have left?"""

from deskpulse.kpis.business.customer_retention_rate import CAVEATS, SOURCES, retention
from deskpulse.metrics.kpi import KPI

customer_churn_rate = KPI(
    title="Customer churn rate",
    meaning="Share of the accounts that paid at the start of the period that no longer pay at its end.",
    also_called=("churn", "attrition rate", "logo churn", "revenue churn"),
    variants={
        "logo": retention("accounts", is_lost=True),
        "gross_revenue": retention("gross", is_lost=True),
        "net_revenue": retention("net", is_lost=True),
    },
    differs={
        "gross_revenue": "Of the revenue at the start, what was lost by leaving and by paying less.",
        "net_revenue": "As gross_revenue, less what the accounts that stayed pay more: below 0 where these grew.",
    },
    better="lower",
    signal="lagging",
    guardrails=(("mrr", "A few large customers lost hardly show among many small ones."),),
    caveats=CAVEATS,
    asked_for_in="BD",
    sources=SOURCES,
)
