"""How much recurring revenue is likely to leave?"""

from deskpulse.facts import account_risk
from deskpulse.kpis.business.churn_risk import CAVEATS, SOURCES, expected
from deskpulse.metrics.kpi import KPI

mrr_at_risk = KPI(
    title="MRR at risk",
    meaning="Each account's monthly recurring revenue times the probability that it leaves this month, added up.",
    also_called=("revenue at risk", "expected churned revenue"),
    variants={"expected": expected(account_risk.mrr_at_risk, "money", is_sum=True)},
    better="lower",
    signal="leading",
    guardrails=(("mrr", "What is at risk grows with the revenue there is."),),
    caveats=CAVEATS,
    asked_for_in="C",
    sources=SOURCES,
)
