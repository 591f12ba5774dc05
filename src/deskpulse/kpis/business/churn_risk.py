"""How probably do customers leave, by what they met with in support?"""

from deskpulse.facts import account_risk
from deskpulse.metrics.fact import FactColumn
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Unit
from deskpulse.metrics.predicted import Expected

CAVEATS = (
    (
        "It is association, never cause: accounts with such tickets, waits and ratings left so often; "
        "they may have left for what made them write."
    ),
    (
        "It knows support and the account's age only: no use of the product, no price, no contract. Where that does "
        "not tell who leaves, or fewer than 50 accounts have left, nothing is shown, and the answer says why."
    ),
    "It is shown with its calibration on accounts it had not seen: read the number with that beside it.",
    "Only the month that runs has a risk, for the accounts that paid at its start and pay now.",
    "Tickets are found by the payer's own id, or by a company of the payer's id or name; others tell nothing.",
)
SOURCES = ("Cox, Biometrika 45 (1958) 562-565: the calibration slope",)


def expected(over: FactColumn, unit: Unit, *, is_sum: bool = False) -> Expected:
    """What the model expects of the accounts that pay now."""
    return Expected(
        over=over,
        is_sum=is_sum,
        learned_from=account_risk.account_months,
        events=account_risk.departures,
        slope=account_risk.calibration_slope,
        error=account_risk.calibration_error,
        dated_by=account_risk.scored_at,
        unit=unit,
    )


churn_risk = KPI(
    title="Churn risk",
    meaning="The probability that an account leaves this month, by its last three months in support, on average.",
    also_called=("risk of churn", "churn probability", "churn score"),
    variants={"probability": expected(account_risk.risk, "share")},
    better="lower",
    signal="leading",
    guardrails=(("customer_churn_rate", "What was expected has to show in who really left."),),
    caveats=CAVEATS,
    asked_for_in="C",
    sources=SOURCES,
)
