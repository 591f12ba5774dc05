"""By the keyboard alone from the overview to a ticket's clock segments; a target edited in the browser and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Served, picture

MOST_TABS = 120


def tab_to(page: Any, selector: str) -> None:
    """Presses Tab until what has the focus matches ``selector``."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def follow(page: Any, selector: str, address: str) -> None:
    """Goes by the keyboard to a link and through it."""
    tab_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(address)
    page.wait_for_load_state()


def test_the_keyboard_reaches_a_tickets_segments_from_the_overview(open_page: Callable[..., Any]) -> None:
    page = open_page("/?period=last-90-days")
    follow(page, 'main a[href*="/kpis/first_response_time"]', "**/kpis/first_response_time**")
    follow(page, 'main a[href*="/prove/first_response_time"]', "**/prove/first_response_time**")
    follow(page, 'td a[href^="/tickets/"]', "**/tickets/**")
    tab_to(page, ".timeline li")
    said = page.evaluate("document.activeElement.innerText")
    assert "counts" in said or "outside" in said
    picture(page, "ticket-by-keyboard")


def test_the_first_tab_skips_to_the_content(open_page: Callable[..., Any]) -> None:
    page = open_page("/tickets")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_target_is_added_in_the_browser_and_undone(open_page: Callable[..., Any], served: Served) -> None:
    file = served.root / "deskpulse.toml"
    before = file.read_text(encoding="utf-8")
    page = open_page("/targets")
    form = page.locator("form#target")
    form.get_by_label("KPI").select_option("nps")
    form.get_by_label("At least").fill("0.4")
    form.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Undo: target of nps added").wait_for()
    assert 'kpi = "nps"' in file.read_text(encoding="utf-8")
    picture(page, "targets-undo")
    page.get_by_role("button", name="Undo: target of nps added").click()
    page.get_by_text("version 1 again").first.wait_for()
    assert file.read_text(encoding="utf-8") == before
