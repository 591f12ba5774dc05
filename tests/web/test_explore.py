"""Explore: any KPI any way, kept in the address, saved and shared."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests.web.conftest import Visit, form_of, serve

ADDRESS = "/explore?period=2025-05&kpi=ticket_volume&variant=created&by=channel"


def rows(page: str) -> list[list[str]]:
    """The cells of the table of values."""
    table = page.partition('aria-label="Values"')[2].partition("</tbody>")[0].partition("<tbody>")[2]
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in table.split("</tr>")]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells if row]


def test_a_table_by_channel(visit: Visit) -> None:
    # Tickets 1 and 3 came by e-mail, ticket 2 by chat.
    found = rows(visit().get(ADDRESS).text)
    assert [(row[0], row[1]) for row in found] == [("chat", "1"), ("email", "2")]


@pytest.mark.parametrize(
    "asked",
    [
        "kpi=csat&by=channel&then_by=team", "kpi=csat&grain=week&by=channel", 
        "kpi=ticket_volume&by=weekday&then_by=hour",
        "kpi=resolution_time&statistic=p90&clock=business&compare=previous", "kpi=backlog&by=weekday", "kpi=mrr",
        "kpi=employee_engagement&by=team", "kpi=top_agents", "kpi=csat&by=team&then_by=topic&grain=month",
    ],
)  # fmt: skip
def test_anything_can_be_asked_without_an_error_page(visit: Visit, asked: str) -> None:
    assert visit().get(f"/explore?period=2025-05&{asked}").status_code == 200


def test_what_the_kpi_does_not_have_is_let_go(visit: Visit) -> None:
    page = visit().get("/explore?period=2025-05&kpi=csat&statistic=p90&by=queue&variant=nosuch")
    assert page.status_code == 200
    assert rows(page.text)[0][0] == "50.0 %"


def test_a_value_that_nothing_has_is_told_on_the_page(visit: Visit) -> None:
    page = visit().get("/explore?period=2025-05&kpi=csat&channel=emial")
    assert page.status_code == 200
    assert "Did you mean 'email'?" in unescape(page.text)


def test_a_view_is_saved_shared_and_deleted_by_its_owner_alone(own_root: Path) -> None:
    visit = serve(own_root)
    owner, other = visit("analyst"), visit("viewer")
    secret = form_of(owner.get(ADDRESS).text)
    for name, shared in (("Mine", ""), ("Ours", "true")):
        sent = {"form_secret": secret, "name": name, "address": ADDRESS, "shared": shared or "false"}
        assert owner.post("/views", data=sent).headers["location"] == ADDRESS
    listed = owner.get("/explore").text
    assert "Mine" in listed and "Ours" in listed
    seen = other.get("/explore").text
    assert "Ours" in seen and ">Mine<" not in seen
    number = re.findall(r'name="saved" value="(\d+)"', listed)[-1]
    refused = other.post("/views/delete", data={"form_secret": form_of(seen), "saved": number})
    assert refused.status_code == 404
    owner.post("/views/delete", data={"form_secret": secret, "saved": number})
    assert len(re.findall(r'name="saved" value', owner.get("/explore").text)) == 1


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "/sign-out", "/\\elsewhere"])
def test_only_pages_of_the_dashboard_are_saved(visit: Visit, address: str) -> None:
    visitor = visit()
    sent = {"form_secret": form_of(visitor.get("/explore").text), "name": "Away", "address": address}
    assert visitor.post("/views", data=sent).status_code == 400


def test_the_proof_of_a_value_is_of_the_statistic_and_the_clock_it_was_asked_for(visit: Visit) -> None:
    page = visit().get("/explore?period=2025-05&kpi=resolution_time&statistic=p90&clock=business").text
    shown = re.search(r'class="number">([^<]+?)\s*<', page)
    link = re.search(r'<h2><a href="(/prove/[^"]+)"', page)
    assert shown and link
    proof = unescape(visit().get(unescape(link[1])).text)
    assert "statistic=p90" in link[1] and "clock=business" in link[1]
    assert shown[1].strip() in re.findall(r'class="number small">([^<]+)', proof)[0]
    assert re.findall(r'/export/evidence.csv[^"]*clock=business', proof)
