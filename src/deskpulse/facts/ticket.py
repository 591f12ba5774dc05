"""One row per ticket: its people, its moments, its durations on both clocks, and what became of it."""

from deskpulse.metrics.fact import Fact

FACT = Fact(name="ticket", meaning="One row per ticket.", key="ticket")

FACT.integer("ticket_key", "The workspace's own number of the ticket.")
FACT.text("ticket", "The ticket as people know it: source:id.")
left_out = FACT.text("left_out", "Why it never counts: test, spam, deleted, merged; empty when it does.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("channel", "How it came in.")
FACT.dimension("type", "Kind of request when last set.")
FACT.dimension("topic", "What it is about when last set.")
FACT.dimension("priority", "Priority when last set.")
FACT.dimension("brand", "Brand or product line.")
FACT.dimension("tier", "Support level when last set.")
FACT.text("customer", "Who asked: source:id.")
FACT.dimension("account", "The customer's company or account.")
FACT.dimension("segment", "The customer's segment when the ticket was opened.")
FACT.dimension("status", "Status when last set.")
FACT.dimension("schedule", "The schedule last in force.")
FACT.text("opening_team", "Team it was first in.")
FACT.text("opening_agent", "Person it was first assigned to.")
FACT.text("first_reply_agent", "Who wrote the first public reply.")
FACT.text("first_reply_team", "That person's team then.")
FACT.text("solve_agent", "Who solved it last.")
FACT.text("solve_team", "That person's team then, else the ticket's.")
FACT.text("first_solve_agent", "Who solved it first.")
FACT.text("first_solve_team", "That person's team then, else the ticket's.")

created_at = FACT.moment("created_at", "when it was opened", agent="opening_agent", team="opening_team")
first_replied_at = FACT.moment(
    "first_replied_at", "when a person first replied in public", agent="first_reply_agent", team="first_reply_team"
)
first_answered_at = FACT.moment(
    "first_answered_at", "when a person or a bot first replied", agent="first_reply_agent", team="first_reply_team"
)
first_solved_at = FACT.moment(
    "first_solved_at", "when it was first solved", agent="first_solve_agent", team="first_solve_team"
)
solved_at = FACT.moment("solved_at", "when it was last solved, if it still is", agent="solve_agent", team="solve_team")
next_contact_at = FACT.moment(
    "next_contact_at",
    "when the same customer next made contact about the same topic, up to 90 days after it was first solved, or the "
    "ticket was first reopened",
)

first_response = FACT.duration(
    "first_response",
    "time from the customer's first message to the first public reply of a person",
    dated_by=first_replied_at,
    missing="no public reply of a person yet",
)
response_after_handoff = FACT.duration(
    "response_after_handoff",
    "time from the bot's hand-off to the first public reply of a person",
    dated_by=first_replied_at,
    missing="never handed off by a bot, or not answered yet",
)
response_after_assignment = FACT.duration(
    "response_after_assignment",
    "time from the first assignment to the first public reply of a person",
    dated_by=first_replied_at,
    missing="never assigned before the reply, or not answered yet",
)
response_after_reopening = FACT.duration(
    "response_after_reopening",
    "time from the last reopening before it, else from the start, to the first public reply of a person",
    dated_by=first_replied_at,
    missing="no public reply of a person yet",
)
first_answer = FACT.duration(
    "first_answer",
    "time from the customer's first message to the first public reply of a person or a bot",
    dated_by=first_answered_at,
    missing="no public reply yet",
)
resolution = FACT.duration(
    "resolution", "time from creation to the last solve", dated_by=solved_at, missing="not solved"
)
first_resolution = FACT.duration(
    "first_resolution", "time from creation to the first solve", dated_by=first_solved_at, missing="never solved"
)
resolution_without_customer_wait = FACT.duration(
    "resolution_without_customer_wait",
    "time from creation to the last solve less the time it waited for the customer",
    dated_by=solved_at,
    missing="not solved",
)
resolution_to_last_reply = FACT.duration(
    "resolution_to_last_reply",
    "time from creation to the last public reply of a person before the last solve",
    dated_by=solved_at,
    missing="not solved, or solved without a reply",
)
requester_wait = FACT.duration(
    "requester_wait",
    "time it stood new, open or on hold before the last solve: the customer waits",
    dated_by=solved_at,
    missing="not solved",
)
agent_wait = FACT.duration(
    "agent_wait", "time it stood pending before the last solve: support waits", dated_by=solved_at, missing="not solved"
)
on_hold = FACT.duration(
    "on_hold",
    "time it stood on hold before the last solve: both wait for a third party",
    dated_by=solved_at,
    missing="not solved",
)

first_response_due_by_channel = FACT.moment("first_response_due_by_channel", "when its channel's response target ends")
first_response_due_by_priority = FACT.moment(
    "first_response_due_by_priority", "when its priority's response target ends"
)
first_response_due_by_policy = FACT.moment(
    "first_response_due_by_policy", "when the source policy's response target ends"
)
resolution_due_by_channel = FACT.moment("resolution_due_by_channel", "when its channel's resolution target ends")
resolution_due_by_priority = FACT.moment("resolution_due_by_priority", "when its priority's resolution target ends")
resolution_due_by_policy = FACT.moment("resolution_due_by_policy", "when the source policy's resolution target ends")
target_verdict_last = FACT.integer("target_verdict_last", "the source's own last verdict: 1 met, 0 missed")
target_verdict_every = FACT.integer("target_verdict_every", "1 if every verdict of the source says met, else 0")

customer_messages = FACT.integer("customer_messages", "public messages of the customer")
agent_replies = FACT.integer("agent_replies", "public replies of people, after the opening")
bot_messages = FACT.integer("bot_messages", "public messages of bots")
messages = FACT.integer("messages", "public messages of the customer and of people")
exchanges = FACT.integer("exchanges", "customer turns answered by a person; a burst is one turn")
solves = FACT.integer("solves", "times it was solved")
reopenings = FACT.integer("reopenings", "times it was reopened")
reassignments = FACT.integer("reassignments", "times it went from one person to another")
team_transfers = FACT.integer("team_transfers", "times it went from one team to another")
tier_escalations = FACT.integer("tier_escalations", "times it went to a higher support level")
agents = FACT.integer("agents", "different people it was assigned to or who replied")
work_seconds = FACT.number("work_seconds", "time people recorded as worked on it")
work_share_seconds = FACT.number(
    "work_share_seconds",
    "time people recorded as worked on it, each piece divided by the contacts they worked on at once",
)

is_solved = FACT.flag("is_solved", "it is solved")
is_one_touch = FACT.flag("is_one_touch", "one public reply solved it, and it was never reopened")
is_handled = FACT.flag("is_handled", "a person replied, was assigned or solved it")
has_escalation_asked = FACT.flag("has_escalation_asked", "the customer asked for a higher level")
