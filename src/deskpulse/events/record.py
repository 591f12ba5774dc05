"""What the source itself recorded about targets, and what the company wrote down about itself."""

from deskpulse.events.model import EventTable, boolean, instant, integer, text

policy_target = EventTable(
    name="policy_target",
    meaning="A target the source's own policy set for a ticket (a service level agreement).",
    dated_by="at",
    ticket="ticket",
    own=(
        text("ticket", "The ticket's id in the source.", required=True),
        instant("at", "When the policy was applied.", required=True),
        text("policy", "The policy's name."),
        text("metric", "What it bounds.", required=True, one_of=("first_response", "resolution", "next_reply")),
        integer("target_seconds", "The bound.", required=True, least=0),
        text("clock", "The clock it runs on.", required=True, one_of=("calendar", "business")),
    ),
)

annotation = EventTable(
    name="annotation",
    meaning="A change of process worth marking: a new macro, a bot switched on, a release.",
    dated_by="at",
    own=(
        instant("at", "When it took effect.", required=True),
        text("title", "What it was.", required=True),
        text("team", "Where, if not everywhere."),
        text("channel", "Where, if not everywhere."),
        boolean("is_removed", "It was taken back."),
    ),
)
