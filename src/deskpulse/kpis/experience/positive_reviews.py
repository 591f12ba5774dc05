"""How many customers praise us in public?"""

from deskpulse.facts import review
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Count, Score, Spread, share

NO_STARS = (("no stars from 1 to 5", ~review.is_rated),)

positive_reviews = KPI(
    title="Positive reviews",
    meaning="Public reviews with 5 stars.",
    also_called=("5-star reviews", "five-star reviews", "public reviews"),
    variants={
        "count": Count(dated_by=review.published_at, of=review.is_positive),
        "share": share(review.is_positive, dated_by=review.published_at, of=review.is_rated, left_out=NO_STARS),
        "average_stars": Score(
            over=review.stars,
            low=review.fewest_stars,
            high=review.most_stars,
            dated_by=review.published_at,
            of=review.is_rated,
            left_out=NO_STARS,
        ),
        "days_to_review": Spread(
            over=review.time_to_review,
            dated_by=review.published_at,
            unit="seconds",
        ),
    },
    differs={
        "share": "The share of the reviews with stars that have all 5.",
        "average_stars": "The mean number of stars.",
        "days_to_review": "How long after the solve a review came, where its ticket is known.",
    },
    better="higher",
    better_for={"days_to_review": "lower"},
    signal="lagging",
    guardrails=(("csat", "Asking only the happy ones for a review raises this and changes nothing."),),
    caveats=(
        "Who reviews in public is delighted or furious: it is not the mood of all customers.",
        "Reviews that were asked for are kinder than the others: split by solicited.",
        "Few sites tell which ticket a review is about; the time to review is known for those alone.",
    ),
    asked_for_in="D",
)
