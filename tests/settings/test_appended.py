"""A part added to the settings by a command is a version like any change, with a way back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from deskpulse.errors import SettingsError
from deskpulse.settings.sources import Source, source_lines
from deskpulse.workspace import create
from deskpulse.workspace.editing import append, current, text_of, versions

NOW = datetime(2026, 3, 2, 12)


def test_a_source_is_added_as_a_version(tmp_path: Path) -> None:
    place = create(tmp_path / "desk")
    before = current(place)
    help_desk = Source(name="help", connector="zendesk")
    lines = source_lines(help_desk, "15m", {"subdomain": 'acme "and" ö', "email": ""})
    append(place.root, lines, what="source help added", now=NOW)
    assert current(place) == before + (
        '\n[[sources]]\nname = "help"\nconnector = "zendesk"\nevery = "15m"\n'
        'options = { subdomain = "acme \\"and\\" ö" }\n'
    )
    newest, first = versions(place)
    assert (newest.who, newest.what, newest.at) == ("command line", "source help added", "2026-03-02T12:00:00Z")
    assert text_of(place, first.number) == before


def test_what_would_not_do_changes_nothing_and_names_the_file(tmp_path: Path) -> None:
    place = create(tmp_path / "desk")
    before = current(place)
    with pytest.raises(SettingsError, match=r"desk/deskpulse.toml, line \d+.*often") as refused:
        append(place.root, source_lines(Source(name="help", connector="zendesk"), "0s", {}), what="source", now=NOW)
    assert "draft" not in str(refused.value)
    assert current(place) == before
    assert [path.name for path in place.root.glob("deskpulse.toml*")] == ["deskpulse.toml"]
