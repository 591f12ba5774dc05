"""Are customers satisfied with the support they got?"""

from deskpulse.facts import survey
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Score, StratifiedShare, WeightedShare, share

IS_SATISFACTION = survey.kind.equals("csat")
IS_RATING = IS_SATISFACTION & survey.is_answered & survey.score.is_known()
BLANK = ("blank or outside the scale", IS_SATISFACTION & survey.is_blank)

csat = KPI(
    title="Customer satisfaction",
    meaning="Share of the ratings given that are good ones: 4 or 5 of 5, 9 or 10 of 10, good rather than bad.",
    also_called=("CSAT", "satisfaction score", "customer satisfaction score"),
    variants={
        "top_two_box": share(survey.is_satisfied, dated_by=survey.answered_at, of=IS_RATING, left_out=(BLANK,)),
        "good_over_rated": share(
            survey.is_satisfied,
            dated_by=survey.answered_at,
            of=IS_RATING & ~survey.is_neutral,
            left_out=(("neutral rating", IS_RATING & survey.is_neutral), BLANK),
        ),
        "mean": Score(
            over=survey.score,
            low=survey.scale_low,
            high=survey.scale_high,
            dated_by=survey.answered_at,
            of=IS_RATING,
            left_out=(BLANK,),
        ),
        "normalised_mean": Score(
            over=survey.score,
            low=survey.scale_low,
            high=survey.scale_high,
            normalised=True,
            dated_by=survey.answered_at,
            of=IS_RATING,
            left_out=(BLANK,),
            unit="share",
        ),
        "top_box": share(survey.is_top_box, dated_by=survey.answered_at, of=IS_RATING, left_out=(BLANK,)),
        "weighted": WeightedShare(
            where=survey.is_satisfied,
            weight=survey.weight,
            dated_by=survey.answered_at,
            of=IS_RATING,
            left_out=(BLANK,),
        ),
        "by_channel": StratifiedShare(
            where=survey.is_satisfied,
            given=survey.is_answered,
            stratum=survey.channel,
            dated_by=survey.offered_at,
            of=IS_SATISFACTION,
        ),
    },
    differs={
        "good_over_rated": "Ratings in the middle of the scale are dropped from both sides.",
        "mean": "The mean rating, in the scale's own points; not given where several scales are in use: ask by scale.",
        "normalised_mean": "The mean rating stretched to 0-100 %, so that scales of any length can be compared.",
        "top_box": "Only the best possible rating counts.",
        "weighted": "Each rating counts with its weight, which the survey brings or the settings' population gives it.",
        "by_channel": "Each channel counts as much as was asked in it, however few answered; dated by the invitation.",
    },
    better="higher",
    signal="lagging",
    guardrails=(("survey_response_rate", "A score of the few who answered says little about the others."),),
    caveats=(
        "One set of ratings gives figures ten and more points apart, by variant: name the variant beside the number.",
        "It hears those who answer, and who answers depends on channel and mood.",
        "Weights mend what depends on the channel; what depends on the rating itself, no weight can mend.",
        (
            "A customer who rates again counts once, with the last rating, on the day of the first; "
            "date it by rated_at to count it on the day of the last."
        ),
        "With few ratings the interval is wide: 9 of 10 may be anything from 60 to 98 %.",
        "Ratings are about the person who solved the ticket unless the survey names somebody.",
    ),
    asked_for_in="ABCDE",
    sources=(
        "Wilson, Journal of the American Statistical Association 22 (1927): interval of a share",
        "Kish, Survey Sampling (1965): the effective size of a weighted sample",
    ),
)
