"""Are customers satisfied with the support they got?"""

from deskpulse.facts import survey
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Score, share

IS_RATING = survey.kind.equals("csat") & survey.is_answered & survey.score.is_known()

csat = KPI(
    title="Customer satisfaction",
    meaning="Share of the ratings given that are good ones: 4 or 5 of 5, 9 or 10 of 10, good rather than bad.",
    also_called=("CSAT", "satisfaction score", "customer satisfaction score"),
    variants={
        "top_two_box": share(survey.is_satisfied, dated_by=survey.answered_at, of=IS_RATING),
        "good_over_rated": share(
            survey.is_satisfied,
            dated_by=survey.answered_at,
            of=IS_RATING & ~survey.is_neutral,
            left_out=(("neutral rating", IS_RATING & survey.is_neutral),),
        ),
        "mean": Score(
            over=survey.score, low=survey.scale_low, high=survey.scale_high, dated_by=survey.answered_at, of=IS_RATING
        ),
        "normalised_mean": Score(
            over=survey.score,
            low=survey.scale_low,
            high=survey.scale_high,
            normalised=True,
            dated_by=survey.answered_at,
            of=IS_RATING,
            unit="share",
        ),
        "top_box": share(survey.is_top_box, dated_by=survey.answered_at, of=IS_RATING),
    },
    differs={
        "good_over_rated": "Ratings in the middle of the scale are dropped from both sides.",
        "mean": "The mean rating, in the scale's own points; mixes scales where several are in use.",
        "normalised_mean": "The mean rating stretched to 0-100 %, so that scales of any length can be compared.",
        "top_box": "Only the best possible rating counts.",
    },
    better="higher",
    signal="lagging",
    guardrails=(("survey_response_rate", "A score of the few who answered says little about the others."),),
    caveats=(
        "One set of ratings gives figures ten and more points apart, by variant: name the variant beside the number.",
        "It hears those who answer, and who answers depends on channel and mood.",
        (
            "A customer who rates again counts once, with the last rating, on the day of the first; "
            "date it by rated_at to count it on the day of the last."
        ),
        "With few ratings the interval is wide: 9 of 10 may be anything from 60 to 98 %.",
        "Ratings are about the person who solved the ticket unless the survey names somebody.",
    ),
    asked_for_in="ABCDE",
    sources=("Wilson, Journal of the American Statistical Association 22 (1927): interval of a share",),
)
