"""``/customers``: Cleo of Acme has tickets 1 and 3 and pays 50 USD a month since March, Dora of Bolt has ticket 2."""

from __future__ import annotations

import re

from tests.web.conftest import Visit

PERIOD = "period=last-30-days"


def listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/customers/[^"]*">([^<]*)</a>', page)


def test_customers_with_most_tickets_come_first(visit: Visit) -> None:
    client = visit()
    page = client.get(f"/customers?{PERIOD}").text
    assert listed(page) == ["desk:c1", "desk:c2"]
    assert "Cleo" in page
    assert listed(client.get(f"/customers?{PERIOD}&words=bolt").text) == ["desk:c2"]
    assert listed(client.get(f"/customers?{PERIOD}&sort=latest").text) == ["desk:c1", "desk:c2"]


def test_a_customers_page_has_tickets_words_and_worth(visit: Visit) -> None:
    page = visit().get("/customers/desk:c1").text
    assert "Customer Cleo" in page
    assert re.findall(r'<a href="/tickets/[^"]*">(desk:\d)</a></td>', page) == ["desk:3", "desk:1"]
    assert "50.00 USD a month, plan plus, since 2025-03" in page


def test_a_lead_sees_customers_of_the_own_team_and_not_what_they_pay(visit: Visit) -> None:
    client = visit("lead", team="Billing")
    page = client.get(f"/customers?{PERIOD}").text
    assert listed(page) == ["desk:c1"]
    assert client.get("/customers/desk:c2").status_code == 404
    own = client.get("/customers/desk:c1").text
    assert re.findall(r'<a href="/tickets/[^"]*">(desk:\d)</a></td>', own) == ["desk:1"]
    assert "USD" not in own


def test_a_viewer_is_told_no_customers(visit: Visit) -> None:
    client = visit("viewer")
    assert client.get("/customers").status_code == 403
    assert client.get("/customers/desk:c1").status_code == 403
