"""What moves: new data in an open page, charts that come alive, and the screen on the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import deskpulse
from tests.browser.conftest import Served, picture

OVERVIEW = "/?period=last-90-days"


def test_new_data_reach_an_open_page_without_losing_scroll_or_focus(
    open_page: Callable[..., Any], served: Served
) -> None:
    page = open_page(OVERVIEW)
    page.wait_for_load_state()
    shown = page.evaluate("document.querySelector('main').dataset.live")
    summary = page.locator("summary").nth(1)
    summary.focus()
    page.keyboard.press("Enter")
    scrolled = page.evaluate("window.scrollY")
    assert scrolled > 0
    deskpulse.open(served.root).rebuild(full=True)
    page.wait_for_function("shown => document.querySelector('main').dataset.live !== shown", arg=shown, timeout=60_000)
    assert page.evaluate("window.scrollY") == scrolled
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator("details").nth(1).evaluate("one => one.open")


def test_what_is_read_stays_in_its_place_when_something_new_stands_above_it(open_page: Callable[..., Any]) -> None:
    """The stream of news ends after each line and is found again; the page it tells of has a card more at its top."""
    page = open_page(OVERVIEW)
    news = ["retry: 100\n\n"]

    def tell(route: Any) -> None:
        route.fulfill(content_type="text/event-stream", body=news[-1])

    def with_a_card_more(route: Any) -> None:
        answer = route.fetch()
        text = answer.text().replace('<div id="content">', '<div id="content"><p class="card"><a href="/">New</a></p>')
        route.fulfill(response=answer, body=text.replace(' data-live="', ' data-live="9', 1))

    page.route("**/events", tell)
    page.reload()
    shown = page.evaluate("document.querySelector('main').dataset.live")
    summary = page.locator("summary").nth(2)
    summary.focus()
    top = summary.bounding_box()["y"]
    page.route(f"**{OVERVIEW}", with_a_card_more)
    news.append(f"event: snapshot\ndata: 9{shown}\n\n")
    page.wait_for_function("version => document.querySelector('main').dataset.live === version", arg=f"9{shown}")
    assert page.get_by_role("link", name="New", exact=True).count() == 1
    assert abs(summary.bounding_box()["y"] - top) <= 1
    assert summary.evaluate("one => one === document.activeElement")


def test_a_chart_comes_alive_when_it_is_pointed_at_and_leads_to_its_tickets(open_page: Callable[..., Any]) -> None:
    page = open_page(OVERVIEW)
    assert page.locator(".vega-embed").count() == 0
    figure = page.locator("figure.chart").first
    height = figure.bounding_box()["height"]
    figure.hover()
    page.wait_for_selector(".vega-embed svg", timeout=30_000)
    assert abs(figure.bounding_box()["height"] - height) <= 2  # nothing moves
    picture(page, "overview-alive")
    figure.locator(".mark-symbol path").nth(2).click()
    page.wait_for_url("**/prove/**")


def test_the_wallboard_fits_the_screen_and_turns_by_itself(open_page: Callable[..., Any]) -> None:
    page = open_page("/wall?cards=support,saas&seconds=5&period=last-90-days", width=1920, height=1080)
    assert page.evaluate("document.documentElement.scrollHeight <= 1080 && document.body.scrollHeight <= 1080")
    clipped = "[...document.querySelectorAll('.card')].filter(one => one.scrollHeight > one.clientHeight + 1).length"
    assert page.evaluate(clipped) == 0
    picture(page, "wall")
    page.wait_for_url("**scorecard=saas**", timeout=60_000)


def test_everything_is_there_without_javascript(open_page: Callable[..., Any]) -> None:
    page = open_page(OVERVIEW, javascript=False)
    assert page.locator("figure.chart svg").count() >= 4
    page.get_by_role("combobox", name="Channel").select_option("chat")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**channel=chat**")
