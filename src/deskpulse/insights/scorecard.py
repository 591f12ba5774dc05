"""The scorecard of a support desk: at most nine KPIs, speed beside the quality that guards it."""

from __future__ import annotations

VOLUME = "ticket_volume"
"""What tells whether a period has anything to report on."""

SCORECARD: tuple[str, ...] = (
    VOLUME,
    "first_response_time",
    "first_response_within_target",
    "resolution_time",
    "first_contact_resolution",
    "reopen_rate",
    "escalation_rate",
    "backlog",
    "csat",
)

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
