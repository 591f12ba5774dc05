"""One row per customer turn: from its first unanswered message to the next public reply of a person."""

from deskpulse.metrics.fact import Fact

FACT = Fact(name="reply", meaning="One row per answered customer turn.", key="ticket")

FACT.integer("ticket_key", "The workspace's own number of the ticket.")
FACT.text("ticket", "The ticket as people know it: source:id.")
FACT.text("left_out", "Why the ticket never counts.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("channel", "How the ticket came in.")
FACT.dimension("type", "Kind of request when last set.")
FACT.dimension("topic", "What it is about when last set.")
FACT.dimension("priority", "Priority when last set.")
FACT.text("agent", "Who replied.")
FACT.text("team", "That person's team then, else the ticket's.")
turn = FACT.integer("turn", "1 for the ticket's first turn, then counting")
asked_at = FACT.moment("asked_at", "when the turn's first message was written", agent="agent", team="team")
replied_at = FACT.moment("replied_at", "when a person replied", agent="agent", team="team")
is_first = FACT.flag("is_first", "it is the ticket's first turn")
wait = FACT.duration(
    "wait", "time from a turn's first message to the reply", dated_by=replied_at, missing="not answered yet"
)
ticket_mean_wait = FACT.duration(
    "ticket_mean_wait",
    "mean wait of the ticket's later turns, on the last of them",
    dated_by=replied_at,
    missing="not the last turn of its ticket",
)
