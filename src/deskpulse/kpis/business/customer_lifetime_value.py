"""What is a customer worth from the first payment to the last?"""

from typing import Literal

from deskpulse.facts import account_month
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import LifetimeValue


def lifetime(method: Literal["survival", "simple"]) -> LifetimeValue:
    """The value by a method, from the months an account could leave in."""
    return LifetimeValue(
        life=account_month.spell,
        age=account_month.spell_months,
        margin=account_month.margin,
        left=account_month.is_churned,
        discount_rate=account_month.discount_rate,
        cap_months=account_month.lifetime_cap_months,
        method=method,
        dated_by=account_month.month_at,
        of=account_month.is_active_at_start,
    )


customer_lifetime_value = KPI(
    title="Customer lifetime value",
    meaning="The margin an account brings, on average, from its first payment to its last.",
    also_called=("CLV", "LTV", "lifetime value"),
    variants={"survival": lifetime("survival"), "simple": lifetime("simple")},
    differs={
        "simple": (
            "Margin per account and month divided by churn per month: as if all accounts left at one rate for ever, "
            "without discount or cap."
        )
    },
    better="higher",
    signal="lagging",
    guardrails=(("customer_churn_rate", "A high value of a few old customers hides that new ones leave early."),),
    caveats=(
        "It is worth what was seen in the period: churn by age of the account, and margin per account and month.",
        (
            "The survival curve goes no further than the oldest account seen, nor than the cap of the settings: "
            "what may come after is not invented."
        ),
        "Gross margin, discount rate and cap are in [money] of the settings; without a margin it is revenue.",
        "An account that returns begins a new life; what it costs to win an account is not taken off.",
        "Ask for a year or more: in short periods few accounts leave, and 'simple' has no value where none did.",
    ),
    asked_for_in="C",
    sources=(
        "Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958) 457-481: survival with accounts that still pay",
        "Efron, Ann. Stat. 7 (1979) 1-26: the interval resamples accounts (400 times, fixed seed)",
    ),
)
