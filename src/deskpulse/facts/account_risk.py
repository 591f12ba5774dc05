"""One row per account that pays now: how probably it leaves this month, by its experience of support."""

from deskpulse.metrics.fact import Fact

FACT = Fact(
    name="account_risk",
    meaning="One row per account that paid at the start of the month and pays now, with its risk of leaving in it.",
    key="account",
)

FACT.text("account", "The paying account: source:id.")
FACT.text("left_out", "Why there is no risk: too little to learn from, or nothing that tells who leaves.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("plan", "The plan worth most at the start of the month.")
FACT.dimension("segment", "The account's segment.")
scored_at = FACT.moment("scored_at", "when the month of the risk began")
mrr = FACT.money("mrr", "monthly recurring revenue (MRR) now")
risk = FACT.number("risk", "the probability of leaving within the month")
mrr_at_risk = FACT.money("mrr_at_risk", "MRR times the probability of leaving within the month")
account_months = FACT.integer("account_months", "account-months that were learned from")
departures = FACT.integer("departures", "how many of these ended with the account leaving")
calibration_slope = FACT.number("calibration_slope", "slope of the outcome on the predicted log-odds, out of sample")
calibration_error = FACT.number("calibration_error", "mean distance of predicted and seen shares, out of sample")
