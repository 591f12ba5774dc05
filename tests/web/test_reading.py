"""A KPI's page read otherwise: its statistic and its clock stand in the address, and every link keeps them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from deskpulse.settings import load_settings
from tests.web.conftest import Visit, form_of, serve
from tests.web.test_overview import cards, links

PAGE = "/kpis/first_response_time?period=2025-05"
GERMAN = {"accept-language": "de"}


def test_the_statistic_is_chosen_and_kept_by_what_leads_on(visit: Visit) -> None:
    """Replies after 30 min and 60 min: nine tenths of the way between them are 57 min."""
    page = visit().get(f"{PAGE}&statistic=p90").text
    assert cards(page)["First response time"] == "57m"
    assert '<option value="p90" selected>' in page
    for path in ("/prove/first_response_time", "/kpis/first_response_time:", "/export/answer.csv"):
        queries = [parse_qs(urlsplit(link).query) for link in links(page, path)]
        assert queries
        assert all(query["statistic"] == ["p90"] for query in queries), path
    assert any("kpi=first_response_time&statistic=p90" in link for link in links(page, "/explore?"))


def test_the_clock_is_chosen_too(visit: Visit) -> None:
    page = visit().get(f"{PAGE}&clock=business").text
    assert '<option value="business" selected>' in page
    proofs = links(page, "/prove/first_response_time")
    assert proofs
    assert all("clock=business" in link for link in proofs)


def test_what_the_kpi_does_not_have_is_let_go(visit: Visit) -> None:
    assert cards(visit().get(f"{PAGE}&statistic=nonsense&clock=sundial").text)["First response time"] == "45m"


def test_other_variants_are_read_alike_where_they_can_be(visit: Visit) -> None:
    """A share has no percentiles: nothing is asked of it that it does not have."""
    assert visit().get("/kpis/csat?period=2025-05&statistic=p90").status_code == 200


def test_a_template_is_not_kept_in_the_language_of_its_first_reader(visit: Visit) -> None:
    """What goes without saying (a share is a share) is left out in every language."""
    for headers in ({"accept-language": "en"}, GERMAN):
        page = visit().get("/?period=2025-05", headers=headers).text
        assert not re.search(r'class="stat">(share|Anteil|count|Anzahl)<', page)


def test_that_nothing_changed_is_said(visit: Visit) -> None:
    """Three tickets in May, none in April: nothing that is more than noise can be said of so few."""
    assert (
        "Nothing changed by more than noise, compared with the period before." in visit().get("/?period=2025-05").text
    )


def hidden(page: str) -> dict[str, str]:
    return {"form_secret": form_of(page), "based_on": re.findall(r'name="based_on" value="(\w+)"', page)[0]}


def test_a_target_is_typed_with_the_readers_decimal_mark(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    page = client.get("/targets?target=0", headers=GERMAN).text
    assert 'name="at_least" value="0,8"' in page  # 0.8 in the file
    sent = {**hidden(page), "position": "0", "kpi": "csat", "at_least": "85,5 %"}
    assert client.post("/targets/target", data=sent, headers=GERMAN).status_code == 303
    assert load_settings(own_root / "deskpulse.toml").kpi_targets[0].at_least == pytest.approx(0.855)
    again = client.get("/targets?target=0", headers=GERMAN).text
    assert 'name="at_least" value="85,5 %"' in again
    refused = client.post("/targets/target", data={**hidden(again), "kpi": "mrr", "at_least": "1.000"}, headers=GERMAN)
    assert refused.status_code == 400
    assert re.search(r'name="at_least" value="1.000"[^>]*aria-invalid="true"', refused.text)
    assert "1000 oder 1,000" in unescape(refused.text)
