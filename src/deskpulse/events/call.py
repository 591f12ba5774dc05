"""Calls and the agents that handled them."""

from deskpulse.events.model import EventTable, boolean, instant, integer, number, text

OUTCOMES = ("answered", "abandoned", "missed", "overflow", "voicemail", "phantom")

call = EventTable(
    name="call",
    meaning="A call that was offered to a queue.",
    dated_by="offered_at",
    own=(
        instant("offered_at", "When it reached the system.", required=True),
        text("queue", "The queue or line."),
        text("team", "The team that serves the queue."),
        text("customer", "Who called.", private="customer"),
        text("ticket", "The ticket it is about, if any."),
        text("topic", "What it is about."),
        text("direction", "inbound or outbound.", one_of=("inbound", "outbound")),
        boolean("is_queued", "It waited in a queue."),
        number("queue_seconds", "Wait in the queue until answered or given up.", least=0),
        text("outcome", "How it ended.", required=True, one_of=OUTCOMES),
        boolean("is_test", "Made for a test."),
    ),
)

call_leg = EventTable(
    name="call_leg",
    meaning="A stretch of a call at one agent, or a ring the agent did not take; a transfer makes two.",
    dated_by="at",
    own=(
        text("call", "The call's id in the source.", required=True),
        instant("at", "When it rang at the agent.", required=True),
        integer("seq", "Order within the call."),
        text("agent", "The person.", private="staff"),
        boolean("is_answered", "The agent took it."),
        number("dial_seconds", "Ringing or dialling.", least=0),
        number("talk_seconds", "Talking.", least=0),
        number("hold_seconds", "On hold.", least=0),
        number("wrap_seconds", "Work after the call.", least=0),
    ),
)

call_interval = EventTable(
    name="call_interval",
    meaning="Counts of calls per queue and interval, from systems that export no single calls.",
    dated_by="interval_start",
    own=(
        instant("interval_start", "Start of the interval.", required=True),
        integer("interval_seconds", "Its length.", required=True, least=1),
        text("queue", "The queue or line."),
        integer("offered", "Calls offered.", least=0),
        integer("answered", "Calls answered.", least=0),
        integer("answered_within", "Calls answered within the threshold.", least=0),
        integer("threshold_seconds", "The threshold of 'answered_within'.", least=0),
        integer("abandoned", "Calls given up.", least=0),
        integer("abandoned_within", "Of these, within the threshold of 'answered_within'.", least=0),
        integer("abandoned_short", "Of these, before the announced threshold.", least=0),
        number("queue_seconds", "Sum of the waits of answered calls.", least=0),
        number("talk_seconds", "Sum of talk.", least=0),
        number("hold_seconds", "Sum of hold.", least=0),
        number("wrap_seconds", "Sum of wrap-up.", least=0),
    ),
)
