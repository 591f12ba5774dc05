"""How much of their time do agents spend on customers?"""

from deskpulse.facts import agent_day
from deskpulse.metrics.fact import FactColumn
from deskpulse.metrics.kpi import KPI
from deskpulse.metrics.measure import Ratio


def of_time(over: FactColumn, per: FactColumn) -> Ratio:
    """A part of the time of days on which there was any; days of one agent resemble each other."""
    return Ratio(
        over=over, per=per, dated_by=agent_day.day_at, of=per.more_than(0), cluster=agent_day.agent, unit="share"
    )


agent_utilization = KPI(
    title="Agent utilization",
    meaning="Time agents spent handling contacts, as a share of the time they were logged in.",
    also_called=("utilisation rate", "agent occupancy", "productivity"),
    variants={
        "handling_over_logged_in": of_time(agent_day.handling_seconds, agent_day.logged_in_seconds),
        "productive_over_paid": of_time(agent_day.productive_seconds, agent_day.paid_seconds),
        "occupancy": of_time(agent_day.handling_seconds, agent_day.productive_seconds),
    },
    differs={
        "productive_over_paid": "Handling and available, of all paid time: meetings, training and breaks are paid too.",
        "occupancy": "Handling, of the time handling or available: breaks are in neither side, so it is the highest.",
    },
    better="band",
    signal="leading",
    guardrails=(
        ("service_level", "Nobody waits for work where callers wait for somebody."),
        ("first_contact_resolution", "People who never pause hurry."),
    ),
    caveats=(
        "The usual band of 70 to 85 % is for the default; above it people burn out, below it they wait.",
        "It follows from the size of the queue and is no merit of the person: small queues cannot be kept busy.",
        "Days are those of the workspace's zone; a state that runs past midnight is cut there.",
        "Where a source has no state for handling, the time on calls is taken out of the time available.",
        "Paid time is what the states show: leave and sickness are not in it.",
    ),
    asked_for_in="C",
    sources=("Cochran, Sampling Techniques (1977), section 6.3: variance of a ratio of two sums",),
)
