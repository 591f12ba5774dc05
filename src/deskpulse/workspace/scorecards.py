"""A scorecard's KPIs, asked together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.insights.scorecard import READY, VOLUME, scorecard
from deskpulse.settings import KPITarget, Scorecard
from deskpulse.workspace.asking import Where
from deskpulse.workspace.reporting import comparison

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

PARTNER = "partner"


def scorecards(place: Workspace) -> tuple[Scorecard, ...]:
    """Every scorecard: the workspace's own, and the ready ones it has none of the same name for."""
    return tuple({**READY, **place.settings.scorecards}.values())


def scored(
    place: Workspace, name: str | None, period: str, where: Where | None = None, *, zone: str | None = None
) -> tuple[Answer, ...]:
    """The values of the scorecard called ``name`` (null: the default), against what it is compared with.

    Raises UnknownNameError, and what ``ask`` raises.
    """
    card = scorecard(name, place.settings.scorecards)
    compare = comparison(card, place.question(VOLUME, period=period, zone=zone).start)
    asked = [place.question(kpi, period=period, where=where, zone=zone) for kpi in card.kpis]
    return tuple(place.ask_many([replace(one, compare=compare) for one in asked]))


def targets(place: Workspace) -> tuple[KPITarget, ...]:
    """The targets the viewer may see: what was agreed with another partner is not for a partner's people."""
    partner = place.viewer.partner
    return tuple(
        target
        for target in place.settings.kpi_targets
        if partner is None or target.where.get(PARTNER, partner) == partner
    )
