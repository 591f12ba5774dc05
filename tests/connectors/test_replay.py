"""Kept pages are read again by a better mapping."""

from __future__ import annotations

from pathlib import Path

import pytest
from connectors.fakes.run import NOW, stored
from connectors.fakes.seeded import seeded

from deskpulse.connectors import zendesk_events
from deskpulse.connectors.secrets import variable
from deskpulse.workspace.syncing import replay_source, sync_source


def test_a_better_mapping_takes_effect_when_pages_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable("desk", "token"), "s3cret")
    account = seeded("zendesk")
    with account.serving(tmp_path) as known:
        place = account.workspace(tmp_path / "desk", known)
        sync_source(place, "desk", now=NOW)
    solved = sum(row["new"] == "solved" for row in stored(place.root, "change"))
    monkeypatch.setattr(zendesk_events, "STATUSES", {"solved": "closed"})
    assert replay_source(place, "desk", now=NOW).changed["change"] >= solved
    assert not any("solved" in (row["new"], row["old"]) for row in stored(place.root, "change"))
