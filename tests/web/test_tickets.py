"""``/tickets``, ``/tickets/ID`` and ``/prove/KPI`` of a company whose three tickets are known by heart."""

from __future__ import annotations

import re

from tests.web.conftest import Visit

PERIOD = "period=last-30-days"


def listed(page: str) -> list[str]:
    """The tickets of a page, in order."""
    return re.findall(r'<a href="/tickets/(desk%3A\d+|desk:\d+)[^"]*">', page)


def numbers(page: str) -> list[str]:
    return [name[-1] for name in listed(page)]


def test_tickets_are_listed_newest_first_and_can_be_sorted(visit: Visit) -> None:
    client = visit()
    assert numbers(client.get(f"/tickets?{PERIOD}").text) == ["3", "2", "1"]
    # Ticket 1 was answered after an hour, 2 after half an hour, 3 not at all: what has no value comes last.
    assert numbers(client.get(f"/tickets?{PERIOD}&sort=slowest_reply").text) == ["1", "2", "3"]


def test_words_and_filters_find_tickets(visit: Visit) -> None:
    client = visit()
    assert numbers(client.get(f"/tickets?{PERIOD}&words=where+is").text) == ["3"]
    assert numbers(client.get(f"/tickets?{PERIOD}&channel=email").text) == ["3", "1"]
    assert "No tickets found" in client.get(f"/tickets?{PERIOD}&words=nothing+of+it").text


def test_filters_are_offered_with_the_values_there_are(visit: Visit) -> None:
    page = visit().get(f"/tickets?{PERIOD}").text
    assert '<option value="Billing">Billing</option>' in page
    assert '<option value="chat">chat</option>' in page


def test_markup_of_a_subject_is_escaped(visit: Visit) -> None:
    page = visit().get(f"/tickets?{PERIOD}").text
    assert "Charged &lt;b&gt;1&lt;/b&gt; times" in page
    assert "<b>1</b>" not in page


def test_an_order_that_there_is_none_of_is_told(visit: Visit) -> None:
    answer = visit().get("/tickets?sort=newst")
    assert answer.status_code == 404
    assert "Did you mean &#39;newest&#39;?" in answer.text


def test_a_lead_sees_tickets_the_own_team_had_a_part_in(visit: Visit) -> None:
    client = visit("lead", team="Billing")
    page = client.get(f"/tickets?{PERIOD}").text
    assert numbers(page) == ["1"]
    assert "Orders" not in page
    assert client.get("/tickets/desk:2").status_code == 404
    assert client.get("/tickets/desk:1").status_code == 200


def test_a_viewer_sees_no_names_on_a_ticket(visit: Visit) -> None:
    page = visit("viewer").get("/tickets/desk:1").text
    assert "Billing" in page
    assert "Ana" not in page
    assert ">ana<" not in page
    assert "c1" not in page


def test_a_viewer_does_not_find_tickets_by_who_asked(visit: Visit) -> None:
    assert numbers(visit().get(f"/tickets?{PERIOD}&words=desk:c1").text) == ["3", "1"]
    assert numbers(visit("viewer").get(f"/tickets?{PERIOD}&words=desk:c1").text) == []


def test_an_agent_sees_the_own_name_and_customers(visit: Visit) -> None:
    page = visit("agent", team="Billing", agent="Ana").get("/tickets/desk:1").text
    assert "Ana · Billing" in page
    assert "desk:c1" in page


def test_a_ticket_says_what_it_adds_to_each_kpi(visit: Visit) -> None:
    page = visit().get("/tickets/desk:1").text
    parts = dict(re.findall(r'<td><a href="/kpis/(\w+)">[^<]+</a></td><td class="nowrap">([^<]*)</td>', page))
    assert parts["first_response_time"] == "1h"
    assert parts["resolution_time"] == "2h"
    assert parts["ticket_volume"] == "1"
    assert parts["csat"] == "no"
    assert 'href="/tickets/desk:1?kpi=csat"' in page


def test_the_segments_of_a_kpi_add_up_to_its_value(visit: Visit) -> None:
    """Opened at 9, answered at 10, solved at 11: the hour to the reply counts, or both to the solve."""
    client = visit()
    counted = re.compile(r'<td class="nowrap">(\w+)</td><td class="nowrap">[^<]*</td><td>yes</td>')
    assert counted.findall(client.get("/tickets/desk:1?kpi=first_response_time").text) == ["1h"]
    assert counted.findall(client.get("/tickets/desk:1?kpi=resolution_time").text) == ["2h"]


def test_rows_behind_a_value_lead_to_their_segments(visit: Visit) -> None:
    page = visit().get(f"/prove/csat?{PERIOD}").text
    assert "50.0 %" in page
    assert '<a href="/tickets/desk%3A1?kpi=csat">desk:1</a>' in page
