"""How many of those we ask do answer?"""

from deskpulse.facts import survey
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Share, share


def answered(*kinds: str) -> Share:
    """Answered, of the surveys of these kinds (of all, when none is named) offered in the period."""
    wanted = [survey.kind.equals(kind) for kind in kinds]
    of = wanted[0] if wanted else None
    for kind in wanted[1:]:
        of = of | kind if of else kind
    return share(survey.is_answered, dated_by=survey.offered_at, of=of)


survey_response_rate = KPI(
    title="Survey response rate",
    meaning="Share of the surveys offered in the period that were answered, whenever the answer came.",
    also_called=("CSAT response rate", "survey participation"),
    variants={
        "csat": answered("csat"),
        "nps": answered("nps"),
        "ces": answered("ces1", "ces2"),
        "resolved": answered("resolved"),
        "all": answered(),
    },
    differs={
        "nps": "Surveys that ask for a recommendation.",
        "ces": "Surveys that ask for the effort it took, in either wording.",
        "resolved": "Surveys that ask whether the problem was solved.",
        "all": "Surveys of every kind.",
    },
    better="higher",
    signal="leading",
    guardrails=(("csat", "Asking only the happy ones raises both."),),
    caveats=(
        "Answers are counted with the survey they belong to: answers to older surveys do not enter.",
        "The newest surveys may still be answered, so the rate of the last days rises later.",
        "An answer whose invitation is unknown belongs to no cohort and does not count.",
    ),
    asked_for_in="B",
)
