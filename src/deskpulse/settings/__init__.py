"""What a workspace is set to: business hours, who works by which, and targets. Written in ``deskpulse.toml``.

``template()`` shows every key. Days and dates are local to the schedule's zone; ``valid_from`` and ``valid_to`` are
both included. Schedule rules and targets are tried from the top: the first whose conditions hold counts.
"""

from deskpulse.settings.contracts import Contract, ContractLine
from deskpulse.settings.goals import MOST_KPIS, KPITarget, Scorecard
from deskpulse.settings.load import load_settings
from deskpulse.settings.model import (
    BUSINESS_CLOCK_WORDS,
    FILE_NAME,
    BusinessClock,
    ScheduleRule,
    Settings,
    Target,
    TargetClock,
    TargetMetric,
    default_settings,
)
from deskpulse.settings.reports import Mail, ScheduledReport
from deskpulse.settings.template import template

__all__ = [
    "BUSINESS_CLOCK_WORDS",
    "FILE_NAME",
    "MOST_KPIS",
    "BusinessClock",
    "Contract",
    "ContractLine",
    "KPITarget",
    "Mail",
    "ScheduleRule",
    "ScheduledReport",
    "Scorecard",
    "Settings",
    "Target",
    "TargetClock",
    "TargetMetric",
    "default_settings",
    "load_settings",
    "template",
]
