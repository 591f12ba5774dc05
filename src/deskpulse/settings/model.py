"""The values a workspace is set to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from deskpulse.settings.contracts import Contract
from deskpulse.settings.goals import KPITarget, Scorecard
from deskpulse.settings.money import Money
from deskpulse.settings.oidc import SingleSignOn
from deskpulse.settings.phones import Phones
from deskpulse.settings.population import Population
from deskpulse.settings.privacy import Privacy
from deskpulse.settings.reports import Mail, ScheduledReport
from deskpulse.settings.sources import Source
from deskpulse.settings.surveys import Survey
from deskpulse.time.schedule import Schedule

BusinessClock = Literal["per_moment", "last_schedule"]
TargetMetric = Literal["first_response", "resolution"]
TargetClock = Literal["calendar", "business"]
BUSINESS_CLOCK_WORDS: Mapping[BusinessClock, str] = {
    "per_moment": "Business time per moment: each stretch of a ticket by the schedule then in force.",
    "last_schedule": "Business time by last schedule: the whole ticket by the schedule it ended with.",
}
FILE_NAME = "deskpulse.toml"


@dataclass(frozen=True, kw_only=True)
class ScheduleRule:
    """Which tickets work by a schedule; a condition left null holds for all. Both dates are included."""

    schedule: str
    team: str | None = None
    channel: str | None = None
    queue: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def is_default(self) -> bool:
        """Whether it takes every ticket at every time."""
        return not any((self.team, self.channel, self.queue, self.valid_from, self.valid_to))


@dataclass(frozen=True, kw_only=True)
class Target:
    """The time in which tickets of a channel and priority (null: of any) should be answered or solved."""

    metric: TargetMetric
    seconds: int
    clock: TargetClock
    channel: str | None = None
    priority: str | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of a workspace.

    ``business_clock``: ``per_moment`` counts each stretch of a ticket by the schedule then in force, ``last_schedule``
    the whole ticket by the one it ended with. ``fcr_days`` is how long a solved contact must stay without another.
    """

    name: str = "Support"
    zone: str = "UTC"
    business_clock: BusinessClock = "per_moment"
    keep_snapshots: int = 3
    fcr_days: int = 7
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    schedule_rules: tuple[ScheduleRule, ...] = ()
    targets: tuple[Target, ...] = ()
    phones: Phones = field(default_factory=Phones)
    money: Money = field(default_factory=Money)
    population: Population = field(default_factory=dict)
    privacy: Privacy = field(default_factory=Privacy)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    kpi_targets: tuple[KPITarget, ...] = ()
    scorecards: Mapping[str, Scorecard] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    single_sign_on: SingleSignOn | None = None
    mail: Mail = field(default_factory=Mail)
    reports: tuple[ScheduledReport, ...] = ()
    sources: tuple[Source, ...] = ()


def default_settings() -> Settings:
    """The settings of a workspace without a file: UTC, no schedules, no targets."""
    return Settings()
