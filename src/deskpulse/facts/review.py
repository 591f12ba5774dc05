"""One row per public review, with the ticket it is about where that is known."""

from deskpulse.metrics.fact import Fact

FACT = Fact(name="review", meaning="One row per public review.", key="review")

FACT.text("review", "The review: source:id.")
FACT.text("ticket", "The ticket it is about: source:id.")
FACT.text("left_out", "Why the ticket never counts.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("site", "Where it was published.")
FACT.dimension("solicited", "Whether it was asked for: yes or no.")
FACT.dimension("channel", "How the ticket came in.")
FACT.dimension("type", "Kind of request of the ticket.")
FACT.dimension("topic", "What the ticket is about.")
FACT.text("agent", "Who solved the ticket.")
FACT.text("team", "That person's team then.")
FACT.text("customer", "Who wrote it: source:id.")
published_at = FACT.moment("published_at", "when it was published", agent="agent", team="team")
stars = FACT.number("stars", "the stars given, 1 to 5")
fewest_stars = FACT.number("fewest_stars", "the fewest stars possible")
most_stars = FACT.number("most_stars", "the most stars possible")
time_to_review = FACT.integer("time_to_review", "the time from the ticket's solve to its review")
FACT.text("comment", "the words")
is_positive = FACT.flag("is_positive", "the review has 5 stars")
is_rated = FACT.flag("is_rated", "the review has 1 to 5 stars")
