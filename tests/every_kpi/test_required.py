"""The KPIs and variants that people were promised, by name; the first variant is the default."""

from __future__ import annotations

import pytest

from deskpulse import catalog

REQUIRED = {
    "experience": {
        "csat": (
            "top_two_box",
            "good_over_rated",
            "mean",
            "normalised_mean",
            "top_box",
            "weighted",
            "by_channel",
        ),
        "nps": ("nps", "promoters", "passives", "detractors", "weighted", "by_channel"),
        "ces": ("ces2", "ces2_share", "ces1", "interactions"),
        "sentiment": ("negative_share", "net"),
        "positive_reviews": ("count", "share", "average_stars", "days_to_review"),
        "survey_response_rate": ("csat", "nps", "ces", "resolved", "all"),
    },
    "people": {
        "employee_engagement": ("mean", "favourable", "enps"),
        "active_participation": ("helped",),
    },
    "speed": {
        "first_response_time": ("created", "handoff", "assigned", "reopened", "include_bots"),
        "response_time": ("per_reply", "per_ticket"),
        "resolution_time": ("full", "first", "without_customer_wait", "last_outbound"),
        "requester_wait_time": ("until_solved",),
        "agent_wait_time": ("until_solved",),
        "on_hold_time": ("until_solved",),
        "first_response_within_target": ("channel", "priority", "policy"),
        "resolution_within_target": ("channel", "priority", "policy", "source_last", "source_every"),
        "average_handle_time": (
            *("handled", "with_dial", "with_abandoned", "spread"),
            *("tickets", "tickets_over_concurrency"),
        ),
        "average_speed_of_answer": ("answered", "all"),
    },
    "effectiveness": {
        "first_contact_resolution": (
            "no_repeat",
            "no_repeat_1d",
            "no_repeat_3d",
            "no_repeat_14d",
            "no_repeat_30d",
            "gross",
            "net",
            "one_touch",
            *(f"{kind}{days}" for kind in ("any_channel", "calls") for days in ("", "_1d", "_3d", "_14d", "_30d")),
            "survey",
            *(f"no_repeat_survival{days}" for days in ("", "_1d", "_3d", "_14d", "_30d")),
        ),
        "interactions_to_resolution": ("exchanges", "agent_replies", "messages"),
        "resolution_rate": ("cohort", "period"),
        "reopen_rate": ("7d", "1d", "30d", "ever"),
        "escalation_rate": ("vertical", "horizontal", "customer_asked"),
        "transfer_rate": ("any", "team", "agent"),
        "agents_per_ticket": ("agents",),
    },
    "load": {
        "ticket_volume": ("created", "solved"),
        "call_volume": ("offered", "answered", "customer_missed", "agent_missed"),
        "missed_calls": ("customer_missed", "agent_missed"),
        "abandonment_rate": ("all", "excluding_short", "queued"),
        "service_level": (
            "answered_in_t",
            "of_answered",
            "with_abandoned_in_t",
            "without_abandoned_in_t",
            "with_short",
            "without_short",
        ),
        "agent_utilization": ("handling_over_logged_in", "productive_over_paid", "occupancy"),
        "issues_by_type": ("count", "share"),
        "top_agents": ("satisfied", "first_contact", "not_reopened", "within_target"),
        "most_active_agents": ("replies", "solved", "handled"),
        "deflection_rate": ("helpful_no_ticket", "no_ticket_24h", "bot_resolved", "views_to_tickets"),
        "knowledge_base_articles": (
            "published",
            "helpful_share",
            "stale_share",
            "failed_searches",
            "viewed",
            "linked",
        ),
        "backlog": ("open", "unassigned", "older_than", "age"),
    },
}
KPIS = [(category, name, variants) for category, names in REQUIRED.items() for name, variants in names.items()]
BETTER = {
    "higher": {
        "csat",
        "nps",
        "ces",
        "positive_reviews",
        "employee_engagement",
        "survey_response_rate",
        "first_response_within_target",
        "resolution_within_target",
        "first_contact_resolution",
        "resolution_rate",
        "deflection_rate",
        "knowledge_base_articles",
        "service_level",
        "active_participation",
    },
    "band": {"agent_utilization"},
    "none": {"ticket_volume", "issues_by_type", "call_volume"},
}
BETTER_FOR = {
    "knowledge_base_articles:stale_share": "lower",
    "knowledge_base_articles:failed_searches": "lower",
    "call_volume:customer_missed": "lower",
    "call_volume:agent_missed": "lower",
    "nps:passives": "none",
    "nps:detractors": "lower",
    "ces:ces1": "lower",
    "sentiment:net": "higher",
    "ces:interactions": "lower",
    "positive_reviews:days_to_review": "lower",
}


@pytest.mark.parametrize(("category", "name", "variants"), KPIS, ids=[name for _, name, _ in KPIS])
def test_it_exists_with_its_variants_in_order(category: str, name: str, variants: tuple[str, ...]) -> None:
    assert catalog.category(name) == category
    assert tuple(catalog.kpi(name).variants) == variants


@pytest.mark.parametrize(("category", "name", "variants"), KPIS, ids=[name for _, name, _ in KPIS])
def test_the_better_direction_is_right(category: str, name: str, variants: tuple[str, ...]) -> None:
    usual = next((better for better, names in BETTER.items() if name in names), "lower")
    for variant in variants:
        assert catalog.kpi(name).better_of(variant) == BETTER_FOR.get(f"{name}:{variant}", usual), variant


@pytest.mark.parametrize(
    "name", ["first_response_time", "response_time", "resolution_time", "requester_wait_time", "on_hold_time"]
)
def test_a_duration_is_a_median_first_and_has_both_clocks(name: str) -> None:
    for measure in catalog.kpi(name).variants.values():
        assert measure.statistics == ("median", "mean", "p90", "p95")
        assert measure.clocks == ("calendar", "business")


def test_speed_of_answer_is_a_mean_first_and_the_median_can_be_asked() -> None:
    for measure in catalog.kpi("average_speed_of_answer").variants.values():
        assert measure.statistics == ("mean", "median", "p90", "p95")
