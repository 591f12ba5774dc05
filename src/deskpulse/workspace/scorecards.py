"""A scorecard's KPIs, asked together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.insights.scorecard import DEFAULT, READY, VOLUME, scorecard
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


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Which of several scorecards is shown, and which after it (null where it is the only one)."""

    shown: str
    next: str | None
    names: tuple[str, ...]


def rotation(place: Workspace, names: str, shown: str | None) -> Turn:
    """Scorecards shown in turn: ``names`` parted by commas, else the default and the workspace's own.

    Raises UnknownNameError.
    """
    wanted = tuple(name.strip() for name in names.split(",") if name.strip())
    turn = tuple(dict.fromkeys(wanted or (DEFAULT, *place.settings.scorecards)))
    for name in (*turn, *filter(None, (shown,))):
        scorecard(name, place.settings.scorecards)
    now = shown or turn[0]
    after = turn[(turn.index(now) + 1) % len(turn)] if now in turn else turn[0]
    return Turn(shown=now, next=None if after == now else after, names=turn)
