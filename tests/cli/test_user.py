"""``deskpulse user``: accounts from the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskpulse.workspace import create
from deskpulse.workspace.accounts import Accounts
from tests.cli.conftest import Invoke


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return create(tmp_path / "ws").root


def test_an_account_is_added_with_a_link_that_lets_in(invoke: Invoke, place: Path) -> None:
    added = invoke("user", "add", "kim@desk.example", "--role", "lead", "--team", "Billing", "-w", place)
    assert added.exit_code == 0, added.output
    link = added.stdout.strip()
    now = datetime.now(UTC).replace(tzinfo=None)
    made = Accounts(place).set_up(link.removeprefix("/set-up?token="), "", "a long enough sentence", now)
    assert (made.name, made.role, made.team) == ("kim@desk.example", "lead", "Billing")
    listed = invoke("user", "list", "-w", place).stdout
    assert "kim@desk.example" in listed and "Billing" in listed and "invited" not in listed


def test_a_token_is_printed_alone_so_that_it_can_be_piped(invoke: Invoke, place: Path) -> None:
    invoke("user", "add", "kim", "-w", place)
    printed = invoke("user", "token", "kim", "--for", "sheet", "--days", "30", "-w", place)
    viewer = Accounts(place).viewer_of_token(printed.stdout.strip(), datetime.now(UTC).replace(tzinfo=None))
    assert viewer and (viewer.name, viewer.scopes) == ("kim (sheet)", ("read",))


def test_an_account_is_changed_disabled_and_enabled(invoke: Invoke, place: Path) -> None:
    invoke("user", "add", "kim", "--role", "agent", "--team", "Billing", "-w", place)
    assert invoke("user", "change", "kim", "--role", "lead", "--team", "", "-w", place).exit_code == 0
    account = Accounts(place).account("kim")
    assert (account.role, account.team) == ("lead", None)
    assert invoke("user", "disable", "kim", "-w", place).exit_code == 0
    assert Accounts(place).account("kim").disabled_at
    assert invoke("user", "enable", "kim", "-w", place).exit_code == 0
    assert Accounts(place).account("kim").disabled_at is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "kim"), "There is an account called 'kim'"),
        (("add", "ben", "--role", "boss"), "No role is called 'boss'"),
        (("token", "kin"), "Did you mean 'kim'?"),
        (("token", "kim", "--scope", "admin"), "Only an admin's token"),
    ],
)
def test_a_mistake_is_told_with_what_to_type(invoke: Invoke, place: Path, words: tuple[str, ...], said: str) -> None:
    invoke("user", "add", "kim", "-w", place)
    result = invoke("user", *words, "-w", place)
    assert result.exit_code == 1
    assert said in result.stderr
