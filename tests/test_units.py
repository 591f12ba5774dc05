"""How lengths of time, shares and counts are read and written."""

from __future__ import annotations

import pytest

from deskpulse.errors import DeskpulseError
from deskpulse.units import (
    format_count,
    format_duration,
    format_net,
    format_number,
    format_points,
    format_share,
    parse_duration,
)

THIN = "\u202f"
MINUS = "\u2212"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4h", 14_400),
        ("1h 30m", 5_400),
        ("1h30m", 5_400),
        ("90s", 90),
        ("2d", 172_800),
        ("15 min", 900),
        ("1 week", 604_800),
        ("1.5 hours", 5_400),
        ("0.1h", 360),
        (" 1 D 2 H ", 93_600),
        ("0s", 0),
    ],
)
def test_a_length_of_time_is_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "h", "4x", "four hours", "-4h", "4h,30m", "1:30", "4h 30"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(DeskpulseError, match=r"is not a length of time. Write '4h'"):
        parse_duration(text)


def test_a_fraction_of_a_second_is_refused() -> None:
    with pytest.raises(DeskpulseError, match="not a whole number of seconds"):
        parse_duration("0.5s")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (59.4, "59 s"),
        (59.6, "1m"),
        (310, "5m 10s"),
        (3_599.6, "1h"),
        (5_040, "1h 24m"),
        (5_069, "1h 24m"),
        (5_071, "1h 25m"),
        (86_370, "1d"),
        (273_600, "3d 4h"),
        (275_399, "3d 4h"),
        (100_000_000, f"1{THIN}157d 10h"),
        (-5_040, f"{MINUS}1h 24m"),
        (-0.2, "0 s"),
    ],
)
def test_a_length_of_time_is_written_in_its_two_largest_units(seconds: float, text: str) -> None:
    """1,157 d 9 h 46 m 40 s are 100,000,000 s: to the hour, 1,157 d 10 h."""
    assert format_duration(seconds) == text


def test_shares_and_their_differences() -> None:
    assert format_share(0.8617) == "86.2 %"
    assert format_share(1) == "100.0 %"
    assert format_points(0.021) == "+2.1 points"
    assert format_points(-0.021) == f"{MINUS}2.1 points"
    assert format_points(-0.0001) == "0.0 points"


def test_a_net_share_is_signed() -> None:
    assert [format_net(net) for net in (0.42, -0.07, 0, -0.004)] == ["+42", f"{MINUS}7", "0", "0"]


def test_counts_are_grouped() -> None:
    assert format_count(999) == "999"
    assert format_count(1_234_567) == f"1{THIN}234{THIN}567"
    assert format_count(1_234.56) == f"1{THIN}234.6"


def test_other_numbers_have_fixed_decimals() -> None:
    assert format_number(3.738) == "3.74"
    assert format_number(-12_345.6, 1) == f"{MINUS}12{THIN}345.6"
