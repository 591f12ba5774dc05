"""``/api/v1/targets`` and ``/api/v1/scorecards``: what values should be, and which are looked at together."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from deskpulse.insights.scorecard import SEGMENTS_OF
from deskpulse.settings import KPITarget, Scorecard
from deskpulse.surfaces.api.models import AnswerOut, AskedForScorecard, Text, answer_out
from deskpulse.surfaces.api.served import Place, router
from deskpulse.workspace import scorecards as cards

goals = router("Goals")


class TargetOut(BaseModel):
    """What a KPI should be: bounds included; shares are 0-1, times seconds."""

    kpi: str = Field(examples=[SEGMENTS_OF])
    variant: str | None
    statistic: str | None
    clock: str | None
    at_least: float | None = Field(examples=[None])
    at_most: float | None = Field(examples=[3600])
    where: dict[str, str] = Field(description="For just this channel, team...; empty is for all.")
    valid_from: str | None
    valid_to: str | None


class ScorecardOut(BaseModel):
    """KPIs looked at together for a goal."""

    name: str = Field(examples=["support"])
    title: str
    goal: str
    kpis: list[str]


class ScoredOut(ScorecardOut):
    """A scorecard with its values, and the changes beyond noise in words."""

    values: list[AnswerOut]
    findings: list[str]
    notes: list[str]


@goals.get("/targets", summary="List the targets")
def every_target(place: Place) -> list[TargetOut]:
    """The targets of ``deskpulse.toml``; of several that fit, the first counts."""
    return [_target(target) for target in cards.targets(place)]


def _target(target: KPITarget) -> TargetOut:
    return TargetOut(
        kpi=target.kpi,
        variant=target.variant,
        statistic=target.statistic,
        clock=target.clock,
        at_least=target.at_least,
        at_most=target.at_most,
        where=dict(target.where),
        valid_from=target.valid_from.isoformat() if target.valid_from else None,
        valid_to=target.valid_to.isoformat() if target.valid_to else None,
    )


@goals.get("/scorecards", summary="List the scorecards")
def every_scorecard(place: Place) -> list[ScorecardOut]:
    """The company's own scorecards, and the ready ones."""
    return [_card(card) for card in cards.scorecards(place)]


def _card(card: Scorecard) -> ScorecardOut:
    return ScorecardOut(name=card.name, title=card.title, goal=card.goal, kpis=list(card.kpis))


@goals.get("/scorecards/{name}", summary="Report on a scorecard")
def one_scorecard(place: Place, name: Text, asked: Annotated[AskedForScorecard, Query()]) -> ScoredOut:
    """Each KPI of a scorecard against the period before, with targets, and what changed beyond noise.

    A KPI that cannot be asked so, or not by you, is left out.
    """
    values = cards.scored(place, name, asked.period, asked.where)
    card = next(card for card in cards.scorecards(place) if card.name == name)
    return ScoredOut(
        **_card(card).model_dump(),
        values=[answer_out(answer) for answer in values],
        findings=list(cards.findings(place, name, asked.period, asked.where)),
        notes=[card.warning] if card.warning else [],
    )
