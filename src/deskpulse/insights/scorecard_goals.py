"""Which KPIs serve a goal: recommended from the business model and the aim, each with its reason and its guards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deskpulse import catalog
from deskpulse.errors import UnknownNameError
from deskpulse.insights.scorecard import DEFAULT, READY
from deskpulse.settings import MOST_KPIS

MODELS: Mapping[str, str] = {name: card.title for name, card in READY.items() if name != DEFAULT}
"""The business models there is a scorecard for, by name."""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What is to become better, and the KPIs that show it, each with the reason."""

    title: str
    kpis: Mapping[str, str]


AIMS: Mapping[str, Aim] = {
    "speed": Aim(
        title="Answer and solve sooner",
        kpis={
            "first_response_time": "How long customers wait for a first answer of a person.",
            "resolution_time": "How long they wait until it is solved: a soon answer alone helps nobody.",
            "first_response_within_target": "Unanswered tickets count too: the median is blind to them.",
            "backlog": "What waits: it grows before the waits do.",
        },
    ),
    "satisfaction": Aim(
        title="More satisfied customers",
        kpis={
            "csat": "What customers say of the help they got.",
            "survey_response_rate": "A score of few answers is the score of those who answer.",
            "first_contact_resolution": "Having to ask twice is what most lowers satisfaction.",
            "first_response_time": "The wait customers feel first; it moves before the score does.",
        },
    ),
    "effort": Aim(
        title="Easier for customers",
        kpis={
            "ces": "What customers say of the effort it took them.",
            "first_contact_resolution": "One contact is the least effort.",
            "interactions_to_resolution": "Each further exchange is work for the customer.",
            "transfer_rate": "Each hand-off means telling it again.",
        },
    ),
    "cost": Aim(
        title="Lower cost, same quality",
        kpis={
            "cost_per_conversation": "What a conversation costs in full.",
            "deflection_rate": "What self-service really spared, as a band.",
            "average_handle_time": "The work in a contact; guarded, since haste brings people back.",
            "agent_utilization": "Paid time that becomes help; above the band people burn out.",
        },
    ),
    "retention": Aim(
        title="Customers who stay",
        kpis={
            "customer_churn_rate": "Who left; it tells late.",
            "nps": "Who would speak for you; it moves before churn does.",
            "reopen_rate": "Problems that come back are why people leave.",
            "resolution_time": "Long open problems are another.",
        },
    ),
    "team": Aim(
        title="A team that lasts",
        kpis={
            "employee_engagement": "How the people are who do the work.",
            "agent_utilization": "In the band there is time to breathe; above it people leave.",
            "active_participation": "Whether the work rests on many or on few.",
            "backlog": "What presses on the team.",
        },
    ),
}


@dataclass(frozen=True, kw_only=True)
class Recommended:
    """One KPI, why it is recommended, and the KPIs it must be read beside with the reason."""

    kpi: str
    title: str
    reason: str
    guardrails: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """At most nine KPIs for a goal, and the lines of ``deskpulse.toml`` that make them a scorecard."""

    name: str
    title: str
    goal: str
    kpis: tuple[Recommended, ...]
    lines: str


def recommend(model: str, aim: str) -> Recommendation:
    """KPIs for a business model and an aim: those of the aim, one guard of each, then those usual for the model.

    Raises UnknownNameError.
    """
    if model not in MODELS:
        raise UnknownNameError("business model", model, MODELS)
    if aim not in AIMS:
        raise UnknownNameError("aim", aim, AIMS)
    reasons: dict[str, str] = {}
    for kpi, reason in (*AIMS[aim].kpis.items(), *_guards(model, aim), *_usual(model)):
        if len(reasons) < MOST_KPIS:
            reasons.setdefault(kpi, reason)
    chosen = tuple(_recommended(kpi, reason) for kpi, reason in reasons.items())
    name, title = f"{model}_{aim}", f"{MODELS[model]}: {AIMS[aim].title.lower()}"
    goal = READY[model].goal
    return Recommendation(name=name, title=title, goal=goal, kpis=chosen, lines=_lines(name, title, goal, reasons))


def _guards(model: str, aim: str) -> Iterator[tuple[str, str]]:
    """One guard of each KPI of the aim, one of the model's scorecard where there is a choice."""
    mine = dict(AIMS[aim].kpis)
    for kpi in tuple(mine):
        guards = catalog.kpi(kpi).guardrails
        if guards and not any(guard in mine for guard, _ in guards):
            guard, why = min(guards, key=lambda pair: pair[0] not in READY[model].kpis)
            mine |= {guard: why}
            yield guard, f"Guards {catalog.kpi(kpi).title.lower()}: {why}"


def _usual(model: str) -> Iterator[tuple[str, str]]:
    for kpi in READY[model].kpis:
        yield kpi, f"Usual for this business: {MODELS[model].lower()}."


def _recommended(kpi: str, reason: str) -> Recommended:
    found = catalog.kpi(kpi)
    return Recommended(kpi=kpi, title=found.title, reason=reason, guardrails=dict(found.guardrails))


def _lines(name: str, title: str, goal: str, kpis: Mapping[str, str]) -> str:
    written = {"title": title, "goal": goal, "kpis": list(kpis)}
    body = "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in written.items())
    return f"[scorecards.{name}]\n{body}\n"
