"""Every router of the API."""

from __future__ import annotations

from deskpulse.surfaces.api.annotations import announcing
from deskpulse.surfaces.api.ask import ask
from deskpulse.surfaces.api.events import events
from deskpulse.surfaces.api.exports import exports
from deskpulse.surfaces.api.goals import goals
from deskpulse.surfaces.api.health import health, metrics, open_health
from deskpulse.surfaces.api.kpis import kpis
from deskpulse.surfaces.api.lists import lists
from deskpulse.surfaces.api.surveys import surveys

ROUTERS = (ask, kpis, lists, goals, announcing, exports, events, surveys, health, metrics, open_health)
