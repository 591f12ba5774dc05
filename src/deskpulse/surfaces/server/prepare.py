"""What is worked out before anybody asks: the page people open first, and the module that makes charts live."""

from __future__ import annotations

from contextlib import suppress

from deskpulse.errors import DeskpulseError
from deskpulse.present.live_charts import bundle
from deskpulse.surfaces.web.view import PERIOD
from deskpulse.workspace import Workspace
from deskpulse.workspace.current import Current
from deskpulse.workspace.overview import Overview, overview


def prepare(current: Current) -> None:
    """Asks what the overview asks, for all who may see everything; an empty workspace has nothing to prepare."""
    with suppress(DeskpulseError):
        current.kept("prepared", _overview)
    bundle(current.cache)


def _overview(place: Workspace) -> Overview:
    return overview(place, PERIOD, zone=place.settings.zone, where={}, name=None)
