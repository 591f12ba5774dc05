"""The section [population]: margins and what is said of broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskpulse.errors import SettingsError
from deskpulse.settings import FILE_NAME, load_settings
from tests.history import History
from tests.traps.workspaces import desk, row

SETTINGS = """\
[workspace]
zone = "UTC"

[population.channel]
email = 75
chat = 25
"""


def test_margins_are_read(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(SETTINGS + "[population.topic]\n'late parcel' = 0.5\n")
    assert load_settings(tmp_path / FILE_NAME).population == {
        "channel": {"email": 75, "chat": 25},
        "topic": {"late parcel": 0.5},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[population.chanel]\nemail = 1\n", r"line 1: population.chanel: .*channel"),
        ('[population.channel]\nemail = "60"\n', "line 2: population.channel.email: expects a number above 0"),
        ("[population.channel]\nemail = 0\n", "line 2: population.channel.email: expects a number above 0"),
        ("[population]\nchannel = 3\n", "line 2: population.channel: '3' will not do"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(SettingsError, match=said):
        load_settings(tmp_path / FILE_NAME)


def test_answers_are_weighted_to_the_population(tmp_path: Path) -> None:
    """Three good ratings by chat, one bad one by e-mail; three quarters of all customers write e-mails.

    Good: 75 % of the answers, 25 % of the customers. One by phone, of which the population says nothing, has no weight.
    """
    history = History()
    for number, (channel, score) in enumerate([("chat", 5), ("chat", 5), ("chat", 4), ("email", 1), ("phone", 5)]):
        history.add("survey", survey=str(number), action="answered", at="2024-01-05 09:00", kind="csat",
                    channel=channel, score=float(score), scale_low=1.0, scale_high=5.0)  # fmt: skip
    place = desk(tmp_path, history, settings=SETTINGS)
    assert row(place, "csat").value == 0.8
    weighted = row(place, "csat:weighted")
    assert (weighted.value, weighted.n) == (pytest.approx(0.25), 4)
    assert weighted.left_out == {"without a weight": 1}
