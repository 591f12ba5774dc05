"""Help-centre articles, what readers did with them, and public reviews."""

from deskpulse.events.model import EventTable, boolean, instant, integer, number, text

article = EventTable(
    name="article",
    meaning="A help-centre article.",
    dated_by="published_at",
    own=(
        instant("published_at", "First published.", required=True),
        instant("updated_at", "Last reviewed or edited."),
        instant("unpublished_at", "Taken down."),
        text("title", "Its title."),
        text("topic", "What it is about."),
        text("language", "Its language."),
    ),
)

article_event = EventTable(
    name="article_event",
    meaning="What a reader did: a view, a vote, a search.",
    dated_by="at",
    own=(
        instant("at", "When.", required=True),
        text("article", "The article, if one was involved."),
        text("visitor", "The reader or session.", private="customer"),
        text("customer", "The customer, if known.", private="customer"),
        text(
            "action",
            "What happened.",
            required=True,
            one_of=("view", "helpful", "unhelpful", "search", "failed_search", "bot_resolved", "linked"),
        ),
        integer("count", "How many, where the source gives totals.", least=0),
    ),
)

review = EventTable(
    name="review",
    meaning="A public review.",
    dated_by="at",
    own=(
        instant("at", "When it was published.", required=True),
        text("site", "Where."),
        number("stars", "How many stars, 1 to 5.", least=0),
        text("customer", "Who, if known.", private="customer"),
        text("ticket", "The ticket it is about, if known."),
        boolean("is_solicited", "It was asked for."),
        text("comment", "The words.", private="words"),
    ),
)
