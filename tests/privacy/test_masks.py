"""What is masked reaches no published file; what is not kept reaches no file at all; the figures stay."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

import deskpulse.workspace
from deskpulse.errors import SettingsError
from deskpulse.workspace import Workspace, silent
from tests.privacy.conftest import ANNA, BEN, WORDS, desk_of_two, read
from tests.traps.workspaces import by, fact, value

OTHERS_WORDS = ("My kettle leaks", "a new kettle")
NAMES = (ANNA, BEN, "Annabella Ostrowska", "Benedict Rook", "Zebulon Finch")


def settings(root: Path, lines: str) -> Workspace:
    file = root / "deskpulse.toml"
    file.write_text(f"{file.read_text()}\n[privacy]\n{lines}\n")
    place = deskpulse.workspace.open(root)
    place.rebuild(progress=silent)
    return place


def snapshots(root: Path) -> str:
    with duckdb.connect() as con:
        files = sorted((root / "snapshots").rglob("*.parquet"))
        return "\n".join(str(con.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall()) for file in files)


@pytest.fixture(scope="module")
def masked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Everything is masked."""
    root = shutil.copytree(built, tmp_path_factory.mktemp("masked") / "desk")
    return settings(root, "mask_names = true\nmask_comments = true")


def test_no_name_and_no_word_is_published(place: Workspace, masked: Workspace) -> None:
    """Agents' replies that call customers by name are words as well; older snapshots are gone."""
    before = snapshots(place.root)
    assert [text for text in (*NAMES, *OTHERS_WORDS, *WORDS.values()) if text not in before] == []
    after = snapshots(masked.root)
    assert [text for text in (*NAMES, *OTHERS_WORDS, *WORDS.values()) if text in after] == []


def test_figures_are_the_same_and_people_are_told_apart(place: Workspace, masked: Workspace) -> None:
    for kpi in ("ticket_volume", "csat", "first_response_time", "first_contact_resolution"):
        assert value(masked, kpi, period="2025-03") == value(place, kpi, period="2025-03")
    [agent] = by(masked, "first_response_time", "agent", period="2025-03")
    assert agent is not None
    assert agent.startswith("person-")
    customers = [one["customer"] for one in sorted(fact(masked, "ticket"), key=lambda one: one["ticket"])]
    assert customers[0] == customers[1] != customers[2]
    assert all(customer.startswith("desk:person-") for customer in customers)


def test_a_person_has_one_pseudonym_in_facts_and_events(masked: Workspace) -> None:
    """The customer of ticket 1 in both; the pseudonym is a keyed hash that the id alone does not give."""
    [ticket] = [one for one in fact(masked, "ticket") if one["ticket"] == "desk:1"]
    table = masked.backend.table("event_ticket")
    [opened] = table.filter(table["source_id"] == "1")["customer"].to_pyarrow().to_pylist()
    assert ticket["customer"] == f"desk:{opened}"
    with duckdb.connect() as con:
        [(plain,)] = con.execute("SELECT left(sha256(?), 12)", [ANNA]).fetchall()
    assert plain not in opened


def test_a_tickets_page_tells_the_same_agent_by_the_same_pseudonym(masked: Workspace) -> None:
    """Segments know the agent by name and events by id: 17 is Zebulon Finch in both."""
    shown = masked.prove_ticket("first_response_time", "desk:1")
    replied = {event.by for event in shown.events if event.what.startswith("agent wrote")}
    [solved_by] = {one["solve_agent"] for one in fact(masked, "ticket")}
    assert replied == {solved_by}
    asked = {event.by for event in shown.events if event.what.startswith("customer wrote")}
    assert asked.isdisjoint(replied)
    assert all(str(by).startswith("person-") for by in asked | replied)


def test_comments_alone_are_masked_where_only_they_are_to_be(place: Workspace) -> None:
    seen = settings(place.root, "mask_comments = true")
    found = snapshots(seen.root)
    assert "Zebulon Finch" in found
    assert not any(text in found for text in WORDS.values() if text != WORDS["name"])


def test_what_is_unmasked_again_comes_back(place: Workspace) -> None:
    seen = settings(place.root, "mask_names = true")
    assert "Zebulon Finch" not in snapshots(seen.root)
    file = seen.root / "deskpulse.toml"
    file.write_text(file.read_text().replace("mask_names = true", "mask_names = false"))
    seen.rebuild(progress=silent)
    assert "Zebulon Finch" in snapshots(seen.root)


def test_words_that_are_not_kept_are_in_no_file(place: Workspace) -> None:
    """Those stored before go with the next build, those read later are never stored; ratings stay."""
    seen = settings(place.root, "keep_text = false")
    read(seen, desk_of_two(), "2025-03-12")
    for file in seen.root.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            words = [text for text in (*WORDS.values(), *OTHERS_WORDS) if text != WORDS["name"]]
            assert not [text for text in words if text.encode() in held], file
    assert value(seen, "csat", period="2025-03") == 0


def test_a_setting_that_is_no_choice_is_refused(place: Workspace) -> None:
    with pytest.raises(SettingsError, match=r"privacy\.mask_names: 'yes' will not do: expects true or false"):
        settings(place.root, 'mask_names = "yes"')
