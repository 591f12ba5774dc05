"""The public page and the API's links, as a browser and a helpdesk send them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from deskpulse.surfaces.server import guard
from deskpulse.workspace import Workspace
from deskpulse.workspace.accounts import Accounts
from deskpulse.workspace.surveys import Surveys
from tests.surveys.conftest import NOW


@pytest.fixture
def client(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of the application at the instant of the tests; nobody is signed in."""
    from fastapi.testclient import TestClient

    from deskpulse.surfaces.server.app import create_app

    monkeypatch.setattr(guard, "now", lambda: NOW)
    with TestClient(create_app(place.root), follow_redirects=False) as made:
        yield made


@pytest.fixture
def link(surveys: Surveys) -> str:
    """The path of a link to a survey of satisfaction."""
    return f"/s/{surveys.invite('after-solve', ticket='desk:1', customer='desk:c1', now=NOW).token}"


def waiting(surveys: Surveys) -> list[tuple[float, str | None]]:
    return [(one.score, one.comment) for one in surveys.store.waiting().answers]


def test_opening_a_link_with_a_score_records_nothing(client: Any, surveys: Surveys, link: str) -> None:
    """Mail scanners follow links, by GET and HEAD: the score is only chosen."""
    for method in ("GET", "HEAD", "GET"):
        client.request(method, f"{link}?score=4")
    page = client.get(f"{link}?score=4").text
    assert re.search(r'value="4" required checked', page)
    assert page.count("checked") == 1
    assert waiting(surveys) == []


def test_the_form_records_and_thanks(client: Any, surveys: Surveys, link: str) -> None:
    sent = client.post(link, data={"score": "2", "comment": "<b>Slow</b>"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{link}?done=1")
    assert waiting(surveys) == [(2, "<b>Slow</b>")]
    assert "has been recorded" in client.get(f"{link}?done=1").text
    client.post(link, data={"score": "5"})
    assert waiting(surveys) == [(2, "<b>Slow</b>"), (5, None)]


def test_mistakes_are_told_on_the_form_and_keep_what_was_written(client: Any, surveys: Surveys, link: str) -> None:
    for score, words in (("", "Choose an answer first"), ("9", "from 1 to 5"), ("x", "Choose an answer first")):
        refused = client.post(link, data={"score": score, "comment": "<script>"})
        assert refused.status_code == 400
        assert words in refused.text
        assert "&lt;script&gt;</textarea>" in refused.text
    assert waiting(surveys) == []


def test_a_forged_link_and_one_that_ended_tell_nothing(
    client: Any, surveys: Surveys, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for forged in ("/s/x", f"{link[:-1]}_", f"{link}x"):
        assert client.get(forged).status_code == 404
        assert client.post(forged, data={"score": "5"}).status_code == 404
    monkeypatch.setattr(guard, "now", lambda: NOW + timedelta(days=7))
    for ended in (client.get(link), client.post(link, data={"score": "5"})):
        assert ended.status_code == 410
        assert "has ended" in ended.text
        assert "c1" not in ended.text
    assert waiting(surveys) == []


def test_the_page_is_kept_out_of_caches_and_search_engines(client: Any, link: str) -> None:
    headers = client.get(link).headers
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "noindex" in headers["x-robots-tag"]
    assert "script" not in headers["content-security-policy"].replace("default-src", "")


def test_a_helpdesk_makes_links_by_the_api(client: Any, place: Workspace, surveys: Surveys) -> None:
    """201 with a link that opens; 409 for who was asked lately; 404 and 400 for mistakes; 403 without the right."""
    accounts = Accounts(place.root)
    tokens = {
        role: accounts.issue_token(accounts.add(role, role, NOW, by="test"), "helpdesk", ("write", "read"), NOW, days=9)
        for role in ("admin", "analyst")
    }

    def post(name: str, body: dict[str, str], role: str = "admin") -> Any:
        headers = {"Authorization": f"Bearer {tokens[role]}"}
        return client.post(f"/api/v1/surveys/{name}/links", json=body, headers=headers)

    made = post("after-solve", {"ticket": "desk:2", "channel": "email"})
    assert made.status_code == 201
    assert made.json()["expires_at"] == "2025-03-17T12:00:00Z"
    assert made.json()["html"].count("?score=") == 5
    assert surveys.open(made.json()["url"].rpartition("/")[2], NOW).invitation.customer == "c2"
    again = post("after-solve", {"customer": "desk:c2"})
    assert (again.status_code, again.json()["title"]) == (409, "Conflict")
    assert "ask from 2025-03-24" in again.json()["detail"]
    assert post("after-slove", {"ticket": "desk:3"}).status_code == 404
    assert post("after-solve", {"ticket": "3"}).status_code == 400
    assert post("after-solve", {"ticket": "desk:3"}, "analyst").status_code == 403
    assert client.post("/api/v1/surveys/after-solve/links", json={"ticket": "desk:3"}).status_code == 401


def test_a_mistake_is_told_in_the_language_of_the_survey(client: Any, surveys: Surveys) -> None:
    """Whatever the browser asks for; where the survey is not known, the browser's language holds."""
    surveys.create("zufrieden", "csat", now=NOW, language="de")
    german = f"/s/{surveys.invite('zufrieden', ticket='desk:1', customer='desk:c1', now=NOW).token}"
    refused = client.post(german, data={"score": ""}, headers={"accept-language": "en"}).text
    assert '<html lang="de">' in refused and "Wählen Sie zuerst eine Antwort." in refused
    assert "This link is not complete" in client.get("/s/x", headers={"accept-language": "en"}).text
    assert "Dieser Link ist unvollständig" in client.get("/s/x", headers={"accept-language": "de"}).text
