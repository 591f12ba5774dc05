"""A field of a ticket that took another value."""

from deskpulse.events.message import KINDS
from deskpulse.events.model import EventTable, instant, integer, text

FIELDS = (
    "status",
    "assignee",
    "team",
    "tier",
    "priority",
    "type",
    "topic",
    "schedule",
    "merged_into",
    "deleted",
    "spam",
    "handoff",
    "escalation_asked",
    "target_met",
)

change = EventTable(
    name="change",
    meaning="A change of a ticket's field. Status values are canonical; a cleared field has an empty 'new'.",
    dated_by="at",
    ticket="ticket",
    own=(
        text("ticket", "The ticket's id in the source.", required=True),
        instant("at", "When it changed.", required=True),
        integer(
            "seq",
            "Order within the ticket where several share a second, comparable with message.seq. In the ticket's first "
            "second -1 says what it opened with.",
        ),
        text(
            "field",
            "What changed. handoff: a bot passed it to people; escalation_asked: the customer asked for a higher "
            "level; target_met: the source's own verdict, 'true' or 'false'; deleted, spam: 'true' or 'false'.",
            required=True,
            one_of=FIELDS,
        ),
        text("old", "The value before."),
        text("new", "The value after."),
        text("by", "The person who changed it.", private="author"),
        text("by_kind", "The kind of author.", one_of=KINDS),
    ),
)
