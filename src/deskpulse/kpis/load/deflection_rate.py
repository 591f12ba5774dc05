"""How often does self-service save people from asking?"""

from deskpulse.facts import article, ticket, visit
from deskpulse.metrics.fact import Condition
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Count, Quotient, Share, Total, share

IS_JUDGED = visit.customer.is_known() & visit.ended_at.before_now(days=1)
ASKED_NOBODY = visit.contacted_at.is_unknown()


def of_visits(where: Condition) -> Share:
    """Of the visits of known customers that ended a day ago or more."""
    return share(
        where,
        dated_by=visit.began_at,
        of=IS_JUDGED,
        left_out=(
            ("too recent to judge", ~visit.ended_at.before_now(days=1)),
            ("customer unknown", visit.customer.is_unknown()),
        ),
    )


deflection_rate = KPI(
    title="Deflection rate",
    meaning=(
        "Share of help-centre visits after which the customer neither wrote nor called within 24 hours, as a band from "
        "verified to maximum; the default is its verified end, where the reader also voted that it helped."
    ),
    also_called=("ticket deflection", "self-service rate", "case deflection"),
    variants={
        "helpful_no_ticket": of_visits(visit.is_helpful & ASKED_NOBODY),
        "no_ticket_24h": of_visits(ASKED_NOBODY),
        "bot_resolved": of_visits(visit.is_bot_resolved & ASKED_NOBODY),
        "views_to_tickets": Quotient(
            numerator=Total(over=article.views, dated_by=article.day),
            denominator=Count(dated_by=ticket.created_at),
            dated_by=ticket.created_at,
            varies_by="month",
            only_both=True,
            unit="number",
        ),
    },
    differs={
        "no_ticket_24h": "The maximum end: every visit that no ticket or call followed, helped or gone away.",
        "bot_resolved": "Inside the band: a bot took the question to be answered, and no ticket or call followed.",
        "views_to_tickets": "Outside the band: article views per ticket created, for sources that know no visitors.",
    },
    notes={
        "helpful_no_ticket": (
            "The verified end of the band: the reader said it helped and did not ask; few vote, so the truth lies "
            "between this and no_ticket_24h."
        ),
        "no_ticket_24h": (
            "The maximum end of the band: it counts readers who gave up; the truth lies between helpful_no_ticket and "
            "this."
        ),
        "bot_resolved": (
            "Inside the band: the bot's own word that it answered, with no ticket or call after it. The ends are "
            "helpful_no_ticket and no_ticket_24h."
        ),
        "views_to_tickets": "Outside the band: views per ticket, not a share. Compare it only with itself.",
    },
    better="higher",
    signal="leading",
    guardrails=(
        ("csat", "A help centre that hides the way to people deflects those it should not."),
        ("ticket_volume", "A deflection that leaves the number of tickets as it was has deflected nothing."),
    ),
    caveats=(
        "Nobody knows who would have asked: all variants count visits, not tickets saved.",
        "A visit counts only where the customer is known, from a log-in or a later ticket of the same visitor.",
        "The help centre and the helpdesk must be imported under one source name, or no contact is ever found.",
        "A reader who asks elsewhere, or on the second day, counts as deflected.",
        "After a pause of half an hour the same reader makes another visit.",
        "Views per ticket leave out the months in which nothing was read: the help centre was not connected then.",
    ),
    asked_for_in="D",
    sources=("Wilson, Journal of the American Statistical Association 22 (1927): interval of a share",),
)
