"""One row per answer of staff to a question of an engagement survey. Who answered is not kept."""

from deskpulse.metrics.fact import Fact

FACT = Fact(name="engagement", meaning="One row per answer to a question of an engagement survey.", key="answer")

FACT.text("answer", "The answer: a number that says nothing of who gave it.")
FACT.text("left_out", "Why it never counts.")
FACT.dimension("source", "The connection it came from.")
question = FACT.dimension("question", "The question's id; enps asks for a recommendation as an employer.")
FACT.text("team", "The group it is shown for, else the team the person was in then.")
answered_at = FACT.moment("answered_at", "when it was answered", team="team")
respondent = FACT.text("respondent", "Tells respondents apart, without a name.")
score = FACT.number("score", "the answer from 1 to 10")
score_low = FACT.number("score_low", "the lowest answer possible")
score_high = FACT.number("score_high", "the highest answer possible")
is_blank = FACT.flag("is_blank", "the answer is outside its scale")
