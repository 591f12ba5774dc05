"""What the company took, by day: a month's amount is spread evenly over its days."""

from deskpulse.metrics.fact import Fact

FACT = Fact(
    name="revenue_day",
    meaning="One row per source, kind and currency of revenue and day: an even part of its month, exact in sum.",
    key="revenue",
)

FACT.text("revenue", "The connection, kind, currency and month: source:recurring:EUR:2026-01.")
FACT.text("left_out", "Why it never counts: no rate for its currency.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("kind", "Recurring or one_off.")
taken_at = FACT.moment("taken_at", "when the day of the revenue began")
amount = FACT.money("amount", "revenue")
