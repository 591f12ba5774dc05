"""What support cost, by day: a month's amount is spread evenly over its days, so that any period can be asked for."""

from deskpulse.metrics.fact import Fact

FACT = Fact(
    name="spend_day",
    meaning="One row per item of support's cost and day: an even part of its month's amount, exact in sum.",
    key="spend",
)

FACT.text("spend", "The item: source:id.")
FACT.text("left_out", "Why it never counts: no rate for its currency.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("item", "Pay, tools, outsourcing ...")
FACT.dimension("channel", "The channel it was spent on, where that is known.")
FACT.dimension("team", "The team it was spent on.")
spent_at = FACT.moment("spent_at", "when the day of the cost began")
amount = FACT.money("amount", "cost of support")
