"""The pages of connectors are what the declarations say; their examples are settings that load."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskpulse.connectors.api.connector import api_connectors
from deskpulse.connectors.api.listed import listings
from deskpulse.connectors.mapping import parse_mapping
from deskpulse.settings import load_settings
from tools import connector_pages

FIX = "run: make docs"
OF_SETTINGS = ("rest", "sql")
"""What these give, and to whom, is written by whoever connects them."""


def test_the_pages_are_written(repo_root: Path) -> None:
    for path, text in connector_pages.pages().items():
        assert (repo_root / path).read_text(encoding="utf-8") == text, FIX
    written = {path.relative_to(repo_root).as_posix() for path in (repo_root / connector_pages.FOLDER).glob("*.md")}
    assert written == set(connector_pages.pages()), FIX


@pytest.mark.parametrize("name", sorted(api_connectors()))
def test_a_connector_says_what_it_needs_gives_and_does_not_know(name: str) -> None:
    of = api_connectors()[name]
    assert of.title and of.gives and of.needs and of.limits
    assert set(of.gives) == set(of.maps) or name in OF_SETTINGS, "say what becomes of what"
    assert of.scopes or name == "rest", "say what its access must be allowed"
    assert of.unverified or name in OF_SETTINGS, "say what was not checked"


@pytest.mark.parametrize(("name", "key"), [("rest", "lists"), ("sql", "tables")])
def test_examples_load_and_their_mappings_are_ones(tmp_path: Path, name: str, key: str) -> None:
    path = tmp_path / "deskpulse.toml"
    path.write_text(api_connectors()[name].example)
    [source] = load_settings(path).sources
    from deskpulse.connectors.api.connector import Account

    for listing in listings(Account(source=source.name, options=source.options), key).values():
        assert parse_mapping(listing["mapping"], origin=name).shape == "ticket"
