"""Scheduled reports and the mail server in the settings: what they mean, and that no secret gets into the file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deskpulse.errors import SettingsError
from deskpulse.settings import Settings, load_settings

FULL = """\
[mail]
host = "mail.example.com"
encryption = "tls"
from = "Support <kpi@example.com>"
user = "kpi"
address = "https://desk.example.com/"

[[reports]]
name = "weekly"
scorecard = "saas"
period = "last-week"
formats = ["pdf", "xlsx"]
every = "monday 08:00"
zone = "Europe/London"
where = ["partner=Acme"]
language = "de"
to = ["lead@example.com", "$CHAT_URL"]
"""


def load(folder: Path, text: str) -> Settings:
    file = folder / "deskpulse.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def test_every_key_has_its_meaning(tmp_path: Path) -> None:
    settings = load(tmp_path, FULL)
    (report,) = settings.reports
    assert (report.scorecard, report.period, report.formats) == ("saas", "last-week", ("pdf", "xlsx"))
    assert (report.zone, report.where, report.to) == (
        "Europe/London",
        ("partner=Acme",),
        ("lead@example.com", "$CHAT_URL"),
    )
    assert report.every.weekdays == {0}
    assert report.language == "de"
    # 465 is the port of mail under TLS from the start (RFC 8314).
    assert (settings.mail.port, settings.mail.address) == (465, "https://desk.example.com")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"$CHAT_URL"', '"slack://token-a/token-b/token-c"'), "line 17.*secrets in it"),
        (('"lead@example.com"', '"lead"'), "'lead' will not do"),
        (('every = "monday 08:00"', 'every = "mondays"'), "line 13.*no time that recurs"),
        (('"pdf", "xlsx"', '"doc"'), "line 12.*'doc' is no format"),
        (('language = "de"', 'language = "dee"'), "line 16.*Did you mean 'de'"),
        (('zone = "Europe/London"', 'zone = "Europe/Londn"'), "Did you mean 'Europe/London'"),
        (('name = "weekly"\n', ""), "'name' is missing"),
        (('name = "weekly"', 'name = "../../weekly"'), r"line 9.*'\.\./\.\./weekly' will not do: use small letters"),
        (('"https://desk.example.com/"', '"desk"'), "Write https://"),
        (('encryption = "tls"', 'password = "secret"'), "No setting here is called 'password'"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load(tmp_path, FULL.replace(*change))


def test_two_reports_have_two_names(tmp_path: Path) -> None:
    again = FULL[FULL.index("[[reports]]") :]
    with pytest.raises(SettingsError, match="'weekly' is taken"):
        load(tmp_path, FULL + again)


def test_the_example_of_the_documentation_is_understood(tmp_path: Path, repo_root: Path) -> None:
    page = (repo_root / "docs/reports.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (report,) = load(tmp_path, example).reports
    assert (report.name, report.formats, report.every.weekdays) == ("weekly", ("pdf", "xlsx"), {0})
