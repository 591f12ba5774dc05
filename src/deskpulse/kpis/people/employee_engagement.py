"""Do the people who do the support want to be here?"""

from deskpulse.facts import engagement
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Least, NetShare, Score, Share

FEWEST = Least(n=5, of=engagement.respondent)
IS_ANSWER = engagement.score.is_known()
IS_RECOMMENDATION = engagement.question.equals("enps")
BLANK = (("outside the scale", engagement.is_blank & ~IS_RECOMMENDATION),)
BLANK_RECOMMENDATION = (("outside the scale", engagement.is_blank & IS_RECOMMENDATION),)

employee_engagement = KPI(
    title="Employee engagement",
    meaning="Mean answer of staff to the questions of an engagement survey, from 1 to 10.",
    also_called=("staff engagement", "employee satisfaction", "eNPS"),
    variants={
        "mean": Score(
            over=engagement.score,
            low=engagement.score_low,
            high=engagement.score_high,
            dated_by=engagement.answered_at,
            of=IS_ANSWER & ~IS_RECOMMENDATION,
            left_out=BLANK,
            least=FEWEST,
        ),
        "favourable": Share(
            where=engagement.score.at_least(8),
            dated_by=engagement.answered_at,
            of=IS_ANSWER & ~IS_RECOMMENDATION,
            left_out=BLANK,
            least=FEWEST,
        ),
        "enps": NetShare(
            plus=engagement.score.at_least(9),
            minus=engagement.score.at_most(6),
            dated_by=engagement.answered_at,
            of=IS_ANSWER & IS_RECOMMENDATION,
            left_out=BLANK_RECOMMENDATION,
            least=FEWEST,
        ),
    },
    differs={
        "favourable": "The share of answers from 8 to 10.",
        "enps": "Answers 9 to 10 less answers to 6, to the question 'enps' (would you recommend working here).",
    },
    better="higher",
    signal="leading",
    guardrails=(("csat", "Customers hear whether the person who helps them wants to be there."),),
    caveats=(
        "Groups of fewer than 5 people are hidden, and single answers are never shown.",
        "A hidden group can be worked out from the total when it is the only one: then show the total alone.",
        "Where the survey does not say who answered, the answers of a team to one question in a month count as people.",
        "The mean and the share favourable leave the question 'enps' out.",
    ),
    asked_for_in="D",
    sources=(
        "Bonett and Price, Journal of Educational and Behavioral Statistics 37 (2012): interval of the difference",
    ),
)
