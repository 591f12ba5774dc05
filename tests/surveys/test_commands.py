"""``deskpulse survey``: what it prints, what it says to mistakes, and that a server collects by itself."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from deskpulse.store.layout import find_workspace
from deskpulse.store.snapshot import current_version
from deskpulse.surfaces.cli import survey
from deskpulse.surfaces.cli.main import app
from deskpulse.surfaces.server import collector
from deskpulse.workspace import Workspace
from deskpulse.workspace import open as open_workspace
from deskpulse.workspace.surveys import Surveys
from tests.surveys.conftest import NOW
from tests.traps.workspaces import row

Run = Callable[..., Result]


@pytest.fixture
def run(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``deskpulse survey`` with words, on the workspace, on 10 March 2025."""
    monkeypatch.setattr(survey, "now", lambda: NOW)
    return lambda *words: CliRunner().invoke(app, ["survey", *words, "-w", str(place.root)])


def test_a_link_is_all_that_is_printed(run: Run, surveys: Surveys) -> None:
    made = run("link", "after-solve", "--ticket", "desk:1", "--address", "https://help.example.com/")
    assert made.exit_code == 0
    address, _, token = made.stdout.strip().rpartition("/s/")
    assert address == "https://help.example.com"
    assert surveys.open(token, NOW).invitation.customer == "c1"
    assert "Good until 2025-03-17 12:00 UTC" in made.stderr
    again = run("link", "after-solve", "--customer", "desk:c1")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "Nobody is asked twice within 14 days: ask from 2025-03-24" in again.stderr


def test_the_address_is_that_of_the_mail_settings(run: Run, place: Workspace) -> None:
    with (place.root / "deskpulse.toml").open("a") as file:
        file.write('\n[mail]\naddress = "https://desk.example.com"\n')
    assert run("link", "ease", "--ticket", "desk:2").stdout.startswith("https://desk.example.com/s/")


def test_a_snippet_has_a_button_for_each_answer(run: Run) -> None:
    """0 to 10 are eleven; as a template it holds the place of the link, for a customer the link."""
    template = run("snippet", "loyalty").stdout
    assert [f'href="{{{{survey_link}}}}?score={score}"' in template for score in range(12)] == [True] * 11 + [False]
    mine = run("snippet", "loyalty", "--ticket", "desk:3").stdout
    assert mine.count("/s/") == 11
    assert "survey_link" not in mine
    assert "<script" not in mine


def test_a_survey_is_created_and_mistakes_change_nothing(run: Run, place: Workspace) -> None:
    file = place.root / "deskpulse.toml"
    made = run("create", "--kind", "csat", "--name", "chat", "--scale", "0-1", "--question", 'Was "it" good?')
    assert made.exit_code == 0
    before = file.read_text()
    assert before.endswith('\n[surveys.chat]\nkind = "csat"\nquestion = "Was \\"it\\" good?"\nscale = "0-1"\n')
    wrong = run("create", "--kind", "nps", "--name", "other", "--scale", "1-5")
    assert wrong.exit_code == 1
    assert "No choice is called '1-5'" in wrong.stderr
    assert str(file) in wrong.stderr.replace("\n", "")
    assert file.read_text() == before
    assert [path.name for path in place.root.glob("deskpulse.toml*")] == ["deskpulse.toml"]


def test_a_server_publishes_answers_by_itself(
    place: Workspace, surveys: Surveys, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastapi.testclient import TestClient

    from deskpulse.surfaces.server.app import create_app

    monkeypatch.setattr(collector, "COLLECT_SECONDS", 0.1)
    made = surveys.invite("after-solve", ticket="desk:1", customer="desk:c1", now=NOW)
    surveys.answer(made.token, 5, "", NOW)
    before = current_version(find_workspace(place.root))
    deadline = time.monotonic() + 120
    with TestClient(create_app(place.root)):
        while current_version(find_workspace(place.root)) == before and time.monotonic() < deadline:
            time.sleep(0.2)
        while surveys.store.waiting().last and time.monotonic() < deadline:
            time.sleep(0.2)
    assert row(open_workspace(place.root), "csat", period="2025-03").n == 1
