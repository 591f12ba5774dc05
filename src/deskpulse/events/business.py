"""Money: subscriptions, spend and revenue."""

from deskpulse.events.model import EventTable, date, decimal, instant, text

subscription_change = EventTable(
    name="subscription_change",
    meaning="What a subscription is worth per month from a moment on; zero when it ends or pauses.",
    dated_by="at",
    own=(
        instant("at", "From when.", required=True),
        text("subscription", "The subscription's id.", required=True),
        text("customer", "The paying account.", required=True, private="customer"),
        text("plan", "The plan."),
        decimal("monthly_amount", "Recurring worth per month.", required=True),
        text("currency", "Its currency by ISO 4217 code.", required=True),
        text("reason", "Why.", one_of=("start", "change", "pause", "resume", "trial", "end")),
    ),
)

spend_month = EventTable(
    name="spend_month",
    meaning="What support cost in a month.",
    dated_by="month",
    own=(
        date("month", "First day of the month.", required=True),
        text("team", "The team."),
        text("channel", "The channel, if known."),
        text("item", "Pay, tools, outsourcing ..."),
        decimal("amount", "How much.", required=True),
        text("currency", "ISO 4217 code.", required=True),
    ),
)

revenue_month = EventTable(
    name="revenue_month",
    meaning="What the company took in a month.",
    dated_by="month",
    own=(
        date("month", "First day of the month.", required=True),
        text("customer", "The account, if known.", private="customer"),
        text(
            "kind",
            "Whether it comes back; recurring unless it is said.",
            one_of=("recurring", "one_off"),
        ),
        decimal("amount", "How much.", required=True),
        text("currency", "ISO 4217 code.", required=True),
    ),
)
