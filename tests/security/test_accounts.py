"""Getting in and staying in: links, passwords, throttling, sessions, tokens and what the audit log says of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from deskpulse import workspace
from deskpulse.errors import AccessError, SignInError, UnknownNameError
from deskpulse.store.account_file import SCHEMA
from deskpulse.workspace.accounts import Accounts

NOW = datetime(2026, 3, 2, 9)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RIGHT, WRONG = "a long enough sentence", "a long wrong sentence"
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    """An empty workspace with one admin."""
    workspace.create(tmp_path / "w")
    known = Accounts(tmp_path / "w")
    known.add("ada", "admin", NOW, password=RIGHT, by="test")
    return known


@pytest.fixture
def empty(tmp_path: Path) -> Accounts:
    """A workspace nobody has an account of."""
    workspace.create(tmp_path / "w")
    return Accounts(tmp_path / "w")


def _secrets(accounts: Accounts) -> Iterator[str]:
    with sqlite3.connect(accounts.store.path) as con:
        yield from con.iterdump()


def test_the_setup_link_makes_one_admin_once(empty: Accounts) -> None:
    secret = empty.offer_setup(NOW)
    assert empty.set_up(secret, "ada", RIGHT, NOW).role == "admin"
    with pytest.raises(SignInError, match="not good"):
        empty.set_up(secret, "eve", RIGHT, NOW)
    assert [one.name for one in empty.accounts()] == ["ada"]


def test_a_setup_link_is_good_for_a_day_and_the_newest_alone(empty: Accounts) -> None:
    first = empty.offer_setup(NOW)
    second = empty.offer_setup(NOW)
    assert empty.link(first, NOW) is None
    assert empty.link(second, NOW + DAY) is None
    assert empty.link(second, NOW + DAY - MINUTE) is not None
    with pytest.raises(SignInError):
        empty.set_up(second, "ada", RIGHT, NOW + DAY)


def test_a_setup_link_that_was_not_used_dies_with_the_first_account(empty: Accounts) -> None:
    secret = empty.offer_setup(NOW)
    empty.add("ada", "admin", NOW, password=RIGHT, by="command line")
    with pytest.raises(SignInError):
        empty.set_up(secret, "eve", RIGHT, NOW)


def test_an_invited_person_chooses_a_password_for_nobody_else(accounts: Accounts) -> None:
    accounts.add("ben", "agent", NOW, by="ada", team="Billing")
    secret = accounts.invite("ben", NOW, by="ada")
    made = accounts.set_up(secret, "ada", RIGHT, NOW)
    assert (made.name, made.role, made.team) == ("ben", "agent", "Billing")
    assert accounts.sign_in("ben", RIGHT, HERE, NOW)
    with pytest.raises(SignInError):
        accounts.set_up(secret, "ben", "another long sentence", NOW)


def test_an_invitation_lasts_a_week_and_not_beyond_disabling(accounts: Accounts) -> None:
    accounts.add("ben", "agent", NOW, by="ada")
    secret = accounts.invite("ben", NOW, by="ada")
    assert accounts.link(secret, NOW + 7 * DAY - MINUTE) is not None
    assert accounts.link(secret, NOW + 7 * DAY) is None
    accounts.disable("ben", NOW, by="ada")
    assert accounts.link(secret, NOW) is None


def test_unknown_wrong_disabled_and_throttled_are_told_the_same(accounts: Accounts) -> None:
    accounts.add("ben", "agent", NOW, password=RIGHT, by="ada")
    accounts.disable("ben", NOW, by="ada")
    said = set()
    for name, password in (("nobody", RIGHT), ("ada", WRONG), ("ben", RIGHT), ("ben", WRONG)):
        with pytest.raises(SignInError) as refused:
            accounts.sign_in(name, password, HERE, NOW)
        said.add(str(refused.value))
    assert len(said) == 1


def test_an_unknown_name_costs_a_password_check_too(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time a refusal takes must not tell whether there is an account: both are checked against a hash."""
    checked: list[str] = []
    hasher = accounts._hasher

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return bool(hasher.verify(stored, password))

        def hash(self, password: str) -> str:
            return str(hasher.hash(password))

    monkeypatch.setattr(accounts, "_hasher", Counting())
    for name in ("ada", "nobody"):
        with pytest.raises(SignInError):
            accounts.sign_in(name, WRONG, HERE, NOW)
    assert len(checked) == 2
    assert all(stored.startswith("$argon2id$") for stored in checked)


def test_ten_wrong_passwords_shut_the_name_out_from_there_for_a_quarter_of_an_hour(accounts: Accounts) -> None:
    for _ in range(10):
        with pytest.raises(SignInError):
            accounts.sign_in("ada", WRONG, HERE, NOW)
    with pytest.raises(SignInError):
        accounts.sign_in("ADA", RIGHT, HERE, NOW + 15 * MINUTE)
    assert accounts.sign_in("ada", RIGHT, THERE, NOW + 15 * MINUTE), "a stranger elsewhere must not shut ada out"
    assert accounts.sign_in("ada", RIGHT, HERE, NOW + 15 * MINUTE + timedelta(seconds=1))


def test_many_names_from_one_address_are_throttled(accounts: Accounts) -> None:
    for number in range(50):
        accounts.store.failed(f"name{number}", HERE, NOW)
    with pytest.raises(SignInError):
        accounts.sign_in("ada", RIGHT, HERE, NOW)


def test_one_name_from_many_addresses_is_throttled(accounts: Accounts) -> None:
    for number in range(100):
        accounts.store.failed("ada", f"198.51.100.{number}", NOW)
    with pytest.raises(SignInError):
        accounts.sign_in("ada", RIGHT, HERE, NOW)


def test_a_session_ends_after_twelve_hours_or_a_month(accounts: Accounts) -> None:
    short = accounts.sign_in("ada", RIGHT, HERE, NOW)
    long = accounts.sign_in("ada", RIGHT, HERE, NOW, stays=True)
    assert accounts.viewer_of_session(short, NOW + 12 * HOUR - MINUTE)
    assert accounts.viewer_of_session(short, NOW + 12 * HOUR) is None
    assert accounts.viewer_of_session(long, NOW + 30 * DAY - MINUTE)
    assert accounts.viewer_of_session(long, NOW + 30 * DAY) is None


@pytest.mark.parametrize(
    "change", [{"role": "viewer"}, {"team": "Orders"}, {"partner": "Northway"}, {"password": RIGHT}]
)
def test_what_one_may_see_changes_at_once(accounts: Accounts, change: dict[str, str]) -> None:
    accounts.add("ben", "agent", NOW, password=RIGHT, by="ada", team="Billing")
    session = accounts.sign_in("ben", RIGHT, HERE, NOW)
    accounts.change("ben", NOW, by="ada", **change)
    assert accounts.viewer_of_session(session, NOW) is None


def test_a_disabled_account_has_neither_sessions_nor_tokens(accounts: Accounts) -> None:
    ben = accounts.add("ben", "agent", NOW, password=RIGHT, by="ada")
    session, token = accounts.sign_in("ben", RIGHT, HERE, NOW), accounts.issue_token(ben, "t", ("read",), NOW)
    accounts.disable("ben", NOW, by="ada")
    assert accounts.viewer_of_session(session, NOW) is None
    assert accounts.viewer_of_token(token, NOW) is None


def test_one_session_can_be_ended_and_all_others(accounts: Accounts) -> None:
    first, second, third = (accounts.sign_in("ada", RIGHT, HERE, NOW) for _ in range(3))
    viewer = accounts.viewer_of_session(first, NOW)
    other = accounts.viewer_of_session(second, NOW)
    assert viewer and other
    accounts.end_sessions(viewer, NOW, only=other.session)
    assert [accounts.viewer_of_session(one, NOW) is not None for one in (first, second, third)] == [True, False, True]
    accounts.end_sessions(viewer, NOW)
    assert [accounts.viewer_of_session(one, NOW) is not None for one in (first, second, third)] == [True, False, False]


def test_nobody_ends_the_sessions_or_tokens_of_others(accounts: Accounts) -> None:
    ben = accounts.add("ben", "agent", NOW, password=RIGHT, by="ada")
    token = accounts.issue_token(ben, "t", ("read",), NOW)
    bens, adas = accounts.sign_in("ben", RIGHT, HERE, NOW), accounts.sign_in("ada", RIGHT, HERE, NOW)
    ada, seen = accounts.viewer_of_session(adas, NOW), accounts.viewer_of_session(bens, NOW)
    assert ada and seen
    accounts.end_sessions(ada, NOW, only=seen.session)
    accounts.revoke_token(ada, accounts.tokens(ben.id)[0].id, NOW)
    assert accounts.viewer_of_session(bens, NOW)
    assert accounts.viewer_of_token(token, NOW)


def test_a_token_ends_and_can_be_revoked(accounts: Accounts) -> None:
    ada = accounts.account("ada")
    token = accounts.issue_token(ada, "sheet", ("read",), NOW, days=30)
    viewer = accounts.viewer_of_token(token, NOW + 30 * DAY - MINUTE)
    assert viewer and viewer.scopes == ("read",)
    assert accounts.viewer_of_token(token, NOW + 30 * DAY) is None
    accounts.revoke_token(viewer, accounts.tokens(ada.id)[0].id, NOW)
    assert accounts.viewer_of_token(token, NOW) is None


def test_scopes_bound_what_a_token_may(accounts: Accounts) -> None:
    ada = accounts.account("ada")
    rights = {}
    for scope in ("read", "write", "admin"):
        viewer = accounts.viewer_of_token(accounts.issue_token(ada, scope, (scope,), NOW), NOW)
        assert viewer
        rights[scope] = (viewer.may("edit_targets"), viewer.may("send_events"), viewer.may("administer"))
    assert rights == {"read": (False,) * 3, "write": (True, True, False), "admin": (True, True, True)}


def test_a_token_is_no_way_to_more_than_the_role(accounts: Accounts) -> None:
    ben = accounts.add("ben", "analyst", NOW, by="ada")
    with pytest.raises(AccessError, match="Only an admin"):
        accounts.issue_token(ben, "t", ("admin",), NOW)
    with pytest.raises(UnknownNameError):
        accounts.issue_token(ben, "t", ("everything",), NOW)


def test_the_last_admin_stays(accounts: Accounts) -> None:
    with pytest.raises(AccessError, match="only admin"):
        accounts.disable("ada", NOW, by="ada")
    for change in ({"role": "viewer"}, {"partner": "Northway"}):
        with pytest.raises(AccessError, match="only admin"):
            accounts.change("ada", NOW, by="ada", **change)
    accounts.add("ben", "admin", NOW, by="ada")
    accounts.change("ada", NOW, by="ben", role="viewer")
    assert accounts.account("ada").role == "viewer"


@pytest.mark.parametrize(
    ("name", "role", "password", "fault"),
    [
        ("ben", "boss", RIGHT, "role"),
        (" ", "agent", RIGHT, "name"),
        ("Ada", "agent", RIGHT, "another name"),
        ("ben", "agent", "short", "12"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_reason(
    accounts: Accounts, name: str, role: str, password: str, fault: str
) -> None:
    with pytest.raises((AccessError, UnknownNameError), match=fault):
        accounts.add(name, role, NOW, password=password, by="ada")


def test_nothing_secret_lies_in_the_file(accounts: Accounts) -> None:
    session = accounts.sign_in("ada", RIGHT, HERE, NOW)
    token = accounts.issue_token(accounts.account("ada"), "t", ("read",), NOW)
    link = accounts.invite("ada", NOW, by="ada")
    kept = "\n".join(_secrets(accounts))
    assert "$argon2id$" in kept
    assert [secret for secret in (RIGHT, session, token, link) if secret in kept] == []
    assert accounts.store.path.stat().st_mode & 0o077 == 0, "nobody else on the machine may read it"


def test_the_audit_log_tells_who_did_what(accounts: Accounts) -> None:
    accounts.add("ben", "agent", NOW, by="ada", password=RIGHT)
    with pytest.raises(SignInError):
        accounts.sign_in("ben", WRONG, HERE, NOW)
    accounts.sign_in("ben", RIGHT, HERE, NOW)
    accounts.change("ben", NOW, by="ada", role="lead", password=RIGHT)
    lines = [(line.who, line.action, line.detail) for line in accounts.audit(words="ben")]
    assert lines == [
        ("ada", "account changed", "ben: role lead, password"),
        ("ben", "signed in", HERE),
        ("ben", "sign-in refused", HERE),
        ("ada", "account added", "ben as agent"),
    ]
    assert accounts.audit_length("ben") == 4


def test_a_file_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    workspace.create(tmp_path / "w")
    with sqlite3.connect(tmp_path / "w" / ".deskpulse" / "accounts.sqlite") as con:
        con.executescript(f"{SCHEMA[0]}; PRAGMA user_version = 1;")
        con.execute("INSERT INTO account (name, role, created_at) VALUES ('old', 'admin', '2026-01-01 00:00:00')")
    known = Accounts(tmp_path / "w")
    assert known.set_up(known.invite("old", NOW, by="test"), "", RIGHT, NOW).name == "old"
