"""Surveys: one row when one is offered, one for every answer; a second answer to one survey is a re-rating."""

from deskpulse.events.model import EventTable, instant, number, text

SURVEY_KINDS = ("csat", "nps", "ces1", "ces2", "resolved", "other")

survey = EventTable(
    name="survey",
    meaning="A survey offered to a customer, or an answer to it.",
    dated_by="at",
    ticket="ticket",
    own=(
        text("survey", "The invitation this row belongs to.", required=True),
        text("action", "What happened.", required=True, one_of=("offered", "answered")),
        instant("at", "When it was offered or answered.", required=True),
        text("kind", "The question asked.", required=True, one_of=SURVEY_KINDS),
        text("ticket", "The ticket it is about, if any."),
        text("customer", "Who was asked.", private="customer"),
        text("agent", "Who it is about.", private="staff"),
        text("team", "The team it is about."),
        text("channel", "How the survey reached the customer."),
        number("score", "The answer on its scale; good is 1 and bad is 0 on a scale of 0 to 1."),
        number("scale_low", "The lowest answer possible."),
        number("scale_high", "The highest answer possible."),
        text("comment", "The customer's words.", private="words"),
        number("weight", "The answer's weight, where the survey was weighted.", least=0),
    ),
)
