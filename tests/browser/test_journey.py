"""From a bad week to its reason, the proof a colleague opens, and the report that is taken along: as people go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from deskpulse.workspace.accounts import Accounts
from tests.browser.conftest import PASSWORD, PATIENCE_MS, Served, picture

BAD_WEEK = "2026-W34"
"""In which the firmware that was planted in the demo's history came out (75 days before its end)."""


def colleague(served: Served, browser: Any) -> Any:
    """A page of somebody else, who sees figures and no names, and has not signed in yet."""
    Accounts(served.root).add("noor", "viewer", datetime.now(UTC).replace(tzinfo=None), password=PASSWORD, by="test")
    page = browser.new_context(base_url=served.url).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def test_why_a_week_was_bad_is_found_proved_to_a_colleague_and_reported(
    open_page: Callable[..., Any], served: Served, browser: Any
) -> None:
    page = open_page(f"/?period={BAD_WEEK}")
    page.locator(".findings a", has_text="pairing").first.click()
    page.wait_for_url("**/kpis/**topic=pairing**")
    assert "Firmware 4.2 released" in page.content()
    picture(page, "journey-reason")

    page.get_by_role("link", name="Prove this number").click()
    page.wait_for_url("**/prove/**")
    headline = page.locator(".number").first.inner_text()
    assert page.locator("tbody tr").count() > 10
    link = page.url.removeprefix(served.url)

    other = colleague(served, browser)
    other.goto(link)
    other.get_by_label("Name").fill("noor")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/prove/**")
    assert other.locator(".number").first.inner_text() == headline
    other.context.close()

    page.get_by_role("link", name="Reports").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="PDF").click()
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(Path(taken.value.path()).read_bytes())).pages)
    assert "Firmware 4.2 released" in text and "pairing" in text
