"""One row per call, and one per handled leg: a transfer is two handles."""

from deskpulse.metrics.fact import Fact

FACT = Fact(name="call", meaning="One row per call offered; phantom and test calls are left out.", key="call")

FACT.text("call", "The call: source:id.")
FACT.text("ticket", "The ticket it is about: source:id.")
FACT.text("left_out", "Why it never counts: phantom, test.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("queue", "The queue or line.")
FACT.dimension("topic", "What it is about.")
FACT.dimension("direction", "Inbound or outbound.")
FACT.dimension("outcome", "How it ended.")
FACT.text("agent", "Who first answered.")
FACT.text("team", "The queue's team, else that person's team then.")
FACT.text("customer", "Who called: source:id.")
offered_at = FACT.moment("offered_at", "when it was offered", agent="agent", team="team")
queue_seconds = FACT.number("queue_seconds", "wait in the queue, in seconds")
is_queued = FACT.flag("is_queued", "it waited in a queue")
is_answered = FACT.flag("is_answered", "a person answered it")
is_abandoned = FACT.flag("is_abandoned", "the caller gave up")

HANDLE = Fact(
    name="handle", meaning="One row per leg of a call that a person handled, or that was given up.", key="call"
)
HANDLE.text("call", "The call: source:id.")
HANDLE.text("left_out", "Why it never counts: phantom, test, overlap (with another leg of the same person).")
HANDLE.dimension("source", "The connection it came from.")
HANDLE.dimension("queue", "The queue or line.")
HANDLE.dimension("topic", "What it is about.")
agent = HANDLE.text("agent", "Who handled it.")
HANDLE.text("team", "That person's team then, else the queue's.")
handled_at = HANDLE.moment("handled_at", "when the leg began", agent="agent", team="team")
handle_seconds = HANDLE.number("handle_seconds", "talk, hold and wrap-up, in seconds")
handle_with_dial_seconds = HANDLE.number("handle_with_dial_seconds", "dialling, talk, hold and wrap-up, in seconds")
is_handled = HANDLE.flag("is_handled", "a person answered it")
