"""Are problems solved at the first contact?"""

from collections.abc import Callable, Mapping

from deskpulse.facts import contact, survey, ticket
from deskpulse.metrics.fact import Condition, Moment
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Measure, Share, UnfollowedShare, share

DAYS = 7
OTHER_DAYS = (1, 3, 14, 30)
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


def no_repeat_survival(days: int) -> UnfollowedShare:
    """The same of all tickets solved, those solved since then included for as long as they were seen."""
    is_young = ~ticket.first_solved_at.before_now(days=days)
    return UnfollowedShare(
        event=ticket.next_contact_at,
        dated_by=ticket.first_solved_at,
        days=days,
        flagged=(("Some are too young to be judged whole, and count for as long as they were seen", is_young),),
    )


def no_further_contact(days: int) -> Share:
    """No further contact by any channel within ``days`` days of the first solve or the answered call."""
    return _no_further(days, None)


def no_further_contact_after_calls(days: int) -> Share:
    """The same of answered calls without a ticket."""
    return _no_further(days, contact.is_call)


def _no_further(days: int, of: Condition | None) -> Share:
    is_repeated = contact.next_contact_at.within(contact.dealt_with_at, days=days)
    return mature(~is_repeated, contact.dealt_with_at, of=of, days=days)


def in_days(name: str, formula: Callable[[int], Measure]) -> Mapping[str, Measure]:
    """A variant with the usual window, and one for each other."""
    return {name: formula(DAYS), **{f"{name}_{days}d": formula(days) for days in OTHER_DAYS}}


def said_in_days(name: str, said: str) -> Mapping[str, str]:
    """What the variants with another window say."""
    windows = {days: f"{days} day{'s' if days > 1 else ''}" for days in OTHER_DAYS}
    return {f"{name}_{days}d": said.format(window) for days, window in windows.items()}


first_contact_resolution = KPI(
    title="First contact resolution",
    meaning="Share of solved tickets after which the customer did not come back about the same thing within 7 days.",
    also_called=("FCR", "first call resolution", "one-touch resolution", "first-time fix"),
    variants={
        **in_days("no_repeat", no_repeat),
        "gross": mature(SOLVED_AT_ONCE & STAYED_AT_LEVEL_ONE, ticket.created_at),
        "net": mature(SOLVED_AT_ONCE, ticket.created_at, of=STAYED_AT_LEVEL_ONE),
        "one_touch": mature(ticket.is_one_touch, ticket.first_solved_at),
        **in_days("any_channel", no_further_contact),
        **in_days("calls", no_further_contact_after_calls),
        "survey": share(survey.is_top_box, dated_by=survey.answered_at, of=IS_RESOLUTION_SURVEY & survey.is_answered),
        **in_days("no_repeat_survival", no_repeat_survival),
    },
    differs={
        **said_in_days("no_repeat", "A further contact counts within {}."),
        "gross": "Tickets solved in at most one exchange, at the first level, never reopened, of all created.",
        "net": "As gross, but tickets the first level passed upwards are taken out of both sides.",
        "one_touch": "Solved by exactly one public reply of a person and never reopened, of the tickets solved.",
        "any_channel": "Tickets and answered calls together: a call after a ticket counts, and a ticket after a call.",
        **said_in_days("any_channel", "By any channel, within {}."),
        "calls": "Answered calls without a ticket, after which the customer neither rang nor wrote.",
        **said_in_days("calls", "Answered calls, and a further contact counts within {}."),
        "survey": "The customer was asked whether it was solved, and said yes.",
        "no_repeat_survival": (
            "As no_repeat, of all tickets solved: one solved two days ago counts as two days without a further "
            "contact. It tells of the newest weeks, where no_repeat has to wait."
        ),
        **said_in_days("no_repeat_survival", "As no_repeat_survival, and a further contact counts within {}."),
    },
    better="higher",
    signal="leading",
    guardrails=(
        ("average_handle_time", "Solving it at once takes longer per contact and less in all."),
        ("csat", "A customer who gave up does not come back either."),
    ),
    caveats=(
        "A survival curve supposes that tickets solved of late come back as those before did; a change shows slowly.",
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
    sources=("Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958) 457-481: shares of what is not yet seen whole",),
)
