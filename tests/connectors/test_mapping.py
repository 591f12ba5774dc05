"""A mapping that is wrong says where and what to write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from deskpulse.connectors.connector import preset, presets
from deskpulse.connectors.mapped import mapped, preset_files
from deskpulse.connectors.mapping import load_mapping, parse_mapping
from deskpulse.errors import InputError, UnknownNameError

GOOD = 'shape = "ticket"\n[columns]\nid = "ticket"\nopened = "created_at"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shape = ", "is not TOML"),
        ("[columns]\nid = 'ticket'", "shape is None: write one of ticket, event"),
        ('shape = "ticket"', "maps no column"),
        (GOOD + 'kind = "typ"', "no meaning 'typ'. Did you mean 'type'?"),
        (GOOD + 'when = { meaning = "solved_at", formt = "iso" }', "unknown key 'formt'. Did you mean 'format'?"),
        (GOOD + 'when = { meaning = "solved_at", format = "dd/mm" }', "format 'dd/mm' is none of iso"),
        (GOOD + 'when = { meaning = "solved_at", zone = "Europe/Rom" }', "Write one like 'Europe/Rome'"),
        (GOOD + 'when = { meaning = "solved_at", type = "text" }', "is of type 'instant', not 'text'"),
        (GOOD + 'state = { meaning = "status", values = { Done = "finished" } }', "'finished' is no status"),
        (GOOD + 'stars = "rating"', "needs a scale"),
        (GOOD + 'stars = { meaning = "rating", scale = [5, 1] }', "the lowest and the highest"),
        (GOOD + 'again = "ticket"', "both mean 'ticket'"),
        ('shape = "ticket"\n[columns]\nid = "ticket"', "no column means 'created_at'"),
        ('shape = "event"\n[columns]\nid = "ticket"\nat = "at"\nact = "activity"', r"\[activities\]"),
        ('shape = "event"\n[columns]\nid = "ticket"\nat = "at"\nwhat = "field"', "needs a column that means 'new'"),
    ],
)
def test_each_mistake_names_the_mapping_and_the_remedy(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        parse_mapping(text, origin="my.toml")
    assert "my.toml" in str(caught.value)


def test_a_column_the_file_lacks_is_named_with_the_nearest_it_has(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("id,opened at\n1,2024-01-01\n")
    (tmp_path / "map.toml").write_text(GOOD)
    with pytest.raises(InputError, match="has no column 'opened'") as caught:
        list(
            mapped(tmp_path / "map.toml").read(
                [str(tmp_path / "export.csv")], source="s", observed_at=datetime(2024, 1, 2)
            )
        )
    assert "The nearest is 'opened at'" in str(caught.value)
    assert "export.csv" in str(caught.value)
    assert "map.toml" in str(caught.value)


def test_a_missing_mapping_is_an_error_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_mapping(tmp_path / "absent.toml")


def test_presets_are_the_modules_with_a_connector() -> None:
    assert set(presets()) >= {"servicenow", "italian_helpdesk", "zendesk_warehouse"}
    assert preset("servicenow") is presets()["servicenow"]
    with pytest.raises(UnknownNameError, match="Did you mean 'servicenow'"):
        preset("servicnow")
    with pytest.raises(UnknownNameError):
        preset("delimited")  # a module of the package that is no connector


def test_headers_are_found_whatever_their_case(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("ID,Opened\n1,2024-01-01\n")
    items = list(
        preset_files("t", "t", GOOD).read([str(tmp_path / "export.csv")], source="s", observed_at=datetime(2024, 1, 2))
    )
    assert items[0].rows["source_id"].to_pylist() == ["1"]  # type: ignore[union-attr]
