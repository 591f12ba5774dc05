"""A request for support, with the values it opened with; what changes later is in ``change``."""

from deskpulse.events.model import EventTable, boolean, instant, text

STATUSES = ("new", "open", "pending", "on_hold", "solved", "closed")

ticket = EventTable(
    name="ticket",
    meaning="A request as it was opened. 'source_id' is the ticket's own id.",
    dated_by="created_at",
    ticket="source_id",
    own=(
        instant("created_at", "When it was opened.", required=True),
        text("channel", "How it came in: email, chat, phone, web ..."),
        text("customer", "Who asked: the source's id of the customer.", private="customer"),
        text("subject", "The subject line.", private="words"),
        text("status", "The status it opened with.", one_of=STATUSES),
        text("assignee", "The person it was first assigned to.", private="staff"),
        text("team", "The team, group or queue it was first in."),
        text("tier", "The support level it was first at: '1', '2', '3'."),
        text("priority", "The priority it opened with."),
        text("type", "Kind of request: question, incident, problem, task ..."),
        text("topic", "What it is about: category, product area, label."),
        text("schedule", "The schedule the source itself put it under."),
        text("tags", "Labels, joined by commas."),
        text("brand", "The brand or product line it belongs to."),
        boolean("is_test", "Made for a test."),
        boolean("is_spam", "Marked as spam when it was opened."),
    ),
)
