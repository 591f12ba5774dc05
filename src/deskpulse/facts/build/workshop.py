"""What every step of a build needs at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis

from deskpulse.metrics.fact import Table
from deskpulse.settings import Settings
from deskpulse.time.business import BusinessCalendar

Events = Mapping[str, Table]
Stage = Callable[[str, Table], Table]


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """The events, the place to keep results several steps read, the settings and the business calendar as tables."""

    events: Events
    stage: Stage
    settings: Settings
    calendar: BusinessCalendar
    slots: Table
    openings: Table


def workshop(events: Events, stage: Stage, settings: Settings, calendar: BusinessCalendar) -> Workshop:
    """Lays the calendar out as tables beside the events."""
    return Workshop(
        events=events,
        stage=stage,
        settings=settings,
        calendar=calendar,
        slots=stage("slots", ibis.memtable(calendar.slots)),
        openings=stage("openings", ibis.memtable(calendar.openings)),
    )
