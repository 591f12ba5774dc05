"""Do customers sound unhappy?"""

from deskpulse.facts import remark
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import ReadNetShare, ReadShare

sentiment = KPI(
    title="Sentiment",
    meaning="Share of customers' messages and survey comments that read negative.",
    also_called=("customer sentiment", "negative sentiment", "tone"),
    variants={
        "negative_share": ReadShare(
            where=remark.is_negative,
            accuracy=remark.model_accuracy,
            measured_on=remark.rated_texts,
            dated_by=remark.said_at,
        ),
        "net": ReadNetShare(
            plus=remark.is_positive,
            minus=remark.is_negative,
            accuracy=remark.model_accuracy,
            measured_on=remark.rated_texts,
            dated_by=remark.said_at,
        ),
    },
    differs={"net": "The share that reads positive less the share that reads negative: higher is better."},
    better="lower",
    better_for={"net": "higher"},
    signal="leading",
    guardrails=(("csat", "What customers say themselves goes before what a model reads."),),
    caveats=(
        "The model learns what goes with bad ratings here: it is not asked about sarcasm, and each text is read alone.",
        (
            "There is no value below 200 rated texts with 30 of each rating, nor when the model is not clearly better "
            "than guessing or always saying the more frequent rating."
        ),
        "Texts it is less than 60 % sure of read neither negative nor positive.",
        "The interval is that of counting; misreadings come on top. Trends mislead less than levels.",
        "The model learns again when ratings or texts come in, and the past is then read anew.",
        "People who write are not all customers, and problems make people write.",
    ),
    asked_for_in="AC",
)
