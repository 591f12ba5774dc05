"""One row per call, one per handled leg (a transfer is two) and one per ring. Counts per interval stand beside them."""

from deskpulse.metrics.fact import Fact

FACT = Fact(
    name="call",
    meaning="One row per call offered, or per kind of call where a source tells only counts; phantoms are left out.",
    key="call",
)

FACT.text("call", "The call: source:id.")
FACT.text("ticket", "The ticket it is about: source:id.")
FACT.text(
    "left_out",
    "Why it never counts: phantom, test; of counts: also recorded call by call, also counted in a shorter interval, "
    "counted twice, counts contradict each other.",
)
FACT.dimension("source", "The connection it came from.")
FACT.dimension("queue", "The queue or line.")
FACT.dimension("topic", "What it is about.")
direction = FACT.dimension("direction", "Inbound or outbound.")
FACT.dimension("outcome", "How it ended.")
FACT.text("agent", "Who first answered.")
FACT.text("team", "The queue's team, else that person's team then.")
FACT.text("customer", "Who called: source:id.")
offered_at = FACT.moment("offered_at", "when it was offered", agent="agent", team="team")
is_counted = FACT.flag("is_counted", "it is a count of an interval, not a single call")
calls = FACT.counts("calls", "calls the row stands for", counted=is_counted)
queue_seconds = FACT.number("queue_seconds", "wait in the queue, in seconds")
queue_calls = FACT.integer("queue_calls", "calls whose waits the row's wait is the sum of")
FACT.integer("threshold_seconds", "seconds it should have been answered in")
is_queued = FACT.flag("is_queued", "it waited in a queue")
is_answered = FACT.flag("is_answered", "a person answered it")
is_abandoned = FACT.flag("is_abandoned", "the caller gave up")
is_answered_in_time = FACT.flag("is_answered_in_time", "a person answered it within the queue's threshold")
is_abandoned_in_time = FACT.flag("is_abandoned_in_time", "the caller gave up within the queue's threshold")
is_abandoned_short = FACT.flag("is_abandoned_short", "the caller gave up within the short time")
is_inbound = ~direction.equals("outbound")

HANDLE = Fact(
    name="handle",
    meaning="One row per leg of a call that a person handled, or that was given up, or per interval of counts.",
    key="call",
)
HANDLE.text("call", "The call: source:id.")
HANDLE.text(
    "left_out",
    "Why it never counts: phantom, test, overlap (with another leg of the same person), and those of counts of calls.",
)
HANDLE.dimension("source", "The connection it came from.")
HANDLE.dimension("queue", "The queue or line.")
HANDLE.dimension("topic", "What it is about.")
agent = HANDLE.text("agent", "Who handled it.")
HANDLE.text("team", "That person's team then, else the queue's.")
worker = HANDLE.text("worker", "Who handled it; of counts the interval.")
handled_at = HANDLE.moment("handled_at", "when the leg began", agent="agent", team="team")
is_counted_handle = HANDLE.flag("is_counted", "it is a count of an interval, not a single leg")
contacts = HANDLE.counts("contacts", "contacts the row stands for", counted=is_counted_handle)
handle_seconds = HANDLE.number("handle_seconds", "talk, hold and wrap-up, in seconds")
handle_with_dial_seconds = HANDLE.number("handle_with_dial_seconds", "dialling, talk, hold and wrap-up, in seconds")
is_handled = HANDLE.flag("is_handled", "a person answered it")

RING = Fact(
    name="ring",
    meaning="One row per ring of a call at a person, taken or not; one per call without any, or interval of counts.",
    key="call",
)
rung_call = RING.text("call", "The call: source:id.")
RING.text("ticket", "The ticket it is about: source:id.")
RING.text("left_out", "Why it never counts: that of the call.")
RING.dimension("source", "The connection it came from.")
RING.dimension("queue", "The queue or line.")
RING.dimension("topic", "What it is about.")
rung_direction = RING.dimension("direction", "Inbound or outbound.")
RING.dimension("outcome", "How the call ended.")
RING.text("agent", "At whom it rang.")
RING.text("team", "That person's team then, else the queue's.")
rung_at = RING.moment("offered_at", "when the call was offered", agent="agent", team="team")
is_counted_ring = RING.flag("is_counted", "it is a count of an interval, not a single ring")
RING.counts("calls", "calls the row stands for", counted=is_counted_ring)
is_ring_missed = RING.flag("is_missed", "it rang at a person who did not take it")
is_inbound_ring = ~rung_direction.equals("outbound")
