"""How much work does one contact take?"""

from deskpulse.facts import call, ticket
from deskpulse.metrics.fact import Condition, FactColumn
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Ratio, Spread

NO_WORK = ("no work time was recorded", ticket.work_seconds.is_unknown())
NO_CONCURRENCY = (
    "concurrency was not recorded",
    ticket.work_seconds.is_known() & ticket.work_share_seconds.is_unknown(),
)


def per_contact(over: FactColumn, *, of: Condition | None = None) -> Ratio:
    """Of calls: so much for each time a person handled one."""
    return Ratio(over=over, per=call.contacts, dated_by=call.handled_at, of=of, cluster=call.worker, unit="seconds")


def per_ticket(over: FactColumn, *left_out: tuple[str, Condition]) -> Ratio:
    """Of written contacts: so much for each solved ticket of which it is known."""
    return Ratio(
        over=over,
        dated_by=ticket.solved_at,
        of=ticket.is_handled & over.is_known(),
        left_out=left_out,
        cluster=ticket.FACT.column("solve_agent"),
        unit="seconds",
    )


average_handle_time = KPI(
    title="Average handle time",
    meaning="Talk, hold and wrap-up time per handled contact.",
    also_called=("AHT", "average handling time"),
    variants={
        "handled": per_contact(call.handle_seconds, of=call.is_handled),
        "with_dial": per_contact(call.handle_with_dial_seconds, of=call.is_handled),
        "with_abandoned": per_contact(call.handle_seconds),
        "spread": Spread(
            over=call.handle_seconds,
            of_several=call.contacts,
            dated_by=call.handled_at,
            of=call.is_handled,
            unit="seconds",
        ),
        "tickets": per_ticket(ticket.work_seconds, NO_WORK),
        "tickets_over_concurrency": per_ticket(ticket.work_share_seconds, NO_WORK, NO_CONCURRENCY),
    },
    differs={
        "with_dial": "Ringing and dialling count as work.",
        "with_abandoned": "Calls that were given up count as contacts too, mostly with no time: a lower figure.",
        "spread": "The median, p90 or p95 of single contacts: a mean hides the few that take an hour.",
        "tickets": "Written contacts: the work time people recorded on solved tickets, per ticket.",
        "tickets_over_concurrency": (
            "As tickets, but ten minutes on three chats at once are ten minutes of work, not thirty: each piece of "
            "work is divided by the contacts its author worked on at once."
        ),
    },
    better="lower",
    signal="leading",
    guardrails=(
        ("first_contact_resolution", "Hurried calls are short and are made twice."),
        ("transfer_rate", "Passing a call on ends one's own handle time and starts another's."),
        ("csat", "Customers notice when they are rushed."),
    ),
    caveats=(
        "A transferred call is handled twice and counts as two contacts.",
        "Wrap-up that ends in the next interval belongs to its call's interval.",
        "The interval treats an agent's calls as alike: many calls of few agents say less than their number suggests.",
        "Counts per interval have sums of talk, hold and wrap-up, so a mean and neither dialling nor a median.",
        (
            "Recorded work on a ticket is the clock of that ticket alone; an open editor is not always work. Of people "
            "who chat with several customers at once, 'tickets' counts the same minutes several times."
        ),
    ),
    asked_for_in="AC",
    sources=("Cochran, Sampling Techniques (1977), section 6.3: variance of a ratio of two sums",),
)
