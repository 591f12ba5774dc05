"""What was said on a ticket, by whom, and whether the customer could see it."""

from deskpulse.events.model import EventTable, boolean, instant, integer, number, text

KINDS = ("customer", "agent", "bot", "system")

message = EventTable(
    name="message",
    meaning="A message or note. The opening text of a ticket is its first message.",
    dated_by="at",
    ticket="ticket",
    own=(
        text("ticket", "The ticket's id in the source.", required=True),
        instant("at", "When it was written.", required=True),
        integer("seq", "Order within the ticket where several share a second; the opening message has the lowest."),
        text("author", "The person's id in the source.", private="author"),
        text("author_kind", "Who writes: a bot is never an agent.", required=True, one_of=KINDS),
        boolean("is_public", "The customer can read it."),
        boolean("is_deleted", "It was removed later: it counts for nothing."),
        text("text", "What was written, if it is kept.", private="words"),
        number("work_seconds", "Time its author recorded as worked.", least=0),
        number("concurrency", "How many contacts its author worked on at once then, this one included.", least=1),
    ),
)
