"""One row per paying account and month: what it was worth at both ends of the month, and why that differs."""

from deskpulse.metrics.fact import Fact

FACT = Fact(
    name="account_month",
    meaning="One row per account and month of the workspace's zone, from the first it paid to one past the last.",
    key="account",
)

account = FACT.text("account", "The paying account: source:id.")
spell = FACT.text("spell", "The account's life as a payer, counted again after each return: source:id#1.")
FACT.text("left_out", "Why the account never counts: no rate for one of its currencies.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("plan", "The plan worth most at the start of the month; of a new or returned account at its end.")
FACT.dimension("segment", "The account's segment at the end of the month.")
FACT.dimension("currency", "The currency it pays that plan in.")
month_at = FACT.moment("month_at", "when the month began")
opening = FACT.money("opening", "monthly recurring revenue (MRR) at the start of the month")
closing = FACT.money("closing", "monthly recurring revenue (MRR) at the end of the month, or now")
new = FACT.money("new", "MRR of an account that had never paid at the end of a month")
expansion = FACT.money("expansion", "what an account that paid at both ends of the month pays more")
contraction = FACT.money("contraction", "what an account that paid at both ends of the month pays less")
churn = FACT.money("churn", "MRR of an account that no longer pays, or paused")
reactivation = FACT.money("reactivation", "MRR of an account that pays again")
currency_effect = FACT.money("currency_effect", "what the opening MRR is worth more by the month's rates alone")
net_new = FACT.money("net_new", "new, expansion and reactivation less contraction and churn")
margin = FACT.money("margin", "the opening MRR times the gross margin of the settings")
FACT.money("one_off", "one-off fees of the month, which are no part of MRR")
FACT.integer("tenure_months", "months since the account's first as a payer")
spell_months = FACT.integer("spell_months", "months since the account began, or began again, to pay")
discount_rate = FACT.number("discount_rate", "what money loses in worth per year, by the settings")
lifetime_cap_months = FACT.integer("lifetime_cap_months", "the longest life that is added up, by the settings")
is_active_at_start = FACT.flag("is_active_at_start", "the account paid at the start of the month")
is_active_at_end = FACT.flag("is_active_at_end", "the account pays at the end of the month")
is_churned = FACT.flag("is_churned", "the account stopped paying in the month")
