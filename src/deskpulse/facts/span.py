"""A stretch of a ticket in one status, with one assignee, team and schedule: the clock segments that prove a number."""

from deskpulse.metrics.fact import Fact

FACT = Fact(name="span", meaning="One row per stretch of a ticket between two changes.", key="ticket")

FACT.integer("ticket_key", "The workspace's own number of the ticket.")
FACT.text("ticket", "The ticket as people know it: source:id.")
FACT.text("left_out", "Why the ticket never counts.")
FACT.integer("position", "1 for the first stretch, then counting.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("channel", "How the ticket came in.")
FACT.dimension("type", "Kind of request when last set.")
FACT.dimension("topic", "What it is about when last set.")
FACT.dimension("priority", "Priority when last set.")
FACT.dimension("status", "Status during the stretch.")
FACT.text("agent", "Assignee during the stretch.")
FACT.text("team", "Team during the stretch.")
FACT.dimension("tier", "Support level during the stretch.")
FACT.dimension("schedule", "Schedule in force during the stretch.")
ticket_created_at = FACT.moment("ticket_created_at", "when the ticket was opened")
from_at = FACT.moment("from_at", "when the stretch began", agent="agent", team="team")
to_at = FACT.moment("to_at", "when it ended", agent="agent", team="team")
stretch = FACT.duration("stretch", "length of the stretch", dated_by=from_at, missing="not ended yet")
is_unsolved = FACT.flag("is_unsolved", "the ticket stood unsolved")
is_unassigned = FACT.flag("is_unassigned", "the ticket stood unsolved and unassigned")
