"""Leaderboards as someone may see them: all units, or the own place among others who stay unnamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskpulse.answers.question import Question
from deskpulse.answers.standings import Standing
from deskpulse.answers.standings import standings as found_by
from deskpulse.errors import AccessError
from deskpulse.insights.ranking import OwnPlace
from deskpulse.insights.ranking import own_place as own_of
from deskpulse.workspace.access import is_by_agent

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace


def standings(place: Workspace, asked: Question) -> tuple[Standing, ...]:
    """The units that may be shown; ranks are among all that the rules let through."""
    bound = place.viewer.restricted(asked, ranks=True)
    found = found_by(bound, backend=place.backend)
    return tuple(one for one in found if place.viewer.is_shown(one.unit)) if is_by_agent(bound) else found


def own_place(place: Workspace, asked: Question) -> OwnPlace | None:
    """The viewer's own place on a leaderboard of agents; null where they did nothing. Raises AccessError."""
    if not place.viewer.agent:
        raise AccessError("Your account is no agent's, so it has no place of its own. Ask an admin to set the agent.")
    bound = place.viewer.restricted(asked, ranks=True)
    return own_of(found_by(bound, backend=place.backend), place.viewer.agent)
