"""One row per thing a customer wrote, read as negative, positive or neither. The words stay in the events."""

from deskpulse.metrics.fact import Fact

FACT = Fact(name="remark", meaning="One row per message of a customer and per survey comment, as read.", key="remark")

FACT.text("remark", "The message or survey: source:id.")
FACT.text("ticket", "The ticket it is about: source:id.")
FACT.text("left_out", "Why it never counts.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("medium", "Where it was written: message or comment.")
FACT.dimension("channel", "How the ticket came in, else how the survey was sent.")
FACT.dimension("type", "Kind of request when last set.")
FACT.dimension("topic", "What it is about when last set.")
FACT.text("agent", "Who solved the ticket.")
FACT.text("team", "That person's team then.")
said_at = FACT.moment("said_at", "when it was written", agent="agent", team="team")
model_accuracy = FACT.number("model_accuracy", "the accuracy on rated texts unseen, bad and good counting alike")
rated_texts = FACT.integer("rated_texts", "how many rated texts it was measured on")
is_negative = FACT.flag("is_negative", "the text reads negative")
is_positive = FACT.flag("is_positive", "the text reads positive")
