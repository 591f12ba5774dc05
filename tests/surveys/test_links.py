"""Links: who can make one, how long they are good, and that nobody is asked too often."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import stat
from datetime import datetime, timedelta

import pytest

from deskpulse.errors import (
    InputError,
    MissingError,
    NotAskedError,
    SettingsError,
    SignInError,
    UnknownNameError,
    WorkspaceError,
)
from deskpulse.settings.survey_words import OF_KIND, OF_PAGE, WORDS, usual_words
from deskpulse.settings.surveys import SCALES
from deskpulse.workspace import Workspace, editing
from deskpulse.workspace.surveys import Surveys
from tests.surveys.conftest import NOW

ONE_DAY = timedelta(days=1)


def token(surveys: Surveys, ticket: str = "desk:1", now: datetime = NOW) -> str:
    return surveys.invite("after-solve", ticket=ticket, customer=f"desk:c{ticket[-1]}", now=now).token


def test_a_link_is_signed_with_hmac_sha256_by_a_key_only_the_owner_reads(surveys: Surveys) -> None:
    """The signature is worked out here by hand from the key's file: RFC 2104 over the part before the last dot."""
    made = token(surveys)
    file = surveys.root / ".deskpulse/survey.key"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    signed, _, signature = made.rpartition(".")
    expected = hmac.new(bytes.fromhex(file.read_text()), signed.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == expected
    assert "survey.key" not in (surveys.root / "deskpulse.toml").read_text()


def test_a_link_says_nothing_about_who_is_asked(surveys: Surveys) -> None:
    made = surveys.invite("after-solve", ticket="desk:1", customer="desk:anna@example.com", now=NOW)
    assert "anna" not in made.url
    assert re.fullmatch(r"http://127\.0\.0\.1:8400/s/[\w.-]+", made.url)


def test_a_link_opens_its_survey_until_it_ends(surveys: Surveys) -> None:
    """Seven days by the settings: open a second before they are over, closed when they are."""
    made = token(surveys)
    assert surveys.open(made, NOW + 7 * ONE_DAY - timedelta(seconds=1)).survey.name == "after-solve"
    with pytest.raises(MissingError, match="has ended"):
        surveys.open(made, NOW + 7 * ONE_DAY)


@pytest.mark.parametrize(
    "forge",
    [
        lambda made: made[:-1] + ("A" if made[-1] != "A" else "E"),
        lambda made: "x" + made[1:],
        lambda made: re.sub(r"\.[0-9a-f]+\.", ".ffffffff.", made),
        lambda made: made.rpartition(".")[0],
        lambda made: made.rpartition(".")[0] + ".",
        lambda made: "",
        lambda made: "..",
        lambda made: "ä.ö.ü",
    ],
)
def test_a_forged_link_is_refused(surveys: Surveys, forge: object) -> None:
    made = token(surveys)
    with pytest.raises(SignInError, match="not complete or not ours"):
        surveys.open(forge(made), NOW)  # type: ignore[operator]


def test_signatures_are_compared_in_constant_time(surveys: Surveys, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is ``hmac.compare_digest``: one that says yes to all lets a forged link in."""
    made = token(surveys)
    monkeypatch.setattr("deskpulse.workspace.surveys.hmac.compare_digest", lambda one, other: True)
    assert surveys.open(made[:-2] + "xx", NOW).invitation.ticket == "1"


def test_a_key_of_the_environment_goes_before_the_file(surveys: Surveys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKPULSE_SURVEY_KEY", "ab" * 32)
    made = token(surveys)
    assert not (surveys.root / ".deskpulse/survey.key").exists()
    monkeypatch.setenv("DESKPULSE_SURVEY_KEY", "cd" * 32)
    with pytest.raises(SignInError):
        Surveys(surveys.root).open(made, NOW)
    monkeypatch.setenv("DESKPULSE_SURVEY_KEY", "short")
    with pytest.raises(WorkspaceError, match="64 hexadecimal digits"):
        Surveys(surveys.root).open(made, NOW)


def test_nobody_is_asked_twice_within_the_days_of_the_survey(surveys: Surveys) -> None:
    """Asked on 10 March 12:00, 14 days: refused until 24 March 12:00, also by the survey of another question."""
    token(surveys)
    with pytest.raises(NotAskedError, match=r"asked on 2025-03-10 12:00 .* from 2025-03-24 12:00"):
        token(surveys, now=NOW + 14 * ONE_DAY - timedelta(seconds=1))
    with pytest.raises(NotAskedError, match=r"within 30 days: ask from 2025-04-09"):
        surveys.invite("loyalty", customer="desk:c1", now=NOW + ONE_DAY)
    token(surveys, "desk:2", now=NOW + ONE_DAY)
    token(surveys, now=NOW + 14 * ONE_DAY)


def test_the_customer_is_the_tickets_where_it_is_not_said(place: Workspace, surveys: Surveys) -> None:
    surveys.invite("after-solve", ticket="desk:1", now=NOW, place=place)
    with pytest.raises(NotAskedError, match="desk:c1 was asked"):
        surveys.invite("after-solve", customer="desk:c1", now=NOW + ONE_DAY, place=place)


@pytest.mark.parametrize(
    ("whom", "words"),
    [
        ({}, "Say whom to ask"),
        ({"ticket": "17"}, "write it as source:id"),
        ({"ticket": ":17"}, "write it as source:id"),
        ({"ticket": "desk:1", "customer": "shop:9"}, "is about one source"),
    ],
)
def test_ids_that_are_none_are_refused(surveys: Surveys, whom: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        surveys.invite("after-solve", now=NOW, **whom)  # type: ignore[arg-type]


def test_a_survey_that_was_added_can_be_taken_back(surveys: Surveys, place: Workspace) -> None:
    """As any change of the settings: the text before it is kept as a version, and can be restored."""
    before = editing.current(place)
    surveys.create("fresh", "ces2", now=NOW)
    assert [(one.who, one.what) for one in editing.versions(place)] == [
        ("command line", "survey fresh added"),
        ("", editing.BY_HAND),
    ]
    editing.restore(place, 1, based_on=editing.digest(editing.current(place)), now=NOW)
    assert editing.current(place) == before
    assert "fresh" not in surveys.settings.surveys


def test_a_survey_is_declared_in_the_settings(surveys: Surveys) -> None:
    made = surveys.create("fresh", "ces2", now=NOW, throttle_days=3)
    assert (made.low, made.high, made.throttle_days) == (1, 7, 3)
    assert made.question == "The company made it easy for me to handle my issue."
    before = (surveys.root / "deskpulse.toml").read_text()
    with pytest.raises(WorkspaceError, match="There is a survey called 'fresh'"):
        surveys.create("fresh", "csat", now=NOW)
    with pytest.raises(SettingsError, match="Did you mean 'nps'"):
        surveys.create("other", "nsp", now=NOW)
    with pytest.raises(SettingsError, match="small letters"):
        surveys.create("Bad_Name", "csat", now=NOW)
    assert (surveys.root / "deskpulse.toml").read_text() == before
    with pytest.raises(UnknownNameError, match="Did you mean 'loyalty'"):
        surveys.survey("loyalti")


def test_a_survey_speaks_the_language_it_is_set_to(surveys: Surveys) -> None:
    made = surveys.create("zufrieden", "csat", now=NOW, language="de")
    assert (made.question[:15], made.send, made.highest) == ("Wie zufrieden s", "Senden", "Sehr zufrieden")
    with pytest.raises(SettingsError, match="write question, lowest, highest, comment, send, thanks, change in it too"):
        surveys.create("content", "csat", now=NOW, language="fr", question=None)


def test_every_language_has_every_word() -> None:
    keys = {language: sorted(words) for language, words in WORDS.items()}
    assert keys["de"] == keys["en"]
    for kind in SCALES:
        assert set(usual_words(kind, "de")) == {*OF_KIND, *OF_PAGE}
