"""``/reports``: what is taken along is what its taker may see; who gets what by mail is for admins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.web.conftest import Visit, form_of, serve

SCHEDULE = """
[[reports]]
name = "weekly"
every = "monday 08:00"
period = "2025-W19"
formats = ["md"]
to = ["lead@example.com"]
"""


def taken(visit: Visit, role: str, address: str, **who: str) -> dict[str, Any]:
    answer = visit(role, **who).get(f"/reports/report.json?period=2025-W19{address}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="report-2025-W19.json"'
    return {kpi["id"]: kpi["answer"] for kpi in json.loads(answer.text)["kpis"]}


def test_a_report_is_of_the_period_and_the_filters_of_the_page(visit: Visit) -> None:
    # Three tickets in the week of 5 May 2025; the first waited an hour, the second half an hour: 2700 s.
    found = taken(visit, "admin", "")
    assert (found["ticket_volume"]["value"], found["first_response_time"]["value"]) == (3, 2700)
    assert taken(visit, "admin", "&channel=chat")["ticket_volume"]["value"] == 1


def test_a_period_may_be_written_with_a_space_no_header_can_hold(visit: Visit) -> None:
    # An em space before the week: periods take it, and a name in a header is Latin-1.
    answer = visit("admin").get("/reports/report.json", params={"period": "\u20032025-W19"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="report--2025-W19.json"'


def test_a_report_holds_what_its_taker_may_see(visit: Visit) -> None:
    # Billing's only ticket was answered after an hour.
    found = taken(visit, "lead", "", team="Billing")
    assert (found["ticket_volume"]["value"], found["first_response_time"]["value"]) == (1, 3600)


def test_every_form_is_offered_and_sent_as_what_it_is(visit: Visit) -> None:
    client = visit("viewer")
    page = client.get("/reports").text
    for form, kind in (
        ("pdf", "application/pdf"),
        ("xlsx", "spreadsheetml"),
        ("html", "text/html"),
        ("md", "markdown"),
    ):
        assert f'formaction="/reports/report.{form}"' in page
        answer = client.get(f"/reports/report.{form}?period=2025-W19&scorecard=saas")
        assert kind in answer.headers["content-type"]
    assert client.get("/reports/report.doc").status_code == 422


def test_only_admins_see_who_gets_what_and_send_it(own_root: Path) -> None:
    file = own_root / "deskpulse.toml"
    file.write_text(file.read_text(encoding="utf-8") + SCHEDULE, encoding="utf-8")
    visit = serve(own_root)
    for role in ("viewer", "analyst"):
        client = visit(role)
        page = client.get("/reports").text
        assert "lead@example.com" not in page
        sent = {"form_secret": form_of(page), "name": "weekly"}
        assert client.post("/reports/send", data=sent).status_code == 403
    admin = visit("admin")
    page = admin.get("/reports").text
    assert "lead@example.com" in page and "not yet" in page
    answer = admin.post("/reports/send", data={"form_secret": form_of(page), "name": "weekly"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reports?sent=0&failed=1")
    assert "There is no mail server." in admin.get("/reports").text
