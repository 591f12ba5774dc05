"""A scorecard's KPIs, asked together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskpulse.answers.answer import Answer
from deskpulse.insights.findings import notable
from deskpulse.insights.scorecard import DEFAULT, READY, scorecard
from deskpulse.present.words import sentence
from deskpulse.settings import KPITarget, Scorecard
from deskpulse.workspace.asked import answered_of, ask_each, questions_of
from deskpulse.workspace.asking import Where

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

    A KPI that cannot be asked so, or not by this viewer, is left out; raises UnknownNameError for a scorecard, and what
    ``ask`` raises where no KPI is left.
    """
    asked = questions_of(place, name, period=period, where=where, zone=zone)
    [values] = ask_each(place, asked.values)
    return answered_of(values)


def findings(place: Workspace, name: str | None, period: str, where: Where | None = None) -> tuple[str, ...]:
    """The changes beyond noise of a scorecard's KPIs and of their groups, as far as the viewer may see them."""
    asked = questions_of(place, name, period=period, where=where)
    values, splits = ask_each(place, asked.values, asked.splits)
    groups = (one for one in splits if isinstance(one, Answer))
    return tuple(sentence(row, answer) for answer, row in notable((*answered_of(values), *groups)))


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
