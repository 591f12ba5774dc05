"""Getting in: an admin invites somebody, who chooses a password, sees the own team and signs out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import Served

PASSWORD = "another long enough sentence"


def test_an_invited_agent_gets_in_by_the_keyboard(
    browser: Any, served: Served, open_page: Callable[..., Any], axe: Callable[[Any], list[str]]
) -> None:
    admin = open_page("/admin/accounts")
    new = admin.get_by_role("region", name="New account")
    new.get_by_label("Name, like an e-mail address").fill("ruth@desk.example")
    new.get_by_label("Role").select_option("agent")
    new.get_by_label("Team").fill("Technical")
    new.get_by_label("Agent in the data").fill("Ruth")
    new.get_by_role("button", name="Add").click()
    link = admin.locator(".secret").inner_text()
    assert link.startswith(f"{served.url}/set-up?token=")
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    assert axe(page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/", wait_until="commit", timeout=90_000)
    page.goto(f"{served.url}/admin/accounts")
    assert page.get_by_role("alert").inner_text().startswith("This needs the right to administer")
    page.goto(f"{served.url}/account")
    assert page.get_by_role("link", name="Accounts", exact=True).count() == 0
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert axe(page) == []
    page.goto(f"{served.url}/account")
    assert page.url.startswith(f"{served.url}/sign-in?next=")
    context.close()
