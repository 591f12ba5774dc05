"""When something is due, by a zone's wall clock: worked by hand around the changes of Berlin's clocks in 2025.

Summer time there is from 30 March, 02:00 to 26 October, 03:00 local: +2 h within, +1 h outside of it.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from deskpulse.errors import DeskpulseError
from deskpulse.time.recurrence import parse_recurrence

BERLIN = "Europe/Berlin"


def latest(words: str, now: str) -> str:
    return f"{parse_recurrence(words).latest(datetime.fromisoformat(now), BERLIN):%Y-%m-%d %H:%M}"


def following(words: str, now: str) -> str:
    return f"{parse_recurrence(words).next(datetime.fromisoformat(now), BERLIN):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("words", "now", "before", "after"),
    [
        # 24 March (winter) 08:00 is 07:00 UTC, 31 March (summer) 06:00 UTC: 167 hours apart.
        ("monday 08:00", "2025-03-31 05:59", "2025-03-24 07:00", "2025-03-31 06:00"),
        ("monday 08:00", "2025-03-31 06:00", "2025-03-31 06:00", "2025-04-07 06:00"),
        # The clock jumps from 02:00 to 03:00 on 30 March, at 01:00 UTC: 02:30 is then.
        ("day 02:30", "2025-03-30 12:00", "2025-03-30 01:00", "2025-03-31 00:30"),
        # 02:30 comes twice on 26 October, at 00:30 and 01:30 UTC: it is due at the first.
        ("day 02:30", "2025-10-26 01:00", "2025-10-26 00:30", "2025-10-27 01:30"),
        ("weekday 07:30", "2025-05-18 12:00", "2025-05-16 05:30", "2025-05-19 05:30"),
        ("monday, thursday 08:00", "2025-05-14 12:00", "2025-05-12 06:00", "2025-05-15 06:00"),
        ("month 06:00", "2025-05-31 23:00", "2025-05-01 04:00", "2025-06-01 04:00"),
        ("quarter 00:00", "2025-03-31 21:59", "2024-12-31 23:00", "2025-03-31 22:00"),
    ],
)
def test_the_newest_and_the_next_time(words: str, now: str, before: str, after: str) -> None:
    assert (latest(words, now), following(words, now)) == (before, after)


@pytest.mark.parametrize("words", ["monday", "mondays 08:00", "08:00", "monday 24:00", "monday 08:60", "", "monthly"])
def test_what_is_not_understood_is_told_with_examples(words: str) -> None:
    with pytest.raises(DeskpulseError, match="Write 'monday 08:00'"):
        parse_recurrence(words)
