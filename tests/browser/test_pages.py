"""Every page, in light, dark and on a phone: no error, no foreign request, nothing serious for axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import picture

PAGES = {
    "overview": "/?period=last-90-days",
    "kpi": "/kpis/first_response_time?period=last-90-days",
    "kpi-survey": "/kpis/csat?period=last-90-days",
    "explore": "/explore?kpi=first_response_time&by=channel&grain=week&period=last-90-days",
    "wall": "/wall?period=last-90-days",
    "dictionary": "/kpis",
    "tickets": "/tickets?period=last-90-days",
    "prove": "/prove/csat?period=last-90-days",
    "ticket": "/tickets/demo:100",
    "comments": "/comments?period=last-90-days",
    "teams": "/teams?period=last-90-days",
    "agents": "/agents?period=last-90-days",
    "agent": "/agents/Ruth?period=last-90-days",
    "customers": "/customers?period=last-90-days",
    "customer": "/customers/demo:1",
    "targets": "/targets",
    "annotations": "/annotations",
    "data": "/data",
    "account": "/account",
    "accounts": "/admin/accounts?name=admin",
    "audit": "/admin/audit",
}
LOOKS = {"light": (1280, False), "dark": (1280, True), "phone": (390, False)}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_errors(
    name: str, look: str, open_page: Callable[..., Any], axe: Callable[[Any], list[str]]
) -> None:
    width, dark = LOOKS[look]
    page = open_page(PAGES[name], width=width, dark=dark)
    picture(page, f"{name}-{look}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
