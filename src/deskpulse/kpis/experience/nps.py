"""Would customers recommend us?"""

from deskpulse.facts import survey
from deskpulse.metrics.fact import Condition
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import NetShare, Share, StratifiedShare, WeightedShare, share

IS_QUESTION = survey.kind.equals("nps")
IS_TO_TEN = survey.scale_high.equals(10) & survey.scale_low.at_most(1)
IS_ANSWER = IS_QUESTION & survey.is_answered & IS_TO_TEN
PROMOTERS, DETRACTORS = survey.score.at_least(9), survey.score.at_most(6)
LEFT_OUT = (
    ("blank or outside the scale", IS_QUESTION & survey.is_blank),
    ("not on a scale to 10", IS_QUESTION & survey.is_answered & ~IS_TO_TEN),
)
FLAGGED = (
    ("Some were asked on a scale from 1 to 10, which has no 0 and fewer detractors", survey.scale_low.equals(1)),
)


def part(where: Condition) -> Share:
    """The share of the answers on a scale to 10."""
    return share(where, dated_by=survey.answered_at, of=IS_ANSWER, left_out=LEFT_OUT)


nps = KPI(
    title="Net promoter score",
    meaning="Share of answers from 9 to 10 less share of answers from 0 to 6, on a scale of 0 to 10.",
    also_called=("NPS", "recommendation score", "likelihood to recommend"),
    variants={
        "nps": NetShare(
            plus=PROMOTERS,
            minus=DETRACTORS,
            dated_by=survey.answered_at,
            of=IS_ANSWER,
            left_out=LEFT_OUT,
            flagged=FLAGGED,
        ),
        "promoters": part(PROMOTERS),
        "passives": part(~PROMOTERS & ~DETRACTORS),
        "detractors": part(DETRACTORS),
        "weighted": WeightedShare(
            where=PROMOTERS,
            minus=DETRACTORS,
            weight=survey.weight,
            unit="net",
            dated_by=survey.answered_at,
            of=IS_ANSWER,
            left_out=LEFT_OUT,
            flagged=FLAGGED,
        ),
        "by_channel": StratifiedShare(
            where=PROMOTERS,
            minus=DETRACTORS,
            given=survey.is_answered & IS_TO_TEN,
            stratum=survey.channel,
            unit="net",
            dated_by=survey.offered_at,
            of=IS_QUESTION,
            flagged=FLAGGED,
        ),
    },
    differs={
        "promoters": "The share of answers from 9 to 10 alone.",
        "passives": "The share of answers of 7 or 8, which the score does not show.",
        "detractors": "The share of answers from 0 to 6 alone.",
        "weighted": "Each answer counts with its weight, which the survey brings or the settings' population gives it.",
        "by_channel": "Each channel counts as much as was asked in it, however few answered; dated by the invitation.",
    },
    better="higher",
    better_for={"passives": "none", "detractors": "lower"},
    signal="lagging",
    guardrails=(("survey_response_rate", "A score of the few who answered says little about the others."),),
    caveats=(
        "The same score can come of very different answers: look at promoters and detractors beside it.",
        "It needs about 4,000 answers for a margin of 2.3 points; with 100 the margin is about 14.6 points.",
        "A survey from 1 to 10 is accepted and told in a note: it is not the same question.",
        "It is about the company as a whole; price and product move it as much as support does.",
        "Weights mend what depends on the channel; what depends on the score itself, no weight can mend.",
    ),
    asked_for_in="ABCDE",
    sources=(
        "Reichheld, Harvard Business Review 81 (2003) 12: the question and its groups",
        "Bonett and Price, Journal of Educational and Behavioral Statistics 37 (2012): interval of the difference",
        "Kish, Survey Sampling (1965): the effective size of a weighted sample",
    ),
)
