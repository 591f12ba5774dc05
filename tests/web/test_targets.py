"""``/targets``: a target is added, changed, removed and put back; comments stay; mistakes are told at their field."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi.testclient import TestClient

from deskpulse.settings import load_settings
from tests.web.conftest import SETTINGS, form_of, serve

HERE = "/targets"


def hidden(client: TestClient) -> dict[str, str]:
    page = client.get(HERE).text
    return {"form_secret": form_of(page), "based_on": re.findall(r'name="based_on" value="(\w+)"', page)[0]}


def file_of(root: Path) -> Path:
    return root / "deskpulse.toml"


def test_a_target_is_added_and_undone(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    sent = {**hidden(client), "kpi": "first_response_time", "at_most": "4h", "channel": "email"}
    assert client.post(f"{HERE}/target", data=sent).status_code == 303
    text = file_of(own_root).read_text(encoding="utf-8")
    assert text.startswith("# Ours.\n")
    assert "at_least = 0.8  # agreed in May" in text
    added = load_settings(file_of(own_root)).kpi_targets[1]
    assert (added.kpi, added.at_most, added.where) == ("first_response_time", 14400.0, {"channel": "email"})

    page = client.get(HERE).text
    assert "Undo: target of first_response_time added" in page
    undone = {**hidden(client), "number": "1"}
    assert client.post(f"{HERE}/restore", data=undone).status_code == 303
    assert file_of(own_root).read_text(encoding="utf-8") == SETTINGS
    assert "version 1 again" in client.get(HERE).text


def test_a_changed_target_keeps_the_comment_beside_it_and_holds_at_once(own_root: Path) -> None:
    """Of the two ratings one is good: 50 % misses nothing at 0.5, with an interval on both sides."""
    client = serve(own_root)("admin")
    assert "≥ 80.0 %" in client.get("/kpis/csat?period=last-30-days").text
    sent = {**hidden(client), "position": "0", "kpi": "csat", "at_least": "50 %"}
    assert client.post(f"{HERE}/target", data=sent).status_code == 303
    assert 'at_least = "50 %"  # agreed in May' in file_of(own_root).read_text(encoding="utf-8")
    assert "≥ 50.0 %" in client.get("/kpis/csat?period=last-30-days").text


def test_a_mistake_is_told_at_its_field_with_line_and_key(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    sent = {**hidden(client), "kpi": "first_response_time", "at_most": "soon"}
    answer = client.post(f"{HERE}/target", data=sent)
    assert answer.status_code == 400
    assert re.search(
        r'name="at_most" value="soon"[^>]*aria-invalid="true"><span class="error" role="alert">', answer.text
    )
    assert "deskpulse.toml, line" in answer.text
    assert "kpi_targets[2].at_most" in answer.text
    assert file_of(own_root).read_text(encoding="utf-8") == SETTINGS
    assert [path.name for path in own_root.iterdir() if path.name.endswith(".draft")] == []


def test_an_unknown_variant_is_refused_before_it_is_written(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    sent = {**hidden(client), "kpi": "csat", "variant": "maen", "at_least": "3"}
    answer = client.post(f"{HERE}/target", data=sent)
    assert answer.status_code == 400
    assert "Did you mean &#39;mean&#39;?" in answer.text


def test_a_scorecard_is_written_changed_and_removed(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    sent = {"name": "Board", "title": "For the board", "goal": "", "kpis": "csat\nnps", "compare": ""}
    assert client.post(f"{HERE}/scorecard", data={**hidden(client), **sent}).status_code == 303
    assert load_settings(file_of(own_root)).scorecards["board"].kpis == ("csat", "nps")
    client.post(f"{HERE}/scorecard", data={**hidden(client), **sent, "kpis": "csat"})
    assert load_settings(file_of(own_root)).scorecards["board"].kpis == ("csat",)
    assert client.post(f"{HERE}/remove", data={**hidden(client), "name": "board"}).status_code == 303
    assert load_settings(file_of(own_root)).scorecards == {}


def test_a_target_is_removed(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    assert client.post(f"{HERE}/remove", data={**hidden(client), "position": "0"}).status_code == 303
    assert load_settings(file_of(own_root)).kpi_targets == ()


def test_a_change_made_meanwhile_is_not_overwritten(own_root: Path) -> None:
    client = serve(own_root)("analyst")
    old = hidden(client)
    file_of(own_root).write_text(SETTINGS + "\n# By hand.\n", encoding="utf-8")
    answer = client.post(f"{HERE}/target", data={**old, "kpi": "nps", "at_least": "0"})
    assert answer.status_code == 400
    assert "Somebody changed the settings meanwhile" in answer.text
    assert file_of(own_root).read_text(encoding="utf-8").endswith("# By hand.\n")


def test_who_may_not_edit_sees_and_does_not_change(own_root: Path) -> None:
    client = serve(own_root)("lead", team="Orders")
    page = client.get(HERE)
    assert page.status_code == 200
    assert "Add a target" not in page.text
    sent = {**hidden_of_reader(page.text), "kpi": "nps", "at_least": "0"}
    assert client.post(f"{HERE}/target", data=sent).status_code == 403


def hidden_of_reader(page: str) -> dict[str, str]:
    return {"form_secret": form_of(page), "based_on": "any"}
