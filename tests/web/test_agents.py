"""``/agents`` and the pages by dimension: Ana of Billing was rated 2 of 5, Ben of Orders 5 of 5."""

from __future__ import annotations

import re
from html import unescape

import pytest

from deskpulse.answers.standings import Standing
from deskpulse.insights.ranking import funnel
from deskpulse.present.ranks import funnel_chart, own_line, rank_chart
from tests.web.conftest import Visit

PERIOD = "period=last-30-days"


def cells(page: str, group: str) -> list[str]:
    """What a row of a table of groups shows, column by column."""
    row = page.partition(f">{group}</a></th>")[2].partition("</tr>")[0]
    return re.findall(r'<a class="value"[^>]*>([^<]*)</a>', row)


def test_agents_with_few_contacts_are_listed_without_a_rank(visit: Visit) -> None:
    page = visit().get(f"/agents?{PERIOD}").text
    assert ">Ana</a>" in page
    assert ">Ben</a>" in page
    assert page.count("too few to be ranked") >= 2


def test_the_ranks_are_taken_away_as_they_are_shown(visit: Visit) -> None:
    page = visit().get(f"/agents?{PERIOD}").text
    for form in ("png", "svg", "csv", "xlsx", "parquet"):
        (address,) = set(re.findall(rf'href="(/export/ranks\.{form}[^"]*)"', page))
        assert visit().get(unescape(address)).status_code == 200
    file = visit().get(f"/export/ranks.csv?kpi=top_agents&{PERIOD}").text
    assert [line.split(",")[0] for line in file.splitlines()] == ["unit", "Ana", "Ben"]
    agent = visit("agent", team="Billing", agent="Ana").get(f"/export/ranks.csv?kpi=top_agents&{PERIOD}").text
    assert "Ana" in agent and "Ben" not in agent


def test_a_funnel_of_nobody_says_why(visit: Visit) -> None:
    answer = visit().get(f"/export/funnel.svg?kpi=top_agents&{PERIOD}")
    assert answer.status_code == 400
    assert "Nobody has enough contacts" in answer.text


def test_who_may_not_see_names_is_led_to_the_own_place(visit: Visit) -> None:
    agent = visit("agent", team="Billing", agent="Ana")
    assert agent.get(f"/agents?{PERIOD}").headers["location"].startswith("/agents/me")
    page = agent.get(f"/agents/me?{PERIOD}").text
    assert "Ana beside the team Billing" in page
    assert "Ben" not in page
    assert agent.get(f"/agents/Ben?{PERIOD}").status_code == 403


def test_an_account_of_no_agent_is_told_so(visit: Visit) -> None:
    page = visit("viewer").get(f"/agents/me?{PERIOD}")
    assert page.status_code == 200
    assert "no agent" in page.text


def test_a_lead_sees_the_own_teams_agents_alone(visit: Visit) -> None:
    page = visit("lead", team="Orders").get(f"/agents?{PERIOD}").text
    assert ">Ben</a>" in page
    assert "Ana" not in page


def test_an_agents_figures_stand_beside_everybodys(visit: Visit) -> None:
    """Ana's reply took an hour, Ben's half an hour: the median of both is 45 minutes."""
    page = visit().get(f"/agents/Ana?{PERIOD}").text
    row = page.partition(">First response time</a></th>")[2].partition("</tr>")[0]
    assert "<td>1h <span" in row
    assert row.rstrip().endswith("<td>45m</td>")


def test_the_scorecard_by_team(visit: Visit) -> None:
    page = visit().get(f"/teams?{PERIOD}").text
    assert cells(page, "Billing")[:2] == ["1", "1h"]
    assert cells(page, "Orders")[:2] == ["2", "30m"]
    assert cells(page, "Billing")[-1] == "0.0 %"
    assert cells(page, "Orders")[-1] == "100.0 %"
    assert "/prove/csat?period=last-30-days&amp;team=Orders" in page


def test_the_scorecard_by_channel_is_within_the_rules(visit: Visit) -> None:
    assert cells(visit().get(f"/channels?{PERIOD}").text, "chat")[:2] == ["1", "30m"]
    assert "chat" not in visit("lead", team="Billing").get(f"/channels?{PERIOD}").text


def test_a_dimension_that_nothing_has(visit: Visit) -> None:
    assert visit().get(f"/partners?{PERIOD}").status_code == 200


def standing(unit: str, observed: float, **more: float | None) -> Standing:
    """A hundred rows of which half are usual: a share varies by .05 around .5."""
    ranks = {"rank": 2.0, "rank_low": 1.0, "rank_high": 3.0, "adjusted": 0.5, "adjusted_low": 0.4, "adjusted_high": 0.6}
    usual = {"n": 100, "expected": 50.0, "usual": 0.5, "size": 100.0, "variance": 0.25, **ranks}
    return Standing(key=(None, (unit,)), unit=unit, observed=observed, **(usual | more))


def test_ranks_are_drawn_as_ranges_and_written_with_the_mix() -> None:
    few = dict.fromkeys(("rank", "rank_low", "rank_high", "adjusted", "adjusted_low", "adjusted_high"))
    chart = rank_chart([standing("ana", 50), standing("bo", 3, n=6, expected=3.0, **few)], "Top")
    assert chart.spec["data"]["values"] == [{"unit": "ana", "rank": 2.0, "low": 1.0, "high": 3.0}]
    assert chart.table.rows == (
        ("ana", "1–3", "100", "50.0 %", "40.0–60.0 %", "50", "50.0"),
        ("bo", "too few to be ranked", "6", "", "", "3", "3.0"),
    )
    assert chart.sentence == "Top: 1 agents with a range of ranks, 1 with too few contacts for one."


def test_the_funnel_names_who_stands_out_and_no_other() -> None:
    """70 of 100 where 50 are usual lie 4 deviations out."""
    found = funnel([standing("best", 70), *(standing(str(number), 50) for number in range(9))])
    assert found
    chart = funnel_chart(found, is_share=True)
    assert chart.sentence.endswith("likely: best (far above the usual).")
    assert chart.table.rows[0] == ("best", "100", "70.0 %", "4.00"[:3], "far above the usual")


def test_no_own_work_is_no_data() -> None:
    assert own_line(None, is_share=True).value == "no data"


@pytest.mark.parametrize("path", ["/teams", "/channels", "/topics", "/agents", "/agents/me"])
def test_every_role_gets_a_page_or_a_reason(visit: Visit, path: str) -> None:
    for role in ("viewer", "analyst"):
        assert visit(role).get(f"{path}?{PERIOD}").status_code in (200, 303)
