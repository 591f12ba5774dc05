"""Any KPI any way: what was chosen, kept to what that KPI can be asked, and what else could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from deskpulse import catalog
from deskpulse.answers.answer import Answer
from deskpulse.answers.plan import COMPUTED
from deskpulse.answers.question import GRAINS
from deskpulse.errors import AccessError, QuestionError, UnknownNameError
from deskpulse.insights.scorecard import scorecard
from deskpulse.metrics.measure import Census, shared_dimensions

if TYPE_CHECKING:
    from deskpulse.workspace import Workspace

COMPARISONS: Mapping[str, str] = {"previous": "the period before", "last_year": "the same a year ago"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is explored: names as in a question, empty for the KPI's default."""

    kpi: str = ""
    variant: str = ""
    statistic: str = ""
    clock: str = ""
    by: str = ""
    then_by: str = ""
    grain: str = ""
    compare: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What can be chosen for a KPI."""

    variants: tuple[str, ...]
    statistics: tuple[str, ...]
    clocks: tuple[str, ...]
    dimensions: tuple[str, ...]
    grains: tuple[str, ...] = GRAINS
    comparisons: tuple[str, ...] = tuple(COMPARISONS)


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """A choice with its answer, or with ``problem`` where it cannot be answered."""

    chosen: Choice
    offer: Offer
    answer: Answer | None
    problem: str = ""


def explored(place: Workspace, wanted: Choice, *, period: str, zone: str, where: Mapping[str, str]) -> Exploration:
    """The answer to a choice; what its KPI does not have is let go. Raises UnknownNameError for a KPI there is not."""
    chosen, offer = _settled(place, wanted)
    try:
        answer = place.ask(chosen.kpi, **_options(chosen), period=period, zone=zone, where=where)
    except (QuestionError, AccessError, UnknownNameError) as error:
        return Exploration(chosen=chosen, offer=offer, answer=None, problem=str(error))
    return Exploration(chosen=chosen, offer=offer, answer=answer)


@dataclass(frozen=True, kw_only=True)
class Readings:
    """How a KPI's variant can be read: the first of each is its default."""

    statistics: tuple[str, ...]
    clocks: tuple[str, ...]

    def kept(self, statistic: str, clock: str) -> dict[str, str]:
        """What was wanted as far as the variant has it, as options of a question."""
        wanted = {"statistic": _among(statistic, self.statistics), "clock": _among(clock, self.clocks)}
        return {name: chosen for name, chosen in wanted.items() if chosen}


def readings(kpi: str) -> Readings:
    """How a KPI (``id`` or ``id:variant``) can be read. Raises UnknownNameError."""
    measure = catalog.formula(kpi)
    return Readings(statistics=tuple(measure.statistics), clocks=tuple(measure.clocks))


def _settled(place: Workspace, wanted: Choice) -> tuple[Choice, Offer]:
    name, after_colon = catalog.parted(wanted.kpi or scorecard(None, place.settings.scorecards).kpis[0])
    kpi = catalog.kpi(name)
    variant = _among(wanted.variant or after_colon or "", kpi.variants) or kpi.default
    measure = kpi.variant(variant)
    computed = () if isinstance(measure, Census) else COMPUTED
    offer = Offer(
        variants=tuple(kpi.variants),
        statistics=tuple(measure.statistics),
        clocks=tuple(measure.clocks),
        dimensions=tuple(dict.fromkeys((*shared_dimensions(measure), *computed))),
    )
    by = [one for one in dict.fromkeys((wanted.by, wanted.then_by)) if one in offer.dimensions]
    settled = Choice(
        kpi=name,
        variant=variant,
        statistic=_among(wanted.statistic, offer.statistics),
        clock=_among(wanted.clock, offer.clocks),
        by=by[0] if by else "",
        then_by=by[1] if len(by) > 1 else "",
        grain=_among(wanted.grain, offer.grains),
        compare=_among(wanted.compare, offer.comparisons),
    )
    return settled, offer


def _among(wanted: str, offered: Sequence[str] | Mapping[str, Any]) -> str:
    return wanted if wanted in offered else ""


def _options(chosen: Choice) -> Any:
    settled = {"variant": chosen.variant, "by": [one for one in (chosen.by, chosen.then_by) if one]}
    optional = {name: getattr(chosen, name) or None for name in ("statistic", "clock", "grain", "compare")}
    return {**settled, **optional}


def query(chosen: Choice) -> dict[str, str]:
    """A choice as the parameters of an address, without what is left at its default."""
    return {one.name: getattr(chosen, one.name) for one in fields(chosen) if getattr(chosen, one.name)}
