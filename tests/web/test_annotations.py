"""``/annotations``: announced, shown on trends, corrected, taken back; by who may."""

from __future__ import annotations

from pathlib import Path

import pytest

import deskpulse
from deskpulse.workspace import writing
from tests.web.conftest import AS_OF, form_of, serve

HERE = "/annotations"


def change(**values: str) -> dict[str, str]:
    return {"at": "2025-05-06T08:00", "title": "New macro", "team": "", "channel": "", **values}


def test_a_change_is_announced_corrected_and_taken_back(own_root: Path) -> None:
    client = serve(own_root)("lead", team="Orders")
    secret = form_of(client.get(HERE).text)
    assert client.post(HERE, data={"form_secret": secret, **change(team="Orders")}).status_code == 303
    page = client.get(HERE).text
    assert "New macro" in page
    id = page.partition("edit=")[2].partition('"')[0]
    place = deskpulse.open(own_root)
    assert [title for _, title in place.annotations(None, None)] == ["New macro"]
    assert place.as_of == AS_OF, "what is announced makes the data no newer"

    client.post(HERE, data={"form_secret": secret, "id": id, **change(title="New macros")})
    assert [title for _, title in deskpulse.open(own_root).annotations(None, None)] == ["New macros"]

    assert client.post(f"{HERE}/remove", data={"form_secret": secret, "id": id}).status_code == 303
    assert deskpulse.open(own_root).annotations(None, None) == ()
    assert "New macro" not in client.get(HERE).text.replace("placeholder", "").partition("Announced changes")[2]

    client.post(HERE, data={"form_secret": secret, **change(team="Orders")})
    assert len(deskpulse.open(own_root).annotations(None, None)) == 1, "announced again after it was taken back"


def test_the_same_change_twice_is_one(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    secret = form_of(client.get(HERE).text)
    for _ in range(2):
        client.post(HERE, data={"form_secret": secret, **change()})
    assert len(deskpulse.open(own_root).annotations(None, None)) == 1


def test_a_change_without_a_title_is_told_at_the_form(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    secret = form_of(client.get(HERE).text)
    answer = client.post(HERE, data={"form_secret": secret, **change(title="  ")})
    assert answer.status_code == 400
    assert "needs a title" in answer.text


def test_who_may_not_announce_sees_and_does_not_change(own_root: Path) -> None:
    client = serve(own_root)("agent", team="Orders", agent="Ben")
    page = client.get(HERE)
    assert page.status_code == 200
    assert 'action="/annotations"' not in page.text
    secret = form_of(page.text)
    assert client.post(HERE, data={"form_secret": secret, **change()}).status_code == 403
    assert client.post(f"{HERE}/remove", data={"form_secret": secret, "id": "x"}).status_code == 403


def test_a_change_needs_the_forms_secret(own_root: Path) -> None:
    assert serve(own_root)("analyst").post(HERE, data=change()).status_code == 403


def test_an_announced_change_builds_no_fact_again(own_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No fact is built from it: on a large workspace building anything would take minutes, learning to read longer."""
    before = deskpulse.open(own_root).snapshot
    monkeypatch.setattr(writing, "build_facts", lambda *_, **__: pytest.fail("a fact is built"))
    monkeypatch.setattr(writing, "_build_whole", None)
    client = serve(own_root)("analyst")
    secret = form_of(client.get(HERE).text)
    assert client.post(HERE, data={"form_secret": secret, **change()}).status_code == 303
    after = deskpulse.open(own_root).snapshot
    assert after.version == before.version + 1
    changed = {name for name, files in after.files.items() if files != before.files.get(name)}
    assert "event_annotation" in changed
    assert not {name for name in changed if name.startswith("fact_")}
