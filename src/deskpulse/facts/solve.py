"""One row per time a ticket was solved, and what came after."""

from deskpulse.metrics.fact import Fact

FACT = Fact(name="solve", meaning="One row per solve.", key="ticket")

FACT.integer("ticket_key", "The workspace's own number of the ticket.")
FACT.text("ticket", "The ticket as people know it: source:id.")
FACT.text("left_out", "Why the ticket never counts.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("channel", "How the ticket came in.")
FACT.dimension("type", "Kind of request when last set.")
FACT.dimension("topic", "What it is about when last set.")
FACT.dimension("priority", "Priority when last set.")
FACT.text("agent", "Who solved it.")
FACT.text("team", "That person's team then, else the ticket's.")
position = FACT.integer("position", "1 for the ticket's first solve, then counting")
solved_at = FACT.moment("solved_at", "when it was solved", agent="agent", team="team")
reopened_at = FACT.moment("reopened_at", "when it was reopened after this solve", agent="agent", team="team")
