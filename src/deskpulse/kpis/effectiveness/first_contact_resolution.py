"""Are problems solved at the first contact?"""

from deskpulse.facts import contact, survey, ticket
from deskpulse.metrics.fact import Condition, Moment
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Share, share

DAYS = 7
SOLVED_AT_ONCE = ticket.is_solved & ticket.exchanges.at_most(1) & ticket.reopenings.equals(0)
STAYED_AT_LEVEL_ONE = ticket.tier_escalations.equals(0)
IS_RESOLUTION_SURVEY = survey.kind.equals("resolved")


def mature(where: Condition, dated_by: Moment, *, of: Condition | None = None, days: int = DAYS) -> Share:
    """Of what happened at least ``days`` days before now; younger tickets may still come back and are left out."""
    is_old_enough = dated_by.before_now(days=days)
    return share(
        where,
        dated_by=dated_by,
        of=is_old_enough & of if of else is_old_enough,
        left_out=(("too recent to judge", ~is_old_enough & of if of else ~is_old_enough),),
    )


def no_repeat(days: int) -> Share:
    """No further contact within ``days`` days of the first solve."""
    is_repeated = ticket.next_contact_at.within(ticket.first_solved_at, days=days)
    return mature(~is_repeated, ticket.first_solved_at, days=days)


def no_further_contact(days: int, of: Condition | None = None) -> Share:
    """No further contact by any channel within ``days`` days of the first solve or the answered call."""
    is_repeated = contact.next_contact_at.within(contact.dealt_with_at, days=days)
    return mature(~is_repeated, contact.dealt_with_at, of=of, days=days)


first_contact_resolution = KPI(
    title="First contact resolution",
    meaning="Share of solved tickets after which the customer did not come back about the same thing within 7 days.",
    also_called=("FCR", "first call resolution", "one-touch resolution", "first-time fix"),
    variants={
        "no_repeat": no_repeat(DAYS),
        "no_repeat_1d": no_repeat(1),
        "no_repeat_3d": no_repeat(3),
        "no_repeat_14d": no_repeat(14),
        "no_repeat_30d": no_repeat(30),
        "gross": mature(SOLVED_AT_ONCE & STAYED_AT_LEVEL_ONE, ticket.created_at),
        "net": mature(SOLVED_AT_ONCE, ticket.created_at, of=STAYED_AT_LEVEL_ONE),
        "one_touch": mature(ticket.is_one_touch, ticket.first_solved_at),
        "any_channel": no_further_contact(DAYS),
        "any_channel_1d": no_further_contact(1),
        "any_channel_3d": no_further_contact(3),
        "any_channel_14d": no_further_contact(14),
        "any_channel_30d": no_further_contact(30),
        "calls": no_further_contact(DAYS, contact.is_call),
        "calls_1d": no_further_contact(1, contact.is_call),
        "calls_3d": no_further_contact(3, contact.is_call),
        "calls_14d": no_further_contact(14, contact.is_call),
        "calls_30d": no_further_contact(30, contact.is_call),
        "survey": share(survey.is_top_box, dated_by=survey.answered_at, of=IS_RESOLUTION_SURVEY & survey.is_answered),
    },
    differs={
        "no_repeat_1d": "A further contact counts within 1 day.",
        "no_repeat_3d": "A further contact counts within 3 days.",
        "no_repeat_14d": "A further contact counts within 14 days.",
        "no_repeat_30d": "A further contact counts within 30 days.",
        "gross": "Tickets solved in at most one exchange, at the first level, never reopened, of all created.",
        "net": "As gross, but tickets the first level passed upwards are taken out of both sides.",
        "one_touch": "Solved by exactly one public reply of a person and never reopened, of the tickets solved.",
        "any_channel": "Tickets and answered calls together: a call after a ticket counts, and a ticket after a call.",
        "any_channel_1d": "By any channel, within 1 day.",
        "any_channel_3d": "By any channel, within 3 days.",
        "any_channel_14d": "By any channel, within 14 days.",
        "any_channel_30d": "By any channel, within 30 days.",
        "calls": "Answered calls without a ticket, after which the customer neither rang nor wrote.",
        "calls_1d": "Answered calls, and a further contact counts within 1 day.",
        "calls_3d": "Answered calls, and a further contact counts within 3 days.",
        "calls_14d": "Answered calls, and a further contact counts within 14 days.",
        "calls_30d": "Answered calls, and a further contact counts within 30 days.",
        "survey": "The customer was asked whether it was solved, and said yes.",
    },
    better="higher",
    signal="leading",
    guardrails=(
        ("average_handle_time", "Solving it at once takes longer per contact and less in all."),
        ("csat", "A customer who gave up does not come back either."),
    ),
    caveats=(
        "The newest tickets are left out until their days have passed: counted too early, they all look solved.",
        (
            "A further contact is one of the same customer about the same topic where the source tells topics, "
            "or a reopening. Where customers are unknown only reopenings can be seen, and the share is too high."
        ),
        "The variants answer different questions and differ by tens of points: never compare across them.",
        "'gross' counts a ticket solved without any written reply, as phone calls are; 'one_touch' does not.",
        "Channels are seen together where they know customers by the same ids: a phone system of its own may not.",
        "The survey hears only those who answer.",
    ),
    asked_for_in="ACDE",
)
