"""One row per agent and day of the workspace's zone: how the day was spent and what was done in it."""

from deskpulse.metrics.fact import Fact

FACT = Fact(
    name="agent_day",
    meaning="One row per agent and day that they were employed, logged in or at work.",
    key="agent_day",
)

FACT.text("agent_day", "source:agent:date.")
FACT.text("left_out", "Why it never counts; always empty.")
FACT.dimension("source", "The connection it came from.")
agent = FACT.text("agent", "Who.")
FACT.text("team", "That person's team at the end of the day.")
day_at = FACT.moment("day_at", "the day, from its first instant", agent="agent", team="team")
logged_in_seconds = FACT.number("logged_in_seconds", "time available, handling, on a break or in another state")
available_seconds = FACT.number("available_seconds", "time available and waiting for work")
handling_seconds = FACT.number("handling_seconds", "time handling contacts")
break_seconds = FACT.number("break_seconds", "time on a break")
meeting_seconds = FACT.number("meeting_seconds", "time in meetings")
training_seconds = FACT.number("training_seconds", "time in training")
paid_seconds = FACT.number("paid_seconds", "time logged in, in meetings and in training")
productive_seconds = FACT.number("productive_seconds", "time handling contacts or available for them")
replies = FACT.integer("replies", "replies written to customers")
solves = FACT.integer("solves", "tickets solved")
calls = FACT.integer("calls", "calls handled")
is_employed = FACT.flag("is_employed", "they were employed that day")
is_helping = FACT.flag("is_helping", "they answered, solved or handled something that day")
