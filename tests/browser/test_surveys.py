"""A customer answers from an e-mail in a real browser: without JavaScript, on a phone, and changes the answer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deskpulse.present.survey_mail import survey_mail
from deskpulse.workspace.surveys import Surveys
from tests.browser.conftest import ROOT, _wait_for, free_port, picture
from tests.history import History
from tests.surveys.conftest import SETTINGS, solved
from tests.traps.workspaces import desk


@dataclass(frozen=True)
class Office:
    """A served workspace with surveys, and its links."""

    url: str
    surveys: Surveys

    def link(self, ticket: int, name: str = "after-solve", *, ago: timedelta = timedelta()) -> str:
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - ago
        whom = {"ticket": f"desk:{ticket}", "customer": f"desk:c{ticket}"}
        return self.surveys.invite(name, now=now, address=self.url, **whom).url

    def answers(self, ticket: int) -> list[tuple[float, str | None]]:
        waiting = self.surveys.store.waiting().answers
        return [(one.score, one.comment) for one in waiting if one.invitation.ticket == str(ticket)]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """``deskpulse serve`` with four solved tickets; each test asks about its own."""
    history = History()
    for number in (1, 2, 3, 4):
        solved(history, str(number), f"c{number}", "2025-03-05")
    place = desk(tmp_path_factory.mktemp("office"), history, settings=SETTINGS, now="2025-03-10 12:00")
    port = free_port()
    command = [sys.executable, "-m", "deskpulse.surfaces.cli.main", "serve", "-w", str(place.root), "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield Office(url=f"http://127.0.0.1:{port}", surveys=Surveys(place.root))
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def outside(browser: Any) -> Iterator[Callable[..., Any]]:
    """Pages of somebody without an account and without JavaScript; any error or foreign request fails the test."""
    faults: list[str] = []
    contexts = []

    def opened(url: str, *, width: int = 390, dark: bool = False, javascript: bool = False) -> Any:
        scheme = "dark" if dark else "light"
        view = {"width": width, "height": 800}
        context = browser.new_context(viewport=view, color_scheme=scheme, java_script_enabled=javascript)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.on("request", lambda sent: None if sent.url.startswith("http://127.0.0.1") else faults.append(sent.url))
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, faults


def test_an_answer_from_an_email_is_recorded_and_can_be_changed(
    office: Office, outside: Callable[..., Any], tmp_path: Path
) -> None:
    """The button of the e-mail chooses 4; nothing counts until Send; then 2 with words is the last of two answers."""
    link = office.link(1)
    mail = tmp_path / "mail.html"
    mail.write_text(survey_mail(office.surveys.survey("after-solve"), link), encoding="utf-8")
    page = outside("about:blank")
    page.set_content(mail.read_text(encoding="utf-8"))
    page.get_by_role("link", name="4").click()
    page.wait_for_url("**/s/*score=4")
    assert page.locator("input:checked").get_attribute("value") == "4"
    assert office.answers(1) == []
    picture(page, "survey-phone")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**done=1")
    picture(page, "survey-thanks-phone")
    page.get_by_role("link", name="Change the answer").click()
    assert page.locator("input:checked").get_attribute("value") == "4"
    page.get_by_label("2", exact=True).check()
    page.get_by_label("Would you like to tell us more?").fill("It broke again.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**done=1")
    assert office.answers(1) == [(4, None), (2, "It broke again.")]


def test_the_keyboard_is_enough_and_axe_finds_nothing(
    office: Office, outside: Callable[..., Any], axe: Callable[[Any], list[str]]
) -> None:
    link = office.link(2, "loyalty")
    for width, dark in ((390, True), (1280, False)):
        page = outside(link, width=width, dark=dark, javascript=True)
        picture(page, f"survey-loyalty-{'dark-phone' if dark else 'light'}")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Good")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=1")
    assert [comment for _, comment in office.answers(2)] == ["Good"]


def test_links_that_are_forged_or_ended_say_so(office: Office, browser: Any) -> None:
    """A browser notes 404 and 410 in its console, so these pages are opened apart."""
    page = browser.new_page()
    assert page.goto(office.link(3)[:-1] + "_").status == 404
    assert page.get_by_role("alert").inner_text().startswith("This link is not complete")
    assert page.goto(office.link(4, ago=timedelta(days=7))).status == 410
    assert page.get_by_role("alert").inner_text().startswith("This link has ended")
    page.close()
