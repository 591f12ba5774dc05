"""Agents and customers, with what they belonged to and when."""

from deskpulse.events.model import EventTable, decimal, instant, text

person = EventTable(
    name="person",
    meaning="Someone who works in support, or a bot. 'source_id' is the id other tables use.",
    dated_by="observed_at",
    own=(
        text("name", "The name to show.", private="name"),
        text("kind", "Agent or bot.", one_of=("agent", "bot", "system")),
        instant("hired_at", "First day."),
        instant("left_at", "Last day, if they left."),
    ),
)

membership = EventTable(
    name="membership",
    meaning="Where a person belonged for a time; it is never overwritten by where they belong now.",
    dated_by="valid_from",
    own=(
        text("person", "The person's id.", required=True, private="staff"),
        instant("valid_from", "From when.", required=True),
        instant("valid_to", "Until when (exclusive); empty: still."),
        text("team", "The team."),
        text("tier", "The support level."),
        text("partner", "The outsourcing partner, if any."),
        decimal("cost_per_hour", "Full cost of an hour."),
        text("currency", "Its currency."),
    ),
)

customer = EventTable(
    name="customer",
    meaning="Someone who asks, and the account they belong to.",
    dated_by="observed_at",
    own=(
        text("name", "The name to show.", private="name"),
        text("account", "The company or account."),
        text("segment", "The segment today, if it is not dated."),
    ),
)

customer_segment = EventTable(
    name="customer_segment",
    meaning="The segment a customer belonged to for a time.",
    dated_by="valid_from",
    own=(
        text("customer", "The customer's id.", required=True, private="customer"),
        instant("valid_from", "From when.", required=True),
        instant("valid_to", "Until when (exclusive); empty: still."),
        text("segment", "The segment, plan or size."),
    ),
)

agent_state = EventTable(
    name="agent_state",
    meaning="What an agent was doing for a stretch of time.",
    dated_by="at",
    own=(
        text("agent", "The person's id.", required=True, private="staff"),
        instant("at", "From when.", required=True),
        instant("until", "Until when."),
        text(
            "state",
            "What they did.",
            required=True,
            one_of=("available", "handling", "break", "meeting", "training", "other", "offline"),
        ),
    ),
)

engagement_answer = EventTable(
    name="engagement_answer",
    meaning="An answer of a member of staff to an engagement survey.",
    dated_by="at",
    own=(
        instant("at", "When.", required=True),
        text("person", "Who, if the survey says so.", private="staff"),
        text("team", "The group it is shown for."),
        text("question", "The question's id."),
        decimal("score", "1 to 10.", required=True),
    ),
)
