"""A visit to the help centre, and whether the same customer asked a person for help soon after."""

from deskpulse.metrics.fact import Fact

PAUSE_SECONDS = 1_800
"""A reader who comes back after a longer pause makes another visit."""

HOURS_TO_CONTACT = 24
"""A ticket or call until so long after the last page belongs to the visit."""

FACT = Fact(name="visit", meaning="One row per visit to the help centre.", key="visit")

FACT.text("visit", "The visit: source:visitor:when it began, in seconds since 1970.")
FACT.text("left_out", "Why it never counts; always empty.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("article", "The first article read.")
FACT.dimension("topic", "What that article is about.")
FACT.dimension("language", "That article's language.")
customer = FACT.text("customer", "Who read: source:id, known from this visit or another of the same visitor.")
began_at = FACT.moment("began_at", "when the visit began")
ended_at = FACT.moment("ended_at", "the last thing the reader did")
contacted_at = FACT.moment(
    "contacted_at", f"the customer's first ticket or call from then to {HOURS_TO_CONTACT} hours after the visit's end"
)
views = FACT.integer("views", "articles read")
failed_searches = FACT.integer("failed_searches", "searches without a result")
is_helpful = FACT.flag("is_helpful", "the reader's last vote says that it helped")
is_bot_resolved = FACT.flag("is_bot_resolved", "a bot took the question to be answered")
