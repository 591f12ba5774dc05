"""The thresholds of phone queues: what a file says, and what is said of a broken one."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskpulse.errors import SettingsError
from deskpulse.settings import load_settings
from deskpulse.settings.phones import Phones, Queue

FULL = """\
[phones]
service_level_seconds = 30

[[phones.queues]]
queue = "emergency"
service_level_seconds = 10
short_abandon_seconds = 2

[[phones.queues]]
queue = "sales"
"""


def load(folder: Path, text: str) -> Phones:
    file = folder / "deskpulse.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file).phones


def test_a_queue_takes_what_it_does_not_say_from_the_rest(tmp_path: Path) -> None:
    assert load(tmp_path, FULL) == Phones(
        service_level_seconds=30,
        short_abandon_seconds=5,
        queues=(
            Queue(queue="emergency", service_level_seconds=10, short_abandon_seconds=2),
            Queue(queue="sales", service_level_seconds=30, short_abandon_seconds=5),
        ),
    )


def test_without_the_section_it_is_twenty_and_five_seconds(tmp_path: Path) -> None:
    found = load(tmp_path, "[workspace]\n")
    assert (found.service_level_seconds, found.short_abandon_seconds, found.queues) == (20, 5, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[phones]\nservice_level = 20\n", "Did you mean 'service_level_seconds'?"),
        ("[phones]\nservice_level_seconds = 0\n", "line 2: phones.service_level_seconds"),
        ("[[phones.queues]]\nservice_level_seconds = 5\n", "'queue' is missing"),
        ('[[phones.queues]]\nqueue = "a"\n[[phones.queues]]\nqueue = "a"\n', "'a' is set twice"),
    ],
)
def test_a_mistake_is_told_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)
    assert said in str(refused.value)
