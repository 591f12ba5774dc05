"""One row per stretch in which a subscription was worth the same: what stood at any instant can be added up."""

from deskpulse.metrics.fact import Fact

FACT = Fact(
    name="mrr_span",
    meaning="One row per stretch of a subscription with one worth per month and one rate; none while it is worth 0.",
    key="subscription",
)

FACT.text("subscription", "The subscription: source:id.")
FACT.text("account", "The paying account: source:id.")
FACT.text("left_out", "Why the account never counts: no rate for one of its currencies.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("plan", "The plan.")
FACT.dimension("currency", "The currency it is paid in.")
from_at = FACT.moment("from_at", "when the stretch began")
to_at = FACT.moment("to_at", "when the stretch ended; null while it stands")
amount = FACT.money("amount", "monthly recurring revenue (MRR)")
