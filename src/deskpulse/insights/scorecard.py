"""Ready scorecards: at most nine KPIs for a goal, speed beside the quality that guards it."""

from __future__ import annotations

from collections.abc import Mapping

from deskpulse import catalog
from deskpulse.errors import UnknownNameError
from deskpulse.settings import Scorecard

CALLS = "call_volume"
VOLUME = "ticket_volume"
"""What tells whether a period has anything to report on."""

SEGMENTS_OF = "first_response_time"
"""What a ticket's clock segments are shown for until another KPI is chosen."""

DEFAULT = "support"

READY: Mapping[str, Scorecard] = {
    card.name: card
    for card in (
        Scorecard(
            name=DEFAULT,
            title="Support",
            goal="Customers are answered and helped in good time, and stay helped.",
            kpis=(
                VOLUME,
                "first_response_time",
                "first_response_within_target",
                "resolution_time",
                "first_contact_resolution",
                "reopen_rate",
                "escalation_rate",
                "backlog",
                "csat",
            ),
        ),
        Scorecard(
            name="saas",
            title="Software by subscription",
            goal="Customers keep their subscription, because problems are solved soon and with little effort.",
            kpis=(
                "resolution_time",
                "ces",
                "first_response_within_target",
                "first_contact_resolution",
                "reopen_rate",
                "csat",
                "customer_churn_rate",
                "deflection_rate",
                "cost_per_conversation",
            ),
        ),
        Scorecard(
            name="ecommerce",
            title="Online shop",
            goal="Buyers are answered while they still want to buy, and come back and tell others.",
            kpis=(
                "csat",
                "nps",
                "first_response_time",
                "first_contact_resolution",
                "reopen_rate",
                "deflection_rate",
                "cost_per_conversation",
                "backlog",
                VOLUME,
            ),
        ),
        Scorecard(
            name="contact_centre",
            title="Contact centre",
            goal="Callers reach a person who can help before they give up, and need not call again.",
            kpis=(
                "service_level",
                "abandonment_rate",
                "average_speed_of_answer",
                "average_handle_time",
                "first_contact_resolution",
                "csat",
                "agent_utilization",
                "transfer_rate",
                "call_volume",
            ),
        ),
        Scorecard(
            name="bpo_partner",
            title="Outsourcing partner",
            goal="The partner keeps what was agreed, and customers cannot tell that it is a partner.",
            kpis=(
                "csat",
                "first_contact_resolution",
                "reopen_rate",
                "first_response_within_target",
                "resolution_within_target",
                "average_handle_time",
                "escalation_rate",
                "service_level",
                VOLUME,
            ),
        ),
        Scorecard(
            name="service_desk",
            title="Service desk",
            goal="Colleagues are back at work within the agreed time, and the queue does not grow.",
            kpis=(
                "first_response_within_target",
                "resolution_within_target",
                "first_contact_resolution",
                "reopen_rate",
                "backlog",
                "escalation_rate",
                "csat",
                "agent_utilization",
                VOLUME,
            ),
        ),
    )
}

WATCHED: tuple[tuple[str, str], ...] = (
    (VOLUME, "topic"),
    ("first_response_time", "team"),
    ("first_response_time", "channel"),
    ("resolution_time", "topic"),
    ("reopen_rate", "team"),
    ("csat", "channel"),
    ("csat", "topic"),
    ("average_handle_time:tickets", "topic"),
)
"""What findings are looked for in: a KPI and the dimension it is split by."""


def scorecard(name: str | None, own: Mapping[str, Scorecard]) -> Scorecard:
    """The scorecard called ``name``, the workspace's ``own`` before the ready ones; null is the default.

    Raises UnknownNameError.
    """
    known = {**READY, **own}
    wanted = name or DEFAULT
    if wanted not in known:
        raise UnknownNameError("scorecard", wanted, known)
    return known[wanted]


def watched(card: Scorecard) -> tuple[tuple[str, str], ...]:
    """Where findings of a scorecard are looked for."""
    if card.name == DEFAULT:
        return WATCHED
    named = {catalog.parted(kpi)[0] for kpi in card.kpis}
    return tuple((kpi, by) for kpi, by in WATCHED if catalog.parted(kpi)[0] in named)
