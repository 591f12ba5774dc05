"""Help-centre articles: how long each stood published, and what readers did with it day by day."""

from deskpulse.metrics.fact import Fact

STALE_DAYS = 180
"""An article nobody reviewed or edited for this long is taken to be stale."""

FACT = Fact(name="article", meaning="One row per help-centre article.", key="article_id")

FACT.text("article_id", "The article: source:id.")
FACT.text("left_out", "Why it never counts; always empty.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("article", "Its title, else its id.")
FACT.dimension("topic", "What it is about.")
FACT.dimension("language", "Its language.")
published_at = FACT.moment("published_at", "when it was first published")
updated_at = FACT.moment("updated_at", "when it was last reviewed or edited, else published")
stale_at = FACT.moment("stale_at", f"when it had stood {STALE_DAYS} days without a review or edit")
unpublished_at = FACT.moment("unpublished_at", "when it was taken down")

DAY = Fact(
    name="article_day",
    meaning="One row per article and day in the workspace's zone, and one per day for searches of no article.",
    key="article_id",
)
DAY.text("article_id", "The article: source:id; the source alone where no article was involved.")
DAY.text("left_out", "Why it never counts; always empty.")
DAY.dimension("source", "The connection it came from.")
DAY.dimension("article", "The article's title, else its id.")
DAY.dimension("topic", "What the article is about.")
DAY.dimension("language", "The article's language.")
day = DAY.moment("day", "the day, dated by the instant it began")
views = DAY.integer("views", "views of articles")
helpful = DAY.integer("helpful", "votes that an article helped")
votes = DAY.integer("votes", "votes, helpful or not")
searches = DAY.integer("searches", "searches, with or without a result")
failed_searches = DAY.integer("failed_searches", "searches without a result")
linked = DAY.integer("linked", "times an article was linked in a reply")
bot_resolved = DAY.integer("bot_resolved", "conversations a bot ended with an article")
