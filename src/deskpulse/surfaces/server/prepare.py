"""What is worked out before anybody asks: the page people open first, and the module that makes charts live."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from deskpulse.errors import DeskpulseError
from deskpulse.present.live_charts import bundle
from deskpulse.surfaces.web.view import PERIOD
from deskpulse.workspace import Workspace
from deskpulse.workspace.current import Current
from deskpulse.workspace.overview import Overview, overview

SHAPES = ("last-90-days", "this-month")
"""Periods whose questions are compiled to other texts: by week, and still running."""


def prepare(current: Current) -> None:
    """Asks what the overview asks, for all who may see everything; an empty workspace has nothing to prepare."""
    with suppress(DeskpulseError):
        current.kept("prepared", partial(_overview, period=PERIOD))
    bundle(current.cache)
    with suppress(DeskpulseError):
        for period in SHAPES:
            _overview(current.place, period)


def _overview(place: Workspace, period: str) -> Overview:
    return overview(place, period, zone=place.settings.zone, where={}, name=None)
