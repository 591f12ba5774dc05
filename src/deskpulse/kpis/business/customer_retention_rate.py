"""How many of the customers there were are still there?"""

from deskpulse.facts import account_month
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.retention import Kept, Retention

CAVEATS = (
    "Who came during the period is on neither side: (customers at the end - new ones) / customers at the start.",
    "It is the rate of the whole period asked for: a year's is not a month's, and twelve months' do not add up to it.",
    "Who left and came back within the period stayed; a paused account has left until it returns.",
    "By plan or segment an account that changes it is seen in both, in each with its own months.",
    "The revenue variants hold exchange rates too: `mrr:currency` tells what these did.",
)
SOURCES = (
    "Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212: interval of a share",
    "Cochran, Sampling Techniques (1977), section 6.3: variance of a ratio of two sums, here over accounts",
)


def retention(kept: Kept, *, is_lost: bool = False) -> Retention:
    """What is left, or lost, of what there was at the start of the period."""
    return Retention(
        account=account_month.account,
        opening=account_month.opening,
        closing=account_month.closing,
        kept=kept,
        is_lost=is_lost,
        dated_by=account_month.month_at,
    )


customer_retention_rate = KPI(
    title="Customer retention rate",
    meaning="Share of the accounts that paid at the start of the period that pay at its end.",
    also_called=("CRR", "logo retention", "customer retention", "renewal rate"),
    variants={
        "logo": retention("accounts"),
        "gross_revenue": retention("gross"),
        "net_revenue": retention("net"),
    },
    differs={
        "gross_revenue": "Of the revenue at the start, what is left of it without anything that grew (GRR).",
        "net_revenue": "Of the revenue at the start, what those accounts pay at the end, growth included (NRR).",
    },
    better="higher",
    signal="lagging",
    guardrails=(("mrr", "Many small customers kept can hide a large one lost."),),
    caveats=CAVEATS,
    asked_for_in="BD",
    sources=SOURCES,
)
