"""``deskpulse erase`` asks first, says what it did, and waits for readers; a server lets go by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from deskpulse.store.snapshot import is_held, open_snapshot
from deskpulse.surfaces.cli import erase
from deskpulse.surfaces.cli.main import app
from deskpulse.workspace import Workspace
from deskpulse.workspace.current import LOOKS_KEPT, Current
from tests.privacy.conftest import ANNA
from tests.privacy.test_erase import left_of_anna

Run = Callable[..., Result]


@pytest.fixture
def run(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``deskpulse erase`` with words, on the workspace; it waits for readers twice and not long."""
    monkeypatch.setattr(erase, "TRIES", 2)
    monkeypatch.setattr(erase, "BETWEEN_SECONDS", 0.01)
    return lambda *words, **options: CliRunner().invoke(app, ["erase", *words, "-w", str(place.root)], **options)


def test_nothing_is_erased_without_a_yes(run: Run, place: Workspace) -> None:
    refused = run("--customer", f"desk:{ANNA}", input="n\n")
    assert refused.exit_code == 130
    assert ANNA in left_of_anna(place)


def test_it_says_what_it_did(run: Run, place: Workspace) -> None:
    """Anna's rows by hand: customer, segment, 2 tickets, 3 messages, 2 of the survey, a call, a review: 11."""
    done = run("--customer", f"desk:{ANNA}", "--yes")
    assert done.exit_code == 0
    assert done.stdout.startswith("Erased: 11 rows changed, 2 tickets now of erased-")
    assert left_of_anna(place) == []


def test_mistakes_are_the_users(run: Run) -> None:
    for words, said in ((("--customer", "anna"), "write it as source:id"), ((), "--customer")):
        wrong = run(*words, "--yes")
        assert wrong.exit_code == 1
        assert said in wrong.stderr


def test_a_snapshot_that_stays_open_is_named(run: Run, place: Workspace) -> None:
    with open_snapshot(place.root) as reader:
        done = run("--customer", f"desk:{ANNA}", "--yes")
        assert f"still open by a reader: {reader.version}." in done.stderr


def test_a_server_lets_go_of_the_version_before(place: Workspace) -> None:
    """It looks again and again: the old version is held while requests may run, and not for long."""
    current = Current(place.root)
    old = place.snapshot.layout.manifest(current.version)
    place.rebuild(full=True, progress=lambda step: None)
    assert current.look()
    assert is_held(old)
    for _ in range(LOOKS_KEPT):
        current.look()
    assert not is_held(old)
