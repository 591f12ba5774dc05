"""A page in German, in a real browser: live charts too, and nothing that axe objects to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_a_german_page_lives_in_german(open_page: Callable[..., Any], axe: Callable[[Any], list[str]]) -> None:
    """The chart that the browser draws anew writes months and numbers as the one the server drew."""
    page = open_page("/kpis/first_response_time?period=last-90-days", language="de")
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.get_by_role("heading", name="Erstreaktionszeit", level=1).is_visible()
    chart = page.locator("figure.chart").first
    assert_german(chart.locator("svg text").all_text_contents())
    assert axe(page) == []
    chart.locator(".drawing").hover()
    page.wait_for_selector("figure.chart.alive svg.marks")
    assert_german(chart.locator("svg text").all_text_contents())


def assert_german(labels: list[str]) -> None:
    """An axis of October, and one of hours or days; which labels have room depends on fonts."""
    assert any(label.endswith(" Okt.") for label in labels), labels
    assert any(label.endswith(("\N{NO-BREAK SPACE}Std.", "\N{NO-BREAK SPACE}Tg.")) for label in labels), labels
