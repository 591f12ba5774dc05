"""The overview, a KPI's page, the wallboard: states, links, and numbers worked by hand from the shop's tickets."""

from __future__ import annotations

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import deskpulse
from deskpulse.surfaces.web.pages.live import _news
from deskpulse.workspace.annotating import Change, annotate
from deskpulse.workspace.current import Current
from tests.loops import run
from tests.web.conftest import AS_OF, Visit


def cards(page: str) -> dict[str, str]:
    """The number of each card by its title."""
    found = re.findall(
        r'<article class="card tile">\s*<h2><a [^>]*>(.*?)</a></h2>.*?<p class="number">(.*?)<', page, re.DOTALL
    )
    return {unescape(title): unescape(number).strip() for title, number in found}


def links(page: str, path: str) -> list[str]:
    """Addresses on a page that lead to ``path`` or below it."""
    return [unescape(address) for address in re.findall(r'href="([^"]+)"', page) if address.startswith(path)]


def test_cards_show_what_the_tickets_say(visit: Visit) -> None:
    page = visit().get("/?period=2025-05").text
    found = cards(page)
    # Three tickets; replies after 1 h and 30 min, whose median is 45 min; one of two ratings is 4 or 5; one is open.
    assert found["Ticket volume"] == "3"
    assert found["First response time"] == "45m"
    assert found["Customer satisfaction"] == "50.0 %"
    assert found["Backlog"] == "1"
    # 50 % of two ratings says little about the 80 % agreed.
    assert "Target ≥ 80.0 %" in page and "within noise" in page


def test_filters_are_kept_by_every_link_to_a_kpi(visit: Visit) -> None:
    page = visit().get("/?period=2025-05&channel=email").text
    assert cards(page)["Ticket volume"] == "2"
    found = [parse_qs(urlsplit(link).query) for link in links(page, "/kpis/")]
    assert found
    assert all(query["period"] == ["2025-05"] and query["channel"] == ["email"] for query in found)


def test_a_scorecard_is_chosen_in_the_address_and_an_unknown_one_is_told(visit: Visit) -> None:
    page = visit().get("/?period=2025-05&scorecard=saas")
    assert "Customer effort" in page.text or "Effort" in page.text
    missing = visit().get("/?scorecard=sass")
    assert missing.status_code == 404
    assert "Did you mean &#39;saas&#39;?" in missing.text


def test_a_kpi_that_a_filter_does_not_fit_says_so_and_the_others_stay(visit: Visit) -> None:
    page = visit().get("/?period=2025-05&scorecard=saas&channel=email").text
    assert cards(page)["Resolution time"] == "2h"  # the e-mail of ticket 1 alone: 09:00 to 11:00
    assert "No dimension of" in unescape(page)  # subscriptions have no channel


def test_an_empty_period_says_what_to_do(visit: Visit) -> None:
    page = visit().get("/?period=2024-01").text
    assert "Nothing happened in this period" in page
    assert any("period=all" in link for link in links(page, "/?"))
    assert cards(page)["Customer satisfaction"] == cards(page)["First response time"] == "no data"  # never a zero


def test_old_data_are_pointed_out(visit: Visit) -> None:
    # The shop's data end on 2025-06-01, long ago.
    page = visit().get("/?period=2025-05").text
    assert AS_OF.strftime("%-d %b %Y, %H:%M") in page
    assert 'class="stale"' in page


def test_who_is_bound_to_a_team_gets_its_numbers_and_no_other_names(visit: Visit) -> None:
    lead = visit("lead", team="Billing")
    page = lead.get("/?period=2025-05").text
    assert cards(page)["Ticket volume"] == "1"  # ticket 1 was opened for Billing, the other two for Orders
    for address in (
        "/?period=2025-05",
        "/explore?kpi=csat&by=team&period=2025-05",
        "/kpis/csat?period=2025-05",
        "/wall",
    ):
        answer = lead.get(address)
        assert answer.status_code == 200, address
        assert "Orders" not in answer.text, address


def test_a_kpi_page_has_its_spread_variants_guardrails_and_proof(visit: Visit) -> None:
    page = visit().get("/kpis/first_response_time?period=2025-05").text
    assert cards(page)["First response time"] == "45m"
    for heading in ("how it is spread", "Variants side by side", "Never alone: read it beside", "What others publish"):
        assert heading in page
    proofs = links(page, "/prove/first_response_time")
    assert any("channel=chat" in link for link in proofs)  # a bar leads to its tickets
    assert any("period=2025-W19" in link for link in proofs) or any("period=2025-05-05" in link for link in proofs)


def test_every_proof_that_a_kpi_page_links_opens_with_as_many_rows_as_it_says(visit: Visit) -> None:
    visitor = visit()
    page = visitor.get("/kpis/first_response_time?period=2025-05").text
    for link in dict.fromkeys(links(page, "/prove/")):
        assert visitor.get(link).status_code == 200, link


def test_the_wallboard_turns_to_the_next_scorecard(visit: Visit) -> None:
    page = visit().get("/wall?cards=saas,support&seconds=15&period=2025-05").text
    found = re.search(r'http-equiv="refresh" content="15; url=([^"]+)"', page)
    assert found
    assert parse_qs(urlsplit(unescape(found[1])).query) == {
        "period": ["2025-05"], "scorecard": ["support"], "cards": ["saas,support"], "seconds": ["15"],
    }  # fmt: skip
    assert "http-equiv" not in visit().get("/wall?cards=support").text


def test_the_news_of_a_snapshot_reaches_who_listens(own_root: Path) -> None:
    current = Current(own_root)

    async def heard() -> list[str]:
        news = _news(current)
        first = await anext(news)
        deskpulse.open(own_root).rebuild(full=True)
        await asyncio.to_thread(current.look)
        second = await asyncio.wait_for(anext(news), 5)
        await news.aclose()  # type: ignore[attr-defined]
        return [first, second]

    told = run(heard())
    assert [line for text in told for line in text.splitlines() if line.startswith("data:")] == ["data: 1", "data: 2"]
    assert current.listeners == []


def test_work_is_kept_per_snapshot_and_done_for_the_next_before_it_is_shown(own_root: Path) -> None:
    current = Current(own_root)
    built: list[int] = []

    def build(place: deskpulse.Workspace) -> int:
        built.append(place.snapshot.version)
        return place.snapshot.version

    assert [current.kept("page", build) for _ in range(3)] == [1, 1, 1]
    assert built == [1]
    deskpulse.open(own_root).rebuild(full=True)
    current.look()
    assert built == [1, 2]  # before anybody asked
    assert current.kept("page", build) == 2
    assert built == [1, 2]


def test_a_page_nobody_asked_for_again_is_not_worked_out_for_ever(own_root: Path) -> None:
    current = Current(own_root)
    built: list[int] = []
    current.kept("page", lambda place: built.append(place.snapshot.version))
    for _ in range(3):
        deskpulse.open(own_root).rebuild(full=True)
        assert current.look()
    assert built == [1, 2]  # once more for who may still look at it


def test_news_that_change_no_fact_leave_the_answers_as_they_are(own_root: Path) -> None:
    current = Current(own_root)
    current.place.ask("csat")
    now = datetime(2025, 6, 2)
    annotate(deskpulse.open(own_root), Change(at="2025-05-06", title="New macro", zone="UTC"), now=now)
    assert current.look()
    assert current.version == 2
    assert [asked.kpi for asked in current.place._answers] == ["csat"], "nothing is asked again for an announcement"
    deskpulse.open(own_root).rebuild(full=True)
    assert current.look()
    assert not current.place._answers, "other files are asked anew"
    assert not current.look()


def test_who_asks_for_the_same_page_at_once_waits_for_one_to_work_it_out(own_root: Path) -> None:
    current = Current(own_root)
    built: list[int] = []

    def build(place: deskpulse.Workspace) -> int:
        built.append(1)
        time.sleep(0.2)
        return place.snapshot.version

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda _: current.kept("page", build), range(4))) == [1, 1, 1, 1]
    assert built == [1]


def test_pages_that_were_kept_for_one_are_not_shown_to_who_may_see_less(visit: Visit) -> None:
    address = "/?period=2025-05&channel=email"
    assert cards(visit().get(address).text)["Ticket volume"] == "2"
    assert cards(visit("lead", team="Billing").get(address).text)["Ticket volume"] == "1"
    assert cards(visit("analyst").get(address).text)["Ticket volume"] == "2"
