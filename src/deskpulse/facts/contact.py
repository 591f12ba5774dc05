"""One row per time a customer turned to support, whatever the channel: a ticket, or a call without one."""

from deskpulse.metrics.fact import Fact

FACT = Fact(
    name="contact",
    meaning="One row per ticket, and per call that belongs to no ticket: a call about a ticket is part of it.",
    key="contact",
)

FACT.text("contact", "The ticket or call: source:id.")
FACT.text("left_out", "Why it never counts: that of the ticket or call.")
FACT.dimension("source", "The connection it came from.")
FACT.dimension("channel", "How it came in; calls are phone.")
FACT.dimension("topic", "What it is about.")
FACT.text("customer", "Who asked: source:id.")
FACT.text("agent", "Who dealt with it first: solved the ticket or answered the call.")
FACT.text("team", "That person's team then.")
dealt_with_at = FACT.moment(
    "dealt_with_at", "when the ticket was first solved or the call answered", agent="agent", team="team"
)
begun_at = FACT.moment("begun_at", "when the customer made contact")
next_contact_at = FACT.moment(
    "next_contact_at",
    "when the same customer next made contact about the same topic, by whatever channel, up to 90 days after it was "
    "dealt with",
)
is_call = FACT.flag("is_call", "it is a call")
