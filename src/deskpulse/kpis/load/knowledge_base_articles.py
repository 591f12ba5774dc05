"""Is the help centre complete, fresh and read?"""

from deskpulse.facts import article
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Census, PooledShare, Quotient, Total

PUBLISHED = Census(dated_by=article.published_at, until=article.unpublished_at)

knowledge_base_articles = KPI(
    title="Knowledge base articles",
    meaning="Articles that stood published at an instant: the end of each period asked for.",
    also_called=("help centre articles", "knowledge base health", "self-service content"),
    variants={
        "published": PUBLISHED,
        "helpful_share": PooledShare(hits=article.helpful, trials=article.votes, dated_by=article.day),
        "stale_share": Quotient(
            numerator=Census(dated_by=article.stale_at, until=article.unpublished_at),
            denominator=PUBLISHED,
            dated_by=article.published_at,
        ),
        "failed_searches": PooledShare(hits=article.failed_searches, trials=article.searches, dated_by=article.day),
        "viewed": Total(over=article.views, dated_by=article.day, unit="count"),
        "linked": Total(over=article.linked, dated_by=article.day, unit="count"),
    },
    differs={
        "helpful_share": "Share of readers' votes that say the article helped.",
        "stale_share": f"Share of the articles standing then that nobody had reviewed for {article.STALE_DAYS} days.",
        "failed_searches": "Share of searches that found nothing.",
        "viewed": "How often articles were read.",
        "linked": "How often people linked an article in a reply.",
    },
    better="higher",
    better_for={"stale_share": "lower", "failed_searches": "lower"},
    signal="leading",
    guardrails=(("deflection_rate", "More articles are worth something when fewer people have to ask."),),
    caveats=(
        "More is not better where the same is said twice: read the number beside its helpful and stale shares.",
        "Few readers vote, and the annoyed more than the others: the interval is about votes, not about readers.",
        "Only the last review is known: a stale share of the past misses articles that were reviewed since.",
        "A day is one of the workspace's zone; in another zone its figures stand on the day its midnight falls on.",
        "A source that logs searches only when they fail shows a share of 100 %.",
    ),
    asked_for_in="D",
    sources=("Wilson, Journal of the American Statistical Association 22 (1927): interval of a share",),
)
