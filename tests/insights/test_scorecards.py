"""Ready scorecards and recommendations: few KPIs, speed never without what guards it, every name a KPI."""

from __future__ import annotations

import tomllib

import pytest

from deskpulse import catalog
from deskpulse.errors import UnknownNameError
from deskpulse.insights.scorecard import READY, WATCHED, scorecard, watched
from deskpulse.insights.scorecard_goals import AIMS, MODELS, recommend
from deskpulse.settings import MOST_KPIS, Scorecard

SPEED = ("first_response_time", "resolution_time", "average_handle_time", "average_speed_of_answer")


def test_there_is_one_for_each_business() -> None:
    assert set(MODELS) == {"saas", "ecommerce", "contact_centre", "bpo_partner", "service_desk"}


@pytest.mark.parametrize("card", READY.values(), ids=lambda card: card.name)
def test_a_ready_scorecard_is_short_and_names_kpis(card: Scorecard) -> None:
    assert len(card.kpis) == len(set(card.kpis)) <= MOST_KPIS == 9
    assert card.goal.endswith(".") and card.title and card.warning is None
    for name in card.kpis:
        kpi, _, variant = name.partition(":")
        catalog.kpi(kpi).variant(variant or None)


@pytest.mark.parametrize("card", READY.values(), ids=lambda card: card.name)
def test_speed_stands_beside_what_guards_it(card: Scorecard) -> None:
    for name in set(card.kpis) & set(SPEED):
        guards = {guard for guard, _ in catalog.kpi(name).guardrails}
        assert guards & set(card.kpis), f"{name} stands alone: put one of {guards} beside it"


def test_what_is_asked_for_of_each_business_is_there() -> None:
    # Of SaaS resolution time and effort, of shops satisfaction and NPS.
    assert {"resolution_time", "ces"} <= set(READY["saas"].kpis)
    assert {"csat", "nps"} <= set(READY["ecommerce"].kpis)
    assert {"service_level", "abandonment_rate"} <= set(READY["contact_centre"].kpis)


def test_the_workspaces_own_goes_before_a_ready_one_and_the_default_is_one() -> None:
    own = Scorecard(name="saas", title="Ours", goal="", kpis=("csat",))
    assert scorecard("saas", {"saas": own}) is own
    assert scorecard(None, {}) is READY["support"]
    with pytest.raises(UnknownNameError, match="Did you mean 'saas'"):
        scorecard("sas", {})


def test_findings_are_looked_for_in_the_cards_kpis() -> None:
    assert watched(READY["support"]) == WATCHED
    own = Scorecard(name="own", title="", goal="", kpis=("csat:mean", "mrr"))
    assert watched(own) == (("csat", "channel"), ("csat", "topic"))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("aim", AIMS)
def test_a_recommendation_is_short_reasoned_and_guarded(model: str, aim: str) -> None:
    found = recommend(model, aim)
    names = [each.kpi for each in found.kpis]
    assert len(names) == len(set(names)) == MOST_KPIS
    assert names[: len(AIMS[aim].kpis)] == list(AIMS[aim].kpis)
    assert all(each.reason.endswith(".") for each in found.kpis)
    for each in found.kpis[: len(AIMS[aim].kpis)]:
        assert not each.guardrails or set(each.guardrails) & set(names), f"nothing guards {each.kpi}"
    written = tomllib.loads(found.lines)["scorecards"][found.name]
    assert written["kpis"] == names and written["goal"] == found.goal


def test_a_name_there_is_none_of_is_told() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'ecommerce'"):
        recommend("ecomerce", "speed")
    with pytest.raises(UnknownNameError, match="Did you mean 'speed'"):
        recommend("saas", "sped")
