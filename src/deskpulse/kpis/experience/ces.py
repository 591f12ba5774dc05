"""How much effort does it cost customers to get help?"""

from deskpulse.facts import survey, ticket
from deskpulse.metrics.fact import Condition
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import NetShare, Score, share

IS_AGREEMENT, IS_EFFORT = survey.kind.equals("ces2"), survey.kind.equals("ces1")


def left_out(asked: Condition) -> tuple[tuple[str, Condition], ...]:
    """The answers to a question that are none."""
    return (("blank or outside the scale", asked & survey.is_blank),)


def mean(asked: Condition) -> Score:
    """The mean answer to a question, on its own scale."""
    return Score(
        over=survey.score,
        low=survey.scale_low,
        high=survey.scale_high,
        dated_by=survey.answered_at,
        of=asked & survey.is_answered,
        left_out=left_out(asked),
    )


ces = KPI(
    title="Customer effort score",
    meaning="Mean agreement, from 1 to 7, with: the company made it easy for me to handle my issue.",
    also_called=("CES", "effort score", "ease"),
    variants={
        "ces2": mean(IS_AGREEMENT),
        "ces2_share": share(
            survey.is_agreement,
            dated_by=survey.answered_at,
            of=IS_AGREEMENT & survey.is_answered,
            left_out=left_out(IS_AGREEMENT),
        ),
        "ces1": mean(IS_EFFORT),
        "interactions": NetShare(
            plus=ticket.exchanges.more_than(3),
            minus=ticket.exchanges.at_least(1) & ticket.exchanges.at_most(2),
            dated_by=ticket.solved_at,
            of=ticket.is_solved,
        ),
    },
    differs={
        "ces2_share": "The share that agrees: 5 to 7 on a scale of 1 to 7.",
        "ces1": "The older question, how much effort was it, from 1 (very low) to 5 (very high): lower is better.",
        "interactions": "Nobody is asked: solved tickets that took more than 3 exchanges less those that took 1 or 2.",
    },
    better="higher",
    better_for={"ces1": "lower", "interactions": "lower"},
    signal="lagging",
    guardrails=(("first_contact_resolution", "Easy to reach and still not solved is effort twice."),),
    caveats=(
        "The two questions run in opposite directions on different scales: they are never put on one trend line.",
        "Answers on several scales have no common mean: ask by scale.",
        "'interactions' counts a solved ticket without any exchange, as a phone call may be, on neither side.",
        "It hears those who answer, and who answers depends on channel and mood.",
    ),
    asked_for_in="ABD",
    sources=(
        "Dixon, Freeman and Toman, Harvard Business Review 88 (2010) 7-8: the question of effort",
        "Bonett and Price, Journal of Educational and Behavioral Statistics 37 (2012): interval of the difference",
    ),
)
