"""What do customers pay per month, and what moved that?"""

from deskpulse.facts import account_month, mrr_span
from deskpulse.metrics.fact import FactColumn
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Census, Total
from deskpulse.metrics.retention import Kept, Retention


def movement(over: FactColumn) -> Total:
    """A movement of the months that begin in the period."""
    return Total(over=over, dated_by=account_month.month_at, unit="money")


def kept(what: Kept) -> Retention:
    """Of the revenue at the start of the period, what is left at its end."""
    return Retention(
        account=account_month.account,
        opening=account_month.opening,
        closing=account_month.closing,
        kept=what,
        dated_by=account_month.month_at,
    )


mrr = KPI(
    title="Monthly recurring revenue",
    meaning="What the subscriptions that stood at an instant are worth per month: the end of each period asked for.",
    also_called=("MRR", "recurring revenue", "net revenue retention", "NRR", "gross revenue retention", "GRR"),
    variants={
        "total": Census(dated_by=mrr_span.from_at, until=mrr_span.to_at, over=mrr_span.amount, unit="money"),
        "net_new": movement(account_month.net_new),
        "new": movement(account_month.new),
        "expansion": movement(account_month.expansion),
        "contraction": movement(account_month.contraction),
        "churn": movement(account_month.churn),
        "reactivation": movement(account_month.reactivation),
        "currency": movement(account_month.currency_effect),
        "nrr": kept("net"),
        "grr": kept("gross"),
    },
    differs={
        "net_new": "What the period added: new, expansion and reactivation less contraction and churn.",
        "new": "From accounts that had never paid before.",
        "expansion": "What accounts that paid already pay more.",
        "contraction": "What accounts that go on paying pay less; one of two subscriptions dropped is one.",
        "churn": "What accounts that stopped or paused all they pay for had paid.",
        "reactivation": "From accounts that had paid before, stopped or paused, and pay again.",
        "currency": "What the opening revenue is worth more or less by the month's exchange rates alone.",
        "nrr": "Net revenue retention: of the revenue at the start, what those accounts pay at the end.",
        "grr": "Gross revenue retention: as nrr, but no account counts for more than it paid at the start.",
    },
    better="higher",
    better_for={"contraction": "lower", "churn": "lower", "currency": "none"},
    signal="lagging",
    caveats=(
        "One-off fees, usage and tax are no part of it; a yearly plan counts a twelfth.",
        (
            "A trial counts nothing until it is paid. A paused account is churned, and its return a reactivation: "
            "the revenue did stop."
        ),
        (
            "Movements are netted over an account's subscriptions and over a month: what began and ended within one "
            "month is not seen."
        ),
        (
            "Opening, new, expansion and reactivation, less contraction and churn, and the effect of currency add up "
            "to closing to the cent. An amount in another currency is worth the rate of the month's last day."
        ),
        "An account of which one amount has no exchange rate is left out altogether, and counted as left out.",
        "Movements are those of whole months that begin in the period; the month that still runs is taken as of now.",
        "Totals at several instants do not add up: the same subscription stands in each.",
    ),
    asked_for_in="D",
)
